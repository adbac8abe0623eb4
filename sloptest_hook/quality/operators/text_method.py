"""A method of texts becomes its neighbour: ``lower`` and ``upper``, ``find`` and ``rfind``."""

import ast
from collections.abc import Iterator

from sloptest_hook.quality.edits import Edit, Operator, Place

_PAIRS = (
    ("lower", "upper"),
    ("lstrip", "rstrip"),
    ("startswith", "endswith"),
    ("find", "rfind"),
    ("index", "rindex"),
    ("ljust", "rjust"),
    ("partition", "rpartition"),
    ("removeprefix", "removesuffix"),
    ("isalpha", "isdigit"),
)
_NEIGHBOURS = {
    **{one: other for pair in _PAIRS for one, other in (pair, pair[::-1])},
    "strip": "lstrip",
    "title": "capitalize",
    "capitalize": "title",
    "casefold": "upper",
    "split": "rsplit",
    "rsplit": "split",
}
_ONLY_WITH_LIMIT = frozenset({"split", "rsplit"})  # without one both give the same


def _edits(node: ast.AST, place: Place) -> Iterator[Edit]:
    match node:
        case ast.Call(func=ast.Attribute(attr=name) as func) if name in _NEIGHBOURS:
            if name in _ONLY_WITH_LIMIT and len(node.args) + len(node.keywords) < 2:  # noqa: PLR2004
                return
            end = place.source.span(func)[1]
            yield Edit((end - len(name), end), _NEIGHBOURS[name])
        case _:
            return


OPERATOR = Operator(
    "text-method",
    1,
    _edits,
    (
        ("def f(a): return a.lower()", ("def f(a): return a.upper()",)),
        ("def f(a): return a.strip()", ("def f(a): return a.lstrip()",)),
        ("def f(a): return a.split(',')", ()),
        ("def f(a): return a.split(',', 1)", ("def f(a): return a.rsplit(',', 1)",)),
        ("def f(a): return a.lower", ()),
    ),
)
