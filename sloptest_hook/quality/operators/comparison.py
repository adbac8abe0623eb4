"""``==`` becomes ``!=``, ``in`` becomes ``not in``, ``<`` becomes ``>=``: the opposite."""

import ast
from collections.abc import Iterator

from sloptest_hook.quality.edits import Edit, Operator, Place

# Operator -> how it is written, and its opposite.
_OPPOSITES: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Is: ("is", "is not"),
    ast.IsNot: (r"is\s+not", "is"),
    ast.In: ("in", "not in"),
    ast.NotIn: (r"not\s+in", "in"),
    ast.Lt: ("<", ">="),
    ast.LtE: ("<=", ">"),
    ast.Gt: (">", "<="),
    ast.GtE: (">=", "<"),
}


def _edits(node: ast.AST, place: Place) -> Iterator[Edit]:
    if isinstance(node, ast.Compare):
        for span, kind in compared(node, place):
            yield Edit(span, _OPPOSITES[kind][1])


def compared(node: ast.Compare, place: Place) -> Iterator[tuple[tuple[int, int], type[ast.cmpop]]]:
    """Yield where each operator of a chain stands, and which it is."""
    operands = [node.left, *node.comparators]
    for left, kind, right in zip(operands, node.ops, node.comparators, strict=False):
        start, end = place.source.span(left)[1], place.source.span(right)[0]
        span = place.source.token(_OPPOSITES[type(kind)][0], start, end)
        if span is not None:
            yield span, type(kind)


OPERATOR = Operator(
    "comparison",
    1,
    _edits,
    (
        ("def f(a): return a == 1", ("def f(a): return a != 1",)),
        ("def f(a): return (a) is not (b)", ("def f(a): return (a) is (b)",)),
        ("def f(a): return a not  in b", ("def f(a): return a in b",)),
        (
            "def f(a): return 1 < a <= 3",
            ("def f(a): return 1 >= a <= 3", "def f(a): return 1 < a > 3"),
        ),
    ),
)
