"""A dataclass is another: a default, one list for all instances, frozen, order, eq, a field."""

import ast
from collections.abc import Iterator

from sloptest_hook.quality.edits import Edit, Operator, Place
from sloptest_hook.quality.operators.constant import other

_SWITCHES = frozenset({"frozen", "order", "eq", "repr", "kw_only", "unsafe_hash"})
_FIELD_SWITCHES = frozenset({"compare", "init", "repr", "hash"})


def _edits(node: ast.AST, place: Place) -> Iterator[Edit]:
    if not isinstance(node, ast.ClassDef):
        return
    switches = [each for each in node.decorator_list if is_dataclass(each)]
    if not switches:
        return
    for each in switches:
        if isinstance(each, ast.Call):
            yield from _flipped(each, _SWITCHES, place)
    for statement in node.body:
        if isinstance(statement, ast.AnnAssign) and statement.value is not None:
            yield from _of_field(statement.value, place)


def is_dataclass(decorator: ast.expr) -> bool:
    """Say whether a decorator is ``dataclass``, called or not, of whatever package."""
    func = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
    return name in {"dataclass", "define", "frozen", "mutable"}


def _of_field(value: ast.expr, place: Place) -> Iterator[Edit]:
    match value:
        case ast.Constant(value=constant) if (after := other(constant)) is not None:
            yield place.replaced(value, after)
        case ast.Call(func=ast.Name(id="field") | ast.Attribute(attr="field")):
            yield from _flipped(value, _FIELD_SWITCHES, place)
            for each in value.keywords:
                yield from _field_default(each, place)
        case _:
            return


def _field_default(keyword: ast.keyword, place: Place) -> Iterator[Edit]:
    if keyword.arg == "default_factory":
        factory = place.text(keyword.value)
        after = f"(lambda shared: lambda: shared)(({factory})())"
        yield place.replaced(keyword.value, after, f"all instances can share one `{factory}()`")
    if keyword.arg == "default" and isinstance(keyword.value, ast.Constant):
        after_ = other(keyword.value.value)
        if after_ is not None:
            yield place.replaced(keyword.value, after_)


def _flipped(call: ast.Call, names: frozenset[str], place: Place) -> Iterator[Edit]:
    for each in call.keywords:
        match each:
            case ast.keyword(arg=str() as name, value=ast.Constant(value=bool() as switch)):
                if name in names:
                    says = f"`{name}={switch}` can be the opposite"
                    yield place.replaced(each.value, str(not switch), says)
            case _:
                continue


OPERATOR = Operator(
    "record-field",
    1,
    _edits,
    (
        (
            "@dataclass(frozen=True)\nclass A:\n    a: int = 1",
            (
                "@dataclass(frozen=False)\nclass A:\n    a: int = 1",
                "@dataclass(frozen=True)\nclass A:\n    a: int = 2",
            ),
        ),
        (
            "@dataclass\nclass A:\n    a: list = field(default_factory=list, compare=False)",
            (
                (
                    "@dataclass\nclass A:\n    a: list = field(default_factory="
                    "(lambda shared: lambda: shared)((list)()), compare=False)"
                ),
                "@dataclass\nclass A:\n    a: list = field(default_factory=list, compare=True)",
            ),
        ),
        ("class A:\n    a: int = 1", ()),
    ),
    at_definition=True,
)
