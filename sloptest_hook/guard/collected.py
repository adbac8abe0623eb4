"""Which functions of a file pytest collects, and the helpers that they call."""

import ast
from collections.abc import Iterator

from sloptest_hook.guard.assertions import called_name, is_assertion
from sloptest_hook.guard.look import Look
from sloptest_hook.guard.parsed import FUNCTIONS, Function
from sloptest_hook.values.records import dataclass

_DEEPEST = 2  # helpers of helpers


@dataclass(frozen=True, slots=True)
class CollectedTest:
    """A function that pytest runs, and the class it stands in; empty: none."""

    owner: str
    function: Function


def collected_tests(look: Look) -> Iterator[CollectedTest]:
    """Yield the tests of a file as pytest's default names have them."""
    for node in look.parsed.tree.body:
        if isinstance(node, FUNCTIONS) and node.name.startswith("test"):
            yield CollectedTest("", node)
        elif isinstance(node, ast.ClassDef) and is_collected_class(node):
            for member in node.body:
                if isinstance(member, FUNCTIONS) and member.name.startswith("test"):
                    yield CollectedTest(node.name, member)


def is_collected_class(node: ast.ClassDef) -> bool:
    if is_test_case(node):
        return True
    return node.name.startswith("Test") and not has_constructor(node)


def is_test_case(node: ast.ClassDef) -> bool:
    return any("TestCase" in ast.unparse(base) for base in node.bases)


def has_constructor(node: ast.ClassDef) -> bool:
    return any(isinstance(each, FUNCTIONS) and each.name == "__init__" for each in node.body)


class Assertions:
    """The assertions of a file by function, and who calls whom; each function is read once."""

    __slots__ = ("_calls", "_own")

    def __init__(self, look: Look) -> None:
        helpers = {each.name: each for each in look.parsed.functions() if each.name[:4] != "test"}
        self._own: dict[Function, list[ast.AST]] = {}
        self._calls: dict[Function, list[Function]] = {}
        for function in look.parsed.functions():
            nodes = list(ast.walk(function))
            called = {called_name(each) for each in nodes if isinstance(each, ast.Call)}
            self._own[function] = [each for each in nodes if is_assertion(each)]
            self._calls[function] = [helpers[name] for name in sorted(called & helpers.keys())]

    def of(self, function: Function) -> list[ast.AST]:
        """Return the assertions of a test, those of helpers and of their helpers among them."""
        found, reached, front = list(self._own[function]), {function}, [function]
        for _step in range(_DEEPEST):
            front = [each for one in front for each in self._calls[one] if each not in reached]
            reached.update(front)
            front = list(dict.fromkeys(front))
            found += [each for one in front for each in self._own[one]]
        return found


def names_in(node: ast.AST) -> Iterator[str]:
    """Yield the names, attributes and texts that could be names within a node."""
    for each in ast.walk(node):
        match each:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                yield name
            case ast.Constant(value=str(text)) if text.isidentifier():
                yield text
