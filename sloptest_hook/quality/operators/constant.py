"""A number becomes the next one, a text another one, True becomes False."""

import ast
from collections.abc import Iterator

from sloptest_hook.quality.edits import Edit, Operator, Place


def _edits(node: ast.AST, place: Place) -> Iterator[Edit]:
    if isinstance(node, ast.Constant) and not _has_an_operator_of_its_own(place):
        after = other(node.value)
        if after is not None:
            yield place.replaced(node, after)


def other(value: object) -> str | None:
    """Return how another value of the same kind is written; None for kinds that have no other."""
    match value:
        case bool():
            return str(not value)
        case int():
            return str(value + 1)
        case float():
            return repr(value + 1.0)
        case str() | bytes():
            return repr(_marked(value))
        case _:
            return None


def _marked(value: str | bytes) -> str | bytes:
    return f"XX{value}XX" if isinstance(value, str) else b"XX" + value + b"XX"


def _has_an_operator_of_its_own(place: Place) -> bool:
    """Say whether it is an index, a bound of a slice, or a part of a text with values in it."""
    parent = place.parent
    if isinstance(parent, ast.UnaryOp):
        parent = place.ancestors[-2] if len(place.ancestors) > 1 else None
    return isinstance(parent, ast.Subscript | ast.Slice | ast.JoinedStr | ast.FormattedValue)


OPERATOR = Operator(
    "constant",
    1,
    _edits,
    (
        ("def f(): return 1", ("def f(): return 2",)),
        ("def f(): return 1.5", ("def f(): return 2.5",)),
        ("def f(): return 'a'", ("def f(): return 'XXaXX'",)),
        ("def f(): return b''", ("def f(): return b'XXXX'",)),
        ("def f(): return True", ("def f(): return False",)),
        ("def f(a): return None", ()),
        ("def f(a): return a[0]", ()),
        ("def f(a): return f'x{a}'", ()),
    ),
)
