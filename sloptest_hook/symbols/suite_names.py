"""Which tests pytest finds in a file, as far as its text tells for certain."""

import ast
import builtins
import re
from collections.abc import Iterable, Iterator

from sloptest_hook.symbols.parsing import parsed

# A test that is left out, or may fail, may run all the same, as one of which nothing is remembered.
_UNCERTAIN = re.compile("skip|xfail|load_tests|__test__|pytest_generate_tests")
_BASES = frozenset({"TestCase", "unittest.TestCase"})
_Function = ast.FunctionDef | ast.AsyncFunctionDef


class _Uncertain(Exception):  # noqa: N818  # no error
    """Nobody can say which tests a statement gives."""


def suite_names(text: str) -> tuple[str, ...] | None:
    """Return ``test_a`` and ``TestB::test_c`` for each test function, None where nobody can say.

    By pytest's own default names; without the variants of parametrised tests.
    """
    tree = parsed(text)
    if _UNCERTAIN.search(text) or not isinstance(tree, ast.Module):
        return None
    try:
        return tuple(name for node in tree.body for name in _names(node))
    except _Uncertain:
        return None


def _names(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield from _tests([node])
        case ast.ClassDef():
            yield from _of_class(node)
        case ast.Import() | ast.ImportFrom():
            # A test of another file, perhaps.
            _refuse((each.asname or each.name) for each in node.names)
        case _:
            _refuse(_bound(node))


def _of_class(node: ast.ClassDef) -> Iterator[str]:
    # What is inherited stands elsewhere.
    bases = {ast.unparse(each) for each in node.bases}
    is_known = all(each in _BASES or hasattr(builtins, each) for each in bases)
    if not is_known or node.keywords or any(isinstance(each, ast.ClassDef) for each in node.body):
        raise _Uncertain
    if bases & _BASES or node.name.startswith("Test"):
        yield from (f"{node.name}::{name}" for name in _tests(node.body))


def _tests(body: Iterable[ast.stmt]) -> list[str]:
    functions = (each for each in body if isinstance(each, _Function))
    return [each.name for each in functions if each.name.startswith("test")]


def _bound(node: ast.AST) -> Iterator[str]:
    """Yield the names that a statement binds, those of its blocks among them."""
    for each in ast.walk(node):
        match each:
            case ast.Name(id=name, ctx=ast.Store()):
                yield name
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.alias(name=name):
                yield name
            case _:
                pass


def _refuse(names: Iterable[str]) -> None:
    if any(name == "*" or name.lower().startswith("test") for name in names):
        raise _Uncertain
