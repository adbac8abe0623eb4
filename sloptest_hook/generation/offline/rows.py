"""Ids for those rows of a parametrised test whose values do not speak for themselves."""

import ast
import re
from collections.abc import Iterator, Sequence

from sloptest_hook.generation.offline.fragments import parse_expression
from sloptest_hook.generation.offline.shapes import shape_of

_READABLE = re.compile(r"[!-~]([ -~]{0,38}[!-~])?")
_LONGEST_ID = 40


def row_ids(names: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return an id for each row, empty where pytest's own reads well or none comes to mind.

    ``names`` are the columns' names, ``rows`` the sources of the arguments that vary.
    """
    wishes = [[] if all(map(_speaks, row)) else list(_wishes(names, row)) for row in rows]
    chosen: list[str] = []
    for position, wish in enumerate(wishes):
        rest = wishes[:position] + wishes[position + 1 :]
        others = {text for other in rest for text in other[:1]}
        free = [text for text in wish if text not in chosen and len(text) <= _LONGEST_ID]
        own = [text for text in free if text not in others]
        chosen.append(next(iter([*own, *free]), ""))
    return tuple(chosen)


def _speaks(source: str) -> bool:
    """Say whether pytest's id for the value is the value, legibly."""
    match parse_expression(source):
        case ast.Constant(value=str() as text):
            return _READABLE.fullmatch(text) is not None
        case ast.Constant(value=bytes()):
            return False
        case ast.Constant() | ast.UnaryOp(op=ast.USub(), operand=ast.Constant()):
            return True
        case _:
            return False


def _wishes(names: Sequence[str], row: Sequence[str]) -> Iterator[str]:
    cells = list(zip(names, row, strict=True))
    lone = len(cells) == 1
    notable = [text for name, cell in cells for text in _notable(name, cell, lone=lone)]
    yield from notable
    if len(notable) > 1:
        yield " and ".join(notable)
    plain = [text for name, cell in cells for text in _plain(name, cell, lone=lone)]
    yield from plain
    if len(plain) > 1:
        yield " and ".join(plain)


def _notable(name: str, source: str, *, lone: bool) -> Iterator[str]:
    shape = shape_of(source)
    if shape is not None and shape.notable:
        spoken = name.replace("_", " ")
        yield shape.phrase if lone or not shape.adjective else f"{shape.adjective} {spoken}"


def _plain(name: str, source: str, *, lone: bool) -> Iterator[str]:
    """Yield the value itself where it is short, else its shape."""
    shape = shape_of(source)
    spoken = "" if lone else f"{name.replace('_', ' ')} "
    match parse_expression(source):
        case ast.Constant(value=str() as text) if _READABLE.fullmatch(text):
            yield text if lone else f"{spoken}{text}"
        case ast.Constant(value=int() | float() | None as value):
            yield f"{spoken}{value}"
        case _ if shape is not None and not shape.notable:
            yield f"{spoken}{shape.phrase}"
    if len(source) <= _LONGEST_ID and source.isascii() and source.isprintable():
        yield f"{spoken}{source}"
