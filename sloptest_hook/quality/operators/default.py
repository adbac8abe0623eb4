"""The default of a parameter becomes another one."""

import ast
from collections.abc import Iterator

from sloptest_hook.quality.edits import Edit, Function, Operator, Place
from sloptest_hook.quality.operators.constant import other


def _edits(node: ast.AST, place: Place) -> Iterator[Edit]:
    if isinstance(node, Function):
        for each in (*node.args.defaults, *node.args.kw_defaults):
            if isinstance(each, ast.Constant) and (after := other(each.value)) is not None:
                yield place.replaced(each, after)


OPERATOR = Operator(
    "default",
    1,
    _edits,
    (
        (
            "def f(a=1, *, b='x'): pass",
            ("def f(a=2, *, b='x'): pass", "def f(a=1, *, b='XXxXX'): pass"),
        ),
        ("def f(a=None, *, b): pass", ()),
    ),
    at_definition=True,
)
