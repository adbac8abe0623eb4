"""Rules on whether a test tests: assertions that can fail, nothing skipped, nothing swallowed."""

import ast
import re
from collections.abc import Callable, Iterator

from sloptest_hook.guard.assertions import called_name, is_assertion, says_little, why_trivial
from sloptest_hook.guard.collected import (
    Assertions,
    CollectedTest,
    collected_tests,
    has_constructor,
    is_test_case,
)
from sloptest_hook.guard.look import Look
from sloptest_hook.guard.parsed import Function
from sloptest_hook.guard.verdicts import Violation
from sloptest_hook.guard.words import words
from sloptest_hook.guard.worth_rules import (
    AT_IMPORT,
    CLOCK,
    DEAD,
    DUPLICATE,
    EMPTY,
    HASH_SEED,
    MACHINE_PATH,
    MOCK_TYPO,
    NO_ASSERT,
    NO_TESTS,
    SET_ORDER,
    SKIPS,
    SWALLOWS,
    TOO_BROAD,
    TRIVIAL,
    UNCOLLECTED,
    WEAK,
)

_BROAD = re.compile(r"\b(?:Exception|BaseException|AssertionError)\b")
_SKIPPING = re.compile(r"\b(?:skip|skipif|xfail|skipIf|skipUnless|expectedFailure|skipTest)\b")
_CLOCKS = re.compile(r"(?:datetime|date)\.(?:now|utcnow|today)$|^time\.time$")
_TYPOS = words(
    """
    any_call called_once called_once_with called_with calls_with has_calls not_called
    """
)
_HASH = re.compile(r"\bhash\(")
_OF_A_SET = re.compile(r"\b(?:list|tuple|str|repr)\((?:\{[^:}]*\}|set\(.*\)|frozenset\(.*\))\)")
_HOME = re.compile(r"(?:/home/|/Users/|[A-Z]:\\Users\\)\w+[/\\]")
_HARMLESS_AT_IMPORT = frozenset(
    {"pytest.importorskip", "warnings.filterwarnings", "warnings.simplefilter"}
)
_STATEMENTS_AT_IMPORT = (ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Delete)


def worth_violations(look: Look) -> Iterator[Violation]:
    """Yield what makes a test worth less than it looks."""
    tests, assertions = list(collected_tests(look)), Assertions(look)
    if not tests:
        yield NO_TESTS.at(1)
    seen: set[tuple[str, str]] = set()
    for test in tests:
        name = (test.owner, test.function.name)
        if name in seen:
            yield DUPLICATE.at(test.function, test.function.name)
        seen.add(name)
        yield from _of_test(test, assertions.of(test.function), look)
    yield from _of_classes(look)
    yield from _at_import(look)
    yield from _of_texts(look)


def _of_test(test: CollectedTest, assertions: list[ast.AST], look: Look) -> Iterator[Violation]:
    function = test.function
    if not assertions:
        yield NO_ASSERT.at(function, function.name)
    yield from _of_assertions(function, assertions)
    for decorator in function.decorator_list:
        yield from _of_mark(decorator)
    for node in ast.walk(function):
        check = _CHECKS.get(type(node))
        if check is not None:
            yield from check(node, look)
    yield from _behind_the_end(function)


def _of_assertions(function: Function, assertions: list[ast.AST]) -> Iterator[Violation]:
    plain = [each for each in assertions if isinstance(each, ast.Assert)]
    for each in plain:
        why = why_trivial(each.test)
        if why:
            yield TRIVIAL.at(each, why)
    only_plain = bool(plain) and len(plain) == len(assertions)
    if only_plain and all(says_little(each.test) or why_trivial(each.test) for each in plain):
        yield WEAK.at(function, function.name)


def _of_mark(decorator: ast.expr) -> Iterator[Violation]:
    text = ast.unparse(decorator)
    if _SKIPPING.search(text) and "strict=True" not in text:
        yield SKIPS.at(decorator, text)
    match decorator:
        case ast.Call(
            func=ast.Attribute(attr="parametrize"), args=[_, ast.List(elts=[]) | ast.Tuple(elts=[])]
        ):
            yield EMPTY.at(decorator, text)
        case _:
            pass


def _of_try(node: ast.Try, _look: Look) -> Iterator[Violation]:
    for handler in node.handlers:
        kind = ast.unparse(handler.type) if handler.type else "BaseException"
        speaks = any(
            isinstance(each, ast.Raise) or is_assertion(each)
            for statement in handler.body
            for each in ast.walk(statement)
        )
        if _BROAD.search(kind) and not speaks:
            yield SWALLOWS.at(handler, f"except {kind}")


def _of_with(node: ast.With | ast.AsyncWith, _look: Look) -> Iterator[Violation]:
    for item in node.items:
        call = item.context_expr
        if not isinstance(call, ast.Call):
            continue
        name, kinds = called_name(call), [ast.unparse(each) for each in call.args]
        if name == "suppress" and any(map(_BROAD.search, kinds)):
            yield SWALLOWS.at(call, ast.unparse(call))
        matched = any(each.arg == "match" for each in call.keywords)
        if name == "raises" and kinds[:1] in (["Exception"], ["BaseException"]) and not matched:
            yield TOO_BROAD.at(call, ast.unparse(call))


def _of_call(node: ast.Call, look: Look) -> Iterator[Violation]:
    if look.names.one_of(node.func, "pytest.skip", "pytest.xfail") or called_name(node) == (
        "skipTest"
    ):
        yield SKIPS.at(node, ast.unparse(node))


def _of_loop(node: ast.For, _look: Look) -> Iterator[Violation]:
    if isinstance(node.iter, ast.List | ast.Tuple) and not node.iter.elts:
        yield EMPTY.at(node, "for each of nothing")


def _of_branch(node: ast.If | ast.While, _look: Look) -> Iterator[Violation]:
    if isinstance(node.test, ast.Constant) and not node.test.value:
        yield DEAD.at(node, ast.unparse(node.test))


def _of_assert(node: ast.Assert, _look: Look) -> Iterator[Violation]:
    equal = isinstance(node.test, ast.Compare) and any(
        isinstance(op, ast.Eq) for op in node.test.ops
    )
    for each in ast.walk(node.test):
        if not isinstance(each, ast.Call):
            continue
        if isinstance(each.func, ast.Attribute) and each.func.attr in _TYPOS:
            yield MOCK_TYPO.at(node, each.func.attr)
        if equal and _CLOCKS.search(ast.unparse(each.func)):
            yield CLOCK.at(node, ast.unparse(each))
    text = ast.unparse(node.test)
    if len(_HASH.findall(text)) % 2:
        yield HASH_SEED.at(node, text)
    if equal and _OF_A_SET.search(text):
        yield SET_ORDER.at(node, text)


def _behind_the_end(function: Function) -> Iterator[Violation]:
    for index, statement in enumerate(function.body):
        if isinstance(statement, ast.Return | ast.Raise):
            behind = function.body[index + 1 :]
            if any(is_assertion(each) for later in behind for each in ast.walk(later)):
                yield DEAD.at(statement, "behind the end of the test")


def _of_classes(look: Look) -> Iterator[Violation]:
    for node in look.parsed.tree.body:
        if not isinstance(node, ast.ClassDef):
            continue
        if node.name.startswith("Test") and has_constructor(node) and not is_test_case(node):
            yield UNCOLLECTED.at(node, node.name)
        for decorator in node.decorator_list:
            yield from _of_mark(decorator)
    for name, binding in look.bindings.everywhere():
        if name == "__test__":
            yield UNCOLLECTED.at(binding.node, name)
        if name == "pytestmark" and isinstance(binding.node, ast.expr):
            yield from _of_mark(binding.node)


def _at_import(look: Look) -> Iterator[Violation]:
    for node in look.parsed.tree.body:
        call = node.value if isinstance(node, ast.Expr) else None
        if isinstance(call, ast.Call):
            if not look.names.one_of(call.func, *_HARMLESS_AT_IMPORT):
                yield AT_IMPORT.at(node, ast.unparse(call))
        elif isinstance(node, _STATEMENTS_AT_IMPORT):
            yield AT_IMPORT.at(node, type(node).__name__)
        elif isinstance(node, ast.If) and "__name__" in ast.unparse(node.test):
            yield AT_IMPORT.at(node, "a main block")


def _of_texts(look: Look) -> Iterator[Violation]:
    for node in look.parsed.all(ast.Constant):
        if isinstance(node.value, str) and _HOME.match(node.value):
            yield MACHINE_PATH.at(node, node.value)


_CHECKS: dict[type[ast.AST], Callable[..., Iterator[Violation]]] = {
    ast.Try: _of_try,
    ast.With: _of_with,
    ast.AsyncWith: _of_with,
    ast.Call: _of_call,
    ast.For: _of_loop,
    ast.If: _of_branch,
    ast.While: _of_branch,
    ast.Assert: _of_assert,
}
