"""``<`` becomes ``<=`` and back: off by one."""

import ast
from collections.abc import Iterator

from sloptest_hook.quality.edits import Edit, Operator, Place
from sloptest_hook.quality.operators.comparison import compared

_NEIGHBOURS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
}


def _edits(node: ast.AST, place: Place) -> Iterator[Edit]:
    if isinstance(node, ast.Compare):
        for span, kind in compared(node, place):
            if kind in _NEIGHBOURS:
                yield Edit(span, _NEIGHBOURS[kind])


OPERATOR = Operator(
    "boundary",
    1,
    _edits,
    (
        ("def f(a): return a < 1", ("def f(a): return a <= 1",)),
        ("def f(a): return a >= 1", ("def f(a): return a > 1",)),
        ("def f(a): return a == 1", ()),
    ),
)
