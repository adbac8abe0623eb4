"""Fragments of Python source: parsed, put on one line in black's style, renamed.

Everything the search saw travels as source text. Text that went through ``normal_expression`` or
``normal_statement`` is equal when it means the same, so that cases can be compared as text.
"""

import ast
import copy
import io
import re
import tokenize
from collections.abc import Mapping
from functools import lru_cache

_POWER = re.compile(r"(?<![\w)\].])(-?[\w.]+) \*\* (-?[\w.]+)(?![\w(\[.])")
_EXPONENT = re.compile(r"(?<=\d)e\+(?=\d)")
_TOO_DEEP = (SyntaxError, ValueError, RecursionError, MemoryError)


@lru_cache(maxsize=4096)
def parse_expression(source: str) -> ast.expr | None:
    """Return the expression, shared between callers and not to be changed, or None."""
    try:
        return ast.parse(source.strip(), mode="eval").body
    except _TOO_DEEP:
        return None


@lru_cache(maxsize=4096)
def parse_statements(source: str) -> tuple[ast.stmt, ...] | None:
    """Return the statements, shared between callers and not to be changed, or None."""
    try:
        return tuple(ast.parse(source).body)
    except _TOO_DEEP:
        return None


def normal_expression(source: str) -> str:
    """Return the expression as black would write it, or the source itself when it is none."""
    node = parse_expression(source)
    return source if node is None else one_line(node)


def normal_statement(source: str) -> str:
    """Return the statement as black would write it, or the source itself when it is none."""
    parsed = parse_statements(source)
    return source if parsed is None else "\n".join(one_line(statement) for statement in parsed)


def one_line(node: ast.AST) -> str:
    """Return black's spelling of a node: double quotes, ``2**3``.

    Only an f-string with a line break and a compound statement take more than one line.
    """
    return _requoted(ast.unparse(node))


def quoted(value: str | bytes) -> str:
    """Return the literal in double quotes, or in single ones when that saves escapes.

    >>> print(quoted('say "hi"'))
    'say "hi"'
    """
    prefix, body = ("b", repr(value)[2:-1]) if isinstance(value, bytes) else ("", repr(value)[1:-1])
    double, single = (b'"', b"'") if isinstance(value, bytes) else ('"', "'")
    # repr escapes only the quote it uses itself; the unescaped body is the same either way.
    body = re.sub(r"\\(\\|')", lambda found: found[0] if found[1] == "\\" else "'", body)
    wanted = '"' if value.count(double) <= value.count(single) else "'"  # type: ignore[arg-type]
    body = re.sub(rf"\\\\|{wanted}", lambda found: found[0].replace(wanted, f"\\{wanted}"), body)
    return f"{prefix}{wanted}{body}{wanted}"


def substituted(source: str, replacements: Mapping[str, str]) -> str:
    """Return statements or an expression with names replaced by expressions.

    A bound name is replaced only by another name.
    """
    parsed = parse_statements(source)
    if parsed is None or not any(name in source for name in replacements):
        return source
    tree = ast.Module(list(copy.deepcopy(parsed)), [])
    return one_line(_Substitution(replacements).visit(tree))


class _Substitution(ast.NodeTransformer):
    def __init__(self, replacements: Mapping[str, str]) -> None:
        self.replacements = replacements

    def visit_Name(self, node: ast.Name) -> ast.expr:
        replacement = parse_expression(self.replacements.get(node.id, node.id))
        if isinstance(replacement, ast.Name):
            return ast.Name(replacement.id, node.ctx)
        if replacement is None or not isinstance(node.ctx, ast.Load):
            return node
        return replacement


def _tidied(code: str) -> str:
    """Return code without strings in it as black spells its operators and numbers."""
    return _POWER.sub(r"\1**\2", _EXPONENT.sub("e", code))


def _requoted(text: str) -> str:
    """Replace every plain string literal by black's spelling of it, and tidy what is between."""
    offsets = [0]
    for line in text.splitlines(keepends=True):
        offsets.append(offsets[-1] + len(line))
    pieces, done = [], 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.STRING or token.string[0] in "fF":
            continue
        start = offsets[token.start[0] - 1] + token.start[1]
        pieces += [_tidied(text[done:start]), quoted(ast.literal_eval(token.string))]
        done = offsets[token.end[0] - 1] + token.end[1]
    return "".join([*pieces, _tidied(text[done:])])
