"""``and`` becomes ``or`` and back."""

import ast
from collections.abc import Iterator
from itertools import pairwise

from sloptest_hook.quality.edits import Edit, Operator, Place


def _edits(node: ast.AST, place: Place) -> Iterator[Edit]:
    if not isinstance(node, ast.BoolOp):
        return
    written, other = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
    for left, right in pairwise(node.values):
        start, end = place.source.span(left)[1], place.source.span(right)[0]
        span = place.source.token(rf"\b{written}\b", start, end)
        if span is not None:
            yield Edit(span, other)


OPERATOR = Operator(
    "boolean",
    1,
    _edits,
    (
        ("def f(a, b): return a and b", ("def f(a, b): return a or b",)),
        (
            "def f(a, b): return a or (b) or c",
            ("def f(a, b): return a and (b) or c", "def f(a, b): return a or (b) and c"),
        ),
    ),
)
