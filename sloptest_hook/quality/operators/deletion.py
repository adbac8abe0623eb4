"""A statement is left out: a call, an assignment into an object, a raise, a deletion."""

import ast
from collections.abc import Iterator

from sloptest_hook.quality.edits import Edit, Operator, Place


def _edits(node: ast.AST, place: Place) -> Iterator[Edit]:
    if isinstance(node, ast.stmt) and _is_left_out_quietly(node):
        first, *more = place.text(node).splitlines()
        said = f"`{first} ...`" if more else f"`{first}`"
        yield place.replaced(node, "pass", f"{said} can be left out")


def _is_left_out_quietly(node: ast.stmt) -> bool:
    """Say whether the code still makes sense; without ``x = 1`` the next use is a NameError."""
    match node:
        case ast.Expr(value=ast.Call() | ast.Await()):
            return True
        case ast.Assign():
            return all(isinstance(each, ast.Attribute | ast.Subscript) for each in node.targets)
        case ast.AugAssign() | ast.Delete() | ast.Raise():
            return True
        case _:
            return False


OPERATOR = Operator(
    "deletion",
    1,
    _edits,
    (
        ("def f(a):\n    a.b(1,\n        2)\n", ("def f(a):\n    pass\n",)),
        ("def f(a): a.b = 1", ("def f(a): pass",)),
        ("def f(a):\n    raise a", ("def f(a):\n    pass",)),
        ("def f(a): a += 1", ("def f(a): pass",)),
        ("def f(a): b = 1", ()),
    ),
)
