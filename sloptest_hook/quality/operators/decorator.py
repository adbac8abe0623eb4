"""A decorator is taken off."""

import ast
from collections.abc import Iterator

from sloptest_hook.quality.edits import Edit, Function, Operator, Place

# Without these it is another kind of thing, which every test notices, or nothing that one can see.
_KEPT = frozenset(
    {
        "property",
        "cached_property",
        "staticmethod",
        "classmethod",
        "setter",
        "getter",
        "deleter",
        "overload",
        "override",
        "final",
        "abstractmethod",
        "no_type_check",
        "fixture",
        "wraps",
        "cache",
        "lru_cache",
        "contextmanager",
        "asynccontextmanager",
        "dataclass",
    }
)


def _edits(node: ast.AST, place: Place) -> Iterator[Edit]:
    if not isinstance(node, Function):
        return
    for each in node.decorator_list:
        if _last_name(each) not in _KEPT:
            start, end = place.source.span(each)
            at = place.source.text.rindex("@", 0, start)
            yield Edit((at, end), "", f"`@{place.text(each)}` can be taken off")


def _last_name(node: ast.expr) -> str:
    match node:
        case ast.Call():
            return _last_name(node.func)
        case ast.Attribute():
            return node.attr
        case ast.Name():
            return node.id
        case _:
            return ""


OPERATOR = Operator(
    "decorator",
    1,
    _edits,
    (
        ("@retry(3)\ndef f(): pass", ("\ndef f(): pass",)),
        (
            "class A:\n    @property\n    @checked\n    def f(self): pass",
            ("class A:\n    @property\n    \n    def f(self): pass",),
        ),
        ("@functools.lru_cache(None)\ndef f(): pass", ()),
    ),
    at_definition=True,
)
