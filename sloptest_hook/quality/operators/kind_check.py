"""One of the types that ``isinstance`` accepts is not accepted."""

import ast
from collections.abc import Iterator

from sloptest_hook.quality.edits import Edit, Operator, Place


def _edits(node: ast.AST, place: Place) -> Iterator[Edit]:
    match node:
        case ast.Call(
            func=ast.Name(id="isinstance" | "issubclass"), args=[_, ast.Tuple() as kinds]
        ):
            for each in kinds.elts:
                yield place.replaced(each, "()", f"`{place.text(each)}` need not be accepted")
        case ast.Call(
            func=ast.Name(id="isinstance" | "issubclass"),
            args=[_, ast.BinOp(op=ast.BitOr()) as kinds],
        ):
            for kept, lost in ((kinds.left, kinds.right), (kinds.right, kinds.left)):
                says = f"`{place.text(lost)}` need not be accepted"
                yield place.replaced(kinds, place.text(kept), says)
        case _:
            return


OPERATOR = Operator(
    "kind-check",
    1,
    _edits,
    (
        (
            "def f(a): return isinstance(a, (int, str))",
            (
                "def f(a): return isinstance(a, ((), str))",
                "def f(a): return isinstance(a, (int, ()))",
            ),
        ),
        (
            "def f(a): return isinstance(a, int | str)",
            ("def f(a): return isinstance(a, int)", "def f(a): return isinstance(a, str)"),
        ),
        ("def f(a): return isinstance(a, int)", ()),
    ),
)
