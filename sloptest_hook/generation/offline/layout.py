"""Statements laid out as black does at 88 columns.

Whatever must be split is split at its outermost bracket, one piece a line, with a magic trailing
comma: black and ruff leave such code as it is.
"""

import ast
import re
import textwrap
import unicodedata
from collections.abc import Iterable, Iterator

from sloptest_hook.generation.offline.fragments import (
    one_line,
    parse_expression,
    parse_statements,
    quoted,
)
from sloptest_hook.values.records import dataclass

LINE_LENGTH = 88
# ast.unparse puts an empty line above every decorator.
_AFTER_HEADER = re.compile(r"^(class .*:\n)\n", re.MULTILINE)
_INDENT = 4
_LEAST_PIECE = 20  # columns; a string is not cut into shreds, however deep it stands


def laid_out(prefix: str, source: str, suffix: str = "", *, indent: int = 0) -> list[str]:
    """Return the lines of ``prefix`` + expression + ``suffix``, split when they are too long."""
    node = parse_expression(source)
    return (
        [" " * indent + prefix + source + suffix]
        if node is None
        else _lines(prefix, node, suffix, indent)
    )


def statement_lines(source: str, *, indent: int = 0) -> list[str]:
    """Return the lines of one statement of any kind."""
    parsed = parse_statements(source)
    match parsed:
        case (ast.Expr(value=value),):
            return _lines("", value, "", indent)
        case (ast.Assign(targets=[ast.Name(id=name)], value=value),):
            return _lines(f"{name} = ", value, "", indent)
        case None:
            return textwrap.indent(source, " " * indent).splitlines()
        case _:
            text = "\n".join(one_line(statement) for statement in parsed)
            text = _AFTER_HEADER.sub(r"\1", text)
            return textwrap.indent(text, " " * indent).splitlines()


def fits(text: str, *, indent: int = 0) -> bool:
    return "\n" not in text and indent + width(text) <= LINE_LENGTH


def width(text: str) -> int:
    """Return the columns that text takes: a wide character takes two, a combining one none."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _lines(prefix: str, node: ast.expr, suffix: str, indent: int) -> list[str]:
    whole = prefix + one_line(node) + suffix
    if fits(whole, indent=indent):
        return [" " * indent + whole]
    if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
        return _string(prefix, node.value, suffix, indent)
    split = _split(node)
    if split is None:
        return [" " * indent + whole]
    return _bracketed(prefix + split.opening, split.pieces, split.closing + suffix, indent)


@dataclass(frozen=True, slots=True)
class _Split:
    """An expression at its outermost bracket; a piece is what stands before it, and the node."""

    opening: str
    pieces: tuple[tuple[str, ast.expr], ...]
    closing: str


def _split(node: ast.expr) -> _Split | None:
    """Return the pieces, or None where there is no bracket or nothing in it."""
    match node:
        case ast.List(elts=[_, *_] as elements):
            return _Split("[", tuple(_elements(elements)), "]")
        case ast.Set(elts=elements):
            return _Split("{", tuple(_elements(elements)), "}")
        case ast.Tuple(elts=[_, *_] as elements):
            return _Split("(", tuple(_elements(elements)), ")")
        case ast.Dict(values=[_, *_]):
            return _Split("{", tuple(_pairs(node)), "}")
        case ast.Call() if _is_splittable(node):
            return _Split(f"{one_line(node.func)}(", tuple(_arguments(node)), ")")
        case _:
            return None


def _bracketed(
    head: str, items: Iterable[tuple[str, ast.expr]], tail: str, indent: int
) -> list[str]:
    lines = [" " * indent + head]
    for prefix, node in items:
        lines += _lines(prefix, node, ",", indent + _INDENT)
    return [*lines, " " * indent + tail]


def _elements(nodes: Iterable[ast.expr]) -> Iterator[tuple[str, ast.expr]]:
    for node in nodes:
        yield ("*", node.value) if isinstance(node, ast.Starred) else ("", node)


def _pairs(node: ast.Dict) -> Iterator[tuple[str, ast.expr]]:
    for key, value in zip(node.keys, node.values, strict=True):
        yield ("**" if key is None else f"{one_line(key)}: ", value)


def _is_splittable(node: ast.Call) -> bool:
    """Say whether the call has arguments; a lone generator takes no comma after it."""
    lone = len(node.args) == 1 and not node.keywords
    return bool(node.args or node.keywords) and not (
        lone and isinstance(node.args[0], ast.GeneratorExp)
    )


def _arguments(node: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    yield from _elements(node.args)
    for keyword in node.keywords:
        yield ("**" if keyword.arg is None else f"{keyword.arg}=", keyword.value)


def _string(prefix: str, text: str | bytes, suffix: str, indent: int) -> list[str]:
    """Lay a long string out in parentheses.

    ruff joins the pieces of a string that fits on one line; otherwise it is a line of text a
    line, broken between words.
    """
    room = max(_LEAST_PIECE, LINE_LENGTH - indent - _INDENT)
    pieces = [quoted(text)]
    if width(pieces[0]) > room:
        pieces = _pieces_of_bytes(text, room) if isinstance(text, bytes) else _lines_of(text, room)
    elif not prefix:
        return [" " * indent + pieces[0] + suffix]
    inner = [" " * (indent + _INDENT) + piece for piece in pieces]
    return [" " * indent + prefix + "(", *inner, " " * indent + ")" + suffix]


def _pieces_of_bytes(data: bytes, room: int) -> list[str]:
    """Return pieces of as many bytes as fit when all of them are escaped."""
    count = (room - len('b""')) // len(r"\x00")
    return [quoted(data[start : start + count]) for start in range(0, len(data), count)]


def _lines_of(text: str, room: int) -> list[str]:
    lines = text.splitlines(keepends=True)
    return [quoted(piece) for line in lines for piece in _pieces(line, room)]


def _pieces(text: str, room: int) -> Iterator[str]:
    piece = ""
    for word in re.findall(r"\S*\s+|\S+", text):
        if piece and width(quoted(piece + word)) > room:
            yield piece
            piece = ""
        piece += word
        while width(quoted(piece)) > room:
            cut = _cut(piece, room)
            yield piece[:cut]
            piece = piece[cut:]
    if piece:
        yield piece


def _cut(text: str, room: int) -> int:
    """Return how much of a word without a break fits."""
    cut = min(len(text) - 1, room - 2)
    while cut > 1 and width(quoted(text[:cut])) > room:
        cut -= 1
    return cut
