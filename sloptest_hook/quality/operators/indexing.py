"""Another element is taken, or a bound of a slice is left out."""

import ast
from collections.abc import Iterator

from sloptest_hook.quality.edits import Edit, Operator, Place


def _edits(node: ast.AST, place: Place) -> Iterator[Edit]:
    if not isinstance(node, ast.Subscript):
        return
    match node.slice:
        case ast.Constant(value=int() as number) if not isinstance(number, bool):
            yield place.replaced(node.slice, "-1" if number == 0 else str(number - 1))
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as number)):
            yield place.replaced(node.slice, "0" if number == 1 else str(1 - number))
        case ast.Slice() as bounds:
            for each in (bounds.lower, bounds.upper, bounds.step):
                if each is not None:
                    yield place.replaced(
                        each, "", f"the bound `{place.text(each)}` can be left out"
                    )
        case _:
            return


OPERATOR = Operator(
    "indexing",
    1,
    _edits,
    (
        ("def f(a): return a[0]", ("def f(a): return a[-1]",)),
        ("def f(a): return a[-1]", ("def f(a): return a[0]",)),
        ("def f(a): return a[2]", ("def f(a): return a[1]",)),
        (
            "def f(a): return a[1:n]",
            ("def f(a): return a[:n]", "def f(a): return a[1:]"),
        ),
        ("def f(a): return a['b']", ()),
    ),
)
