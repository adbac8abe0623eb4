"""The value of simple expressions over known values, found without running anybody's code."""

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Final


class _Unknown:
    """What cannot be said from here."""


UNKNOWN: Final = _Unknown()
_COMPARISONS: dict[type[ast.cmpop], Callable[[object, object], object]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: lambda left, right: left < right,  # type: ignore[operator]  # may raise TypeError
    ast.LtE: lambda left, right: left <= right,  # type: ignore[operator]
    ast.Gt: lambda left, right: left > right,  # type: ignore[operator]
    ast.GtE: lambda left, right: left >= right,  # type: ignore[operator]
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.In: lambda left, right: left in right,  # type: ignore[operator]
    ast.NotIn: lambda left, right: left not in right,  # type: ignore[operator]
}


def value_of(node: ast.expr, known: Mapping[str, object]) -> object:
    """Return the value of names, constants, comparisons and ``len``, else ``UNKNOWN``.

    ``known`` holds plain values only, so that no operator here is anybody's own.
    """
    match node:
        case ast.BoolOp():
            return _together(node, known)
        case ast.Compare():
            return _compared(node, known)
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            value = value_of(inner, known)
            return UNKNOWN if value is UNKNOWN else not value
        case ast.Call(func=ast.Name(id="len"), args=[inner]):
            value = value_of(inner, known)
            return len(value) if isinstance(value, str | list | tuple | dict | set) else UNKNOWN
        case _:
            return _plain(node, known)


def _plain(node: ast.expr, known: Mapping[str, object]) -> object:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            return known.get(name, UNKNOWN)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
            return -number
        case ast.Tuple(elts=items) | ast.List(elts=items):
            values = [value_of(item, known) for item in items]
            return UNKNOWN if UNKNOWN in values else values
        case _:
            return UNKNOWN


def _together(node: ast.BoolOp, known: Mapping[str, object]) -> object:
    """Return the value as far as the parts that are known decide it."""
    values = [value_of(part, known) for part in node.values]
    deciding = isinstance(node.op, ast.Or)
    if any(value is not UNKNOWN and bool(value) is deciding for value in values):
        return deciding
    return UNKNOWN if UNKNOWN in values else not deciding


def _compared(node: ast.Compare, known: Mapping[str, object]) -> object:
    values = [value_of(part, known) for part in (node.left, *node.comparators)]
    if UNKNOWN in values:
        return UNKNOWN
    try:
        return all(
            _COMPARISONS[type(op)](left, right)
            for op, left, right in zip(node.ops, values, values[1:], strict=False)
        )
    except TypeError:
        return UNKNOWN
