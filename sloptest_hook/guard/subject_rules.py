"""Rules on what a test does with the function it is about: use it, and neither replace nor copy."""

import ast
import copy
import re
import warnings
from collections.abc import Iterator

from sloptest_hook.guard.collected import collected_tests, names_in
from sloptest_hook.guard.folding import folded_text
from sloptest_hook.guard.look import Look
from sloptest_hook.guard.parsed import FUNCTIONS, Function
from sloptest_hook.guard.verdicts import Rule, Verdict, Violation

# In the examples the subject is `total` of `def total(prices): ...`.
_GOOD = "from shop import total\n\n\ndef test_total():\n    assert total([1]) == 1\n"
_UNUSED = Rule(
    "target-not-used",
    Verdict.FIX,
    "does not use the function that it is for",
    "def test_total():\n    assert sum([1]) == 1\n",
    _GOOD,
)
_REDEFINED = Rule(
    "redefines-target",
    Verdict.FIX,
    "defines the function that it should test",
    "def total(prices):\n    return 1\n\n\ndef test_total():\n    assert total([1]) == 1\n",
    _GOOD,
)
_PATCHED = Rule(
    "patches-target",
    Verdict.FIX,
    "replaces the function that it should test",
    "import shop\n\n\ndef test_total(monkeypatch):\n"
    "    monkeypatch.setattr(shop, 'total', lambda prices: 1)\n    assert shop.total([1]) == 1\n",
    "import shop\n\n\ndef test_total(monkeypatch):\n"
    "    monkeypatch.setattr(shop, 'rate', 1)\n    assert shop.total([1]) == 1\n",
)
_COPIED = Rule(
    "copies-implementation",
    Verdict.FIX,
    "compares the function with a copy of itself; write expected values",
    "from shop import total\n\n\ndef expected(values):\n    found = 0\n    for each in values:\n"
    "        found += each\n    return found\n\n\n"
    "def test_total():\n    assert total([1]) == expected([1])\n",
    _GOOD,
)
RULES = (_UNUSED, _REDEFINED, _PATCHED, _COPIED)

_PATCHERS = re.compile(r"(?:^|\.)(?:patch|object|setattr|multiple)$")
_SMALLEST_COPY = 12  # nodes; every one-line function looks like another


def subject_violations(look: Look) -> Iterator[Violation]:
    """Yield what is wrong between the tests and their subjects; nothing where none is known."""
    subjects = look.project.subjects
    if not subjects:
        return
    names = {name for subject in subjects for name in subject.names}
    last = {subject.name for subject in subjects}
    functions = list(look.parsed.functions())
    tests = list(collected_tests(look))
    if tests and not any(names & set(names_in(function)) for function in functions):
        yield _UNUSED.at(1, ", ".join(sorted(last)))
    yield from _redefinitions(look, {each.qualname for each in subjects})
    yield from _replacements(look, last)
    copies = {shape for subject in subjects for shape in _shapes(subject.source, subject.name)}
    for function in functions:
        if not function.name.startswith("test") and _shape(function) in copies:
            yield _COPIED.at(function, function.name)


def _redefinitions(look: Look, qualnames: set[str]) -> Iterator[Violation]:
    for node in look.parsed.tree.body:
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)) and node.name in qualnames:
            yield _REDEFINED.at(node, node.name)


def _replacements(look: Look, names: set[str]) -> Iterator[Violation]:
    for node in look.parsed.either(ast.Name, ast.Attribute):
        if not isinstance(node.ctx, ast.Store) or _name_of(node) not in names:
            continue
        if isinstance(node, ast.Attribute) or isinstance(look.parsed.scope(node), ast.Module):
            yield _PATCHED.at(node, ast.unparse(node))
    for call in look.calls:
        if not _PATCHERS.search(ast.unparse(call.func)):
            continue
        for argument in call.args[:2]:
            text = folded_text(argument)
            if text is not None and text.rpartition(".")[2] in names:
                yield _PATCHED.at(call, text)


def _name_of(node: ast.Name | ast.Attribute) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr


def _shapes(source: str, name: str) -> Iterator[str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        if not isinstance(node, FUNCTIONS) or node.name != name:
            continue
        if sum(1 for _ in ast.walk(node)) > _SMALLEST_COPY:
            yield _shape(node)


def _shape(function: Function) -> str:
    """Return a function as text in which its own names are numbers."""
    function = copy.deepcopy(function)
    body = [each for each in function.body if not _is_text(each)]
    renamed = _Renamed()
    return "\n".join(ast.dump(renamed.visit(each)) for each in (function.args, *body))


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


class _Renamed(ast.NodeTransformer):
    """Gives every name its number, and takes annotations away."""

    def __init__(self) -> None:
        self.numbers: dict[str, str] = {}

    def visit_Name(self, node: ast.Name) -> ast.Name:  # ast's own naming
        node.id = self._number(node.id)
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.arg = self._number(node.arg)
        node.annotation = None
        return node

    def _number(self, name: str) -> str:
        return self.numbers.setdefault(name, f"v{len(self.numbers)}")
