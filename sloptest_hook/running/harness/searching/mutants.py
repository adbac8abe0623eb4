"""Small faults put into the function one at a time, to see which cases notice them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .syntax import Definition, statement_lines

_MOST = 40
_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
}


def mutants(node: Definition) -> Iterator[tuple[Definition, int]]:
    """Yield the function with one fault, at most forty times, and the line of the statement.

    The faults are spread over its body. It is the same node each time, changed until the next one
    is asked for: a copy of a long function costs as much as a run of it.
    """
    left_alone = _left_alone(node)
    lines = statement_lines(node)
    places = [
        (each, change)
        for each in ast.walk(node)
        if _changeable(each) and id(each) not in left_alone
        for change in range(len(_changes(each)))
    ]
    step = max(1, len(places) // _MOST)
    for each, change in places[::step][:_MOST]:
        field, value = _changes(each)[change]
        before = getattr(each, field)
        setattr(each, field, value)
        try:
            line = int(getattr(each, "lineno", 0))
            yield node, lines.get(line, line)
        finally:
            setattr(each, field, before)


def _changeable(node: ast.AST) -> bool:
    kinds = (ast.Compare, ast.BinOp, ast.BoolOp, ast.Constant, ast.Return, ast.If, ast.While)
    return isinstance(node, kinds)


def _left_alone(node: Definition) -> set[int]:
    """Return the ids of nodes whose change nobody can see: annotations, messages, docstrings."""
    found: set[int] = set()
    for each in ast.walk(node):
        inside: list[ast.AST | None] = []
        if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef)):
            inside = [each.args, each.returns, *each.decorator_list]
        elif isinstance(each, ast.AnnAssign):
            inside = [each.annotation]
        elif isinstance(each, ast.Raise) or (
            isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant)
        ):
            inside = [each]
        found |= {id(part) for top in inside if top is not None for part in ast.walk(top)}
    return found


def _changes(node: ast.AST) -> list[tuple[str, object]]:
    """Return (field, new value) for each fault that can be put at this node."""
    if isinstance(node, ast.Compare):
        return [("ops", [_COMPARISONS[type(node.ops[0])](), *node.ops[1:]])]
    if isinstance(node, ast.BinOp):
        swapped = _ARITHMETIC.get(type(node.op))
        return [("op", swapped())] if swapped else []
    if isinstance(node, ast.BoolOp):
        return [("op", ast.Or() if isinstance(node.op, ast.And) else ast.And())]
    if isinstance(node, ast.Constant):
        return [("value", value) for value in _other_constants(node.value)]
    return _changes_of_statement(node)


def _changes_of_statement(node: ast.AST) -> list[tuple[str, object]]:
    if isinstance(node, (ast.If, ast.While)):
        return [("test", ast.UnaryOp(ast.Not(), node.test))]
    if isinstance(node, ast.Return) and node.value is not None:
        return [("value", ast.Constant(None))]
    return []


def _other_constants(value: object) -> list[object]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, (int, float)):
        return [value + 1]
    if isinstance(value, str):
        return [f"{value}x"]
    return []
