"""What a test function shows of itself: no assertion, more mocks than checks, a pause."""

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from sloptest_hook.quality.edits import Function
from sloptest_hook.values.analysis import Smell, SmellKind

_MOCKS = frozenset({"Mock", "MagicMock", "AsyncMock", "patch", "create_autospec", "mock_open"})
_CHECKS = ("assert", "check", "expect", "verify", "should", "ensure", "validate")
_CONTEXTS = frozenset({"raises", "warns", "deprecated_call", "assertRaises", "fail"})
_SNAPSHOTS = frozenset({"snapshot", "benchmark", "data_regression", "file_regression"})
_MOST_BARE = 8  # assertions without a word on what failed
_MOST_MOCKS = 3


def smells_of(path: PurePosixPath, text: str, tests: frozenset[str]) -> tuple[Smell, ...]:
    """Return the smells of these tests of one file, by node id without variants.

    A file that does not parse has none: nothing of it was run either.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return ()
    return tuple(
        smell
        for node_id, node in _functions(tree, str(path))
        if node_id in tests
        for smell in _smells(node_id, node)
    )


def _functions(node: ast.Module | ast.ClassDef, place: str) -> Iterator[tuple[str, Function]]:
    for each in node.body:
        if isinstance(each, Function):
            yield f"{place}::{each.name}", each
        elif isinstance(each, ast.ClassDef):
            yield from _functions(each, f"{place}::{each.name}")


def _smells(test: str, node: Function) -> Iterator[Smell]:
    asserts = [each for each in ast.walk(node) if isinstance(each, ast.Assert)]
    calls = [each for each in ast.walk(node) if isinstance(each, ast.Call)]
    checks = len(asserts) + sum(_is_check(each) for each in calls)
    arguments = {each.arg for each in node.args.args}
    if not checks and not arguments & _SNAPSHOTS:
        yield Smell(test, node.lineno, SmellKind.NO_ASSERTION, "nothing is asserted")
    mocks = sum(_name(each.func) in _MOCKS or _is_patch(each) for each in calls)
    mocks += sum(_is_patching(each) for each in node.decorator_list)
    if mocks > _MOST_MOCKS and mocks > checks:
        says = f"{mocks} mocks and {checks} assertions"
        yield Smell(test, node.lineno, SmellKind.OVER_MOCKING, says)
    bare = sum(each.msg is None for each in asserts)
    if bare > _MOST_BARE:
        says = f"{bare} assertions without a message"
        yield Smell(test, node.lineno, SmellKind.ROULETTE, says)
    for call in calls:
        if _name(call.func) == "sleep" and not _is_zero(call):
            yield Smell(test, call.lineno, SmellKind.SLEEPING, f"`{ast.unparse(call)}`")


def _is_check(call: ast.Call) -> bool:
    name = _name(call.func)
    return name in _CONTEXTS or name.lower().lstrip("_").startswith(_CHECKS)


def _is_patch(call: ast.Call) -> bool:
    """Say whether it is ``patch.object(...)``, ``mocker.patch(...)``: not ``monkeypatch``."""
    func = call.func
    return isinstance(func, ast.Attribute) and _name(func.value) in {"patch", "mocker"}


def _is_patching(decorator: ast.expr) -> bool:
    """Say whether a decorator that is no call, which is counted already, patches something."""
    return not isinstance(decorator, ast.Call) and _name(decorator) in _MOCKS


def _is_zero(call: ast.Call) -> bool:
    return bool(call.args) and isinstance(call.args[0], ast.Constant) and not call.args[0].value


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
