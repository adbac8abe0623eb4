"""A condition is negated; comparisons have an operator of their own."""

import ast
from collections.abc import Iterator

from sloptest_hook.quality.edits import Edit, Operator, Place


def _edits(node: ast.AST, place: Place) -> Iterator[Edit]:
    match node:
        case ast.If() | ast.While() | ast.IfExp() | ast.Assert():
            yield from _negated(node.test, place)
        case ast.comprehension():
            for each in node.ifs:
                yield from _negated(each, place)
        case _:
            return


def _negated(test: ast.expr, place: Place) -> Iterator[Edit]:
    match test:
        case ast.Compare() | ast.Constant():
            return
        case ast.UnaryOp(op=ast.Not()):
            yield place.replaced(test, f"({place.text(test.operand)})")
        case _:
            yield place.replaced(test, f"not ({place.text(test)})")


OPERATOR = Operator(
    "condition",
    1,
    _edits,
    (
        ("def f(a):\n    if a: b()", ("def f(a):\n    if not (a): b()",)),
        ("def f(a): return 1 if not a else 2", ("def f(a): return 1 if (a) else 2",)),
        ("def f(a): return [x for x in a if x]", ("def f(a): return [x for x in a if not (x)]",)),
        ("def f(a):\n    while True: b()", ()),
        ("def f(a):\n    if a == 1: b()", ()),
    ),
)
