"""Says what the search did not reach, and which comparison stood in the way."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from .operands import Pair
from .syntax import Definition, last_line

_MOST = 3
_LONGEST = 80
_SIGNS = {
    "Eq": "==",
    "NotEq": "!=",
    "Lt": "<",
    "LtE": "<=",
    "Gt": ">",
    "GtE": ">=",
    "In": "in",
    "NotIn": "not in",
    "Is": "is",
    "IsNot": "is not",
}


def unreached_notes(node: Definition, lines: Iterable[int], pairs: Sequence[Pair]) -> list[str]:
    """Return one note for each block that was not entered: ``line 12 not reached: never saw ...``.

    Only the first line of a block is told; the others follow from it.
    """
    notes: dict[str, str] = {}
    for line in sorted(lines):
        if len(notes) == _MOST:  # each look goes through the whole function
            break
        condition, place = _condition(node, line)
        text = f"line {line} not reached"
        if condition:
            text += f": never saw {condition}{_nearest(pairs, place)}"
        notes.setdefault(condition or str(line), text)
    return list(notes.values())


def _condition(node: Definition, line: int) -> tuple[str, int]:
    """Return the innermost condition that must hold for the line, and the line it stands on."""
    found, place = "", 0
    for each in ast.walk(node):
        if isinstance(each, (ast.If, ast.While)):
            if _holds(each.body, line):
                found, place = _short(each.test), each.test.lineno
            elif _holds(each.orelse, line):
                found, place = f"not ({_short(each.test)})", each.test.lineno
        elif isinstance(each, ast.ExceptHandler) and _holds(each.body, line):
            kind = "an exception" if each.type is None else _short(each.type)
            found, place = f"{kind} raised", each.lineno
    return found, place


def _holds(body: Sequence[ast.stmt], line: int) -> bool:
    return bool(body) and body[0].lineno <= line <= last_line(body[-1])


def _short(node: ast.AST) -> str:
    text = ast.unparse(node)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def _nearest(pairs: Sequence[Pair], line: int) -> str:
    for pair in pairs:
        left, right = repr(pair.left), repr(pair.right)
        if pair.line == line and pair.operator in _SIGNS and len(left) + len(right) < _LONGEST:
            return f" (saw {left} {_SIGNS[pair.operator]} {right})"
    return ""
