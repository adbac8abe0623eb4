"""What is returned or yielded becomes None."""

import ast
from collections.abc import Iterator

from sloptest_hook.quality.edits import Edit, Operator, Place


def _edits(node: ast.AST, place: Place) -> Iterator[Edit]:
    # The constant operator has a nearer neighbour of a constant.
    match node:
        case ast.Return(value=None | ast.Constant()) | ast.Yield(value=None | ast.Constant()):
            return
        case ast.Return(value=ast.expr() as value) | ast.Yield(value=ast.expr() as value):
            yield place.replaced(value, "None")
        case _:
            return


OPERATOR = Operator(
    "returned",
    1,
    _edits,
    (
        ("def f(a): return a.b", ("def f(a): return None",)),
        ("def f(a): yield (a, 1)", ("def f(a): yield None",)),
        ("def f(a): return None", ()),
        ("def f(a): return 1", ()),
    ),
)
