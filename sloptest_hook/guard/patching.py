"""Finds what is only named to be replaced, or to be compared with: no use of the thing itself."""

import ast
from collections.abc import Iterator

from sloptest_hook.guard.fixtures import Fixtures
from sloptest_hook.guard.look import Look

_PATCHERS = frozenset({"setattr", "delattr", "setitem", "delitem"})
_MOCK_PATCHERS = (
    "unittest.mock.patch.object",
    "unittest.mock.patch.dict",
    "unittest.mock.patch.multiple",
    "unittest.mock.create_autospec",
    "mock.patch.object",
    "mock.patch.dict",
    "mock.patch.multiple",
    "mock.create_autospec",
)
_SPECS = frozenset({"spec", "spec_set", "autospec"})
_TYPE_CHECKS = ("builtins.isinstance", "builtins.issubclass")
_EXPECTATIONS = ("pytest.raises", "pytest.warns", "pytest.deprecated_call")


def only_named(look: Look, fixtures: Fixtures) -> frozenset[ast.AST]:
    """Return the expressions that are named to be patched, specified, expected or compared."""
    return frozenset(node for call in look.calls for node in _of_call(call, look, fixtures))


def is_patching(call: ast.Call, look: Look, fixtures: Fixtures) -> bool:
    """Return whether a call replaces something until the test ends."""
    if look.names.one_of(call.func, *_MOCK_PATCHERS):
        return True
    if not isinstance(call.func, ast.Attribute):
        return False
    base = call.func.value
    if call.func.attr in _PATCHERS and _is_monkeypatch(base, look, fixtures):
        return True
    # mocker.patch.object, mocker.spy
    root = base.value if isinstance(base, ast.Attribute) and base.attr == "patch" else base
    return call.func.attr in ("object", "dict", "multiple", "spy") and fixtures.is_given(
        root, "mocker"
    )


def _of_call(call: ast.Call, look: Look, fixtures: Fixtures) -> Iterator[ast.AST]:
    names = look.names
    if is_patching(call, look, fixtures):
        yield from call.args[:1]
    elif names.one_of(call.func, *_TYPE_CHECKS):
        yield from _all_of(call.args[1:])
    elif names.one_of(call.func, *_EXPECTATIONS):
        yield from _all_of(call.args[:1])
    elif any(name.startswith(("unittest.mock.", "mock.")) for name in names.of(call.func)):
        yield from (each.value for each in call.keywords if each.arg in _SPECS)


def _all_of(nodes: list[ast.expr]) -> Iterator[ast.AST]:
    for node in nodes:
        yield node
        if isinstance(node, ast.Tuple):
            yield from node.elts


def _is_monkeypatch(node: ast.AST, look: Look, fixtures: Fixtures) -> bool:
    if fixtures.is_given(node, "monkeypatch"):
        return True
    if not isinstance(node, ast.Name):
        return False
    bindings = look.bindings.of(node.id, node)
    return bool(bindings) and all(
        isinstance(each.node, ast.Call)
        and isinstance(each.node.func, ast.Attribute)
        and each.node.func.attr == "context"
        and (
            fixtures.is_given(each.node.func.value, "monkeypatch")
            or look.names.one_of(each.node.func.value, "pytest.MonkeyPatch")
        )
        for each in bindings
    )
