"""The ``__post_init__`` of a dataclass is not called."""

import ast
from collections.abc import Iterator

from sloptest_hook.quality.edits import Edit, Function, Operator, Place


def _edits(node: ast.AST, place: Place) -> Iterator[Edit]:
    if isinstance(node, Function) and node.name == "__post_init__":
        start, end = place.source.span(node)
        span = place.source.token(r"__post_init__", start, end)
        if span is not None:
            yield Edit(span, "never_called", "`__post_init__` need not be called")


OPERATOR = Operator(
    "post-init",
    1,
    _edits,
    (
        (
            "class A:\n    def __post_init__(self): a()",
            ("class A:\n    def never_called(self): a()",),
        ),
    ),
    at_definition=True,
)
