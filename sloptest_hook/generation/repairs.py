"""Mends what is plainly a slip in a test, without asking anybody; each rule is a function.

A rule never touches what a test expects, but for floats that are equal up to their last digits: an
expectation that is wrong may mean that the code is, and that is for the test's author to say.
"""

import ast
import math
import re
import sys
from collections.abc import Callable
from difflib import get_close_matches

from sloptest_hook.generation.subject_view import importable_names
from sloptest_hook.values.candidate import WrittenTest
from sloptest_hook.values.plan import Target
from sloptest_hook.values.records import dataclass, replace
from sloptest_hook.values.refining import Failure

_NO_NAME = re.compile(r"NameError: name '(\w+)' is not defined")
_NO_MODULE = re.compile(r"ModuleNotFoundError: No module named '([\w.]+)'")
_RELATIVE = re.compile(r"attempted relative import|No module named '__main__")
_NO_FIXTURE = re.compile(r"fixture '(\w+)' not found")
_FLOATS = re.compile(r"assert (-?[\d.]+(?:e-?\d+)?) == (-?[\d.]+(?:e-?\d+)?)(?:\s|$)")
_COROUTINE = re.compile(r"coroutine '?(?:object )?(?:[\w.]*\.)?(\w+)'? (?:was never awaited|at 0x)")
_FIXTURES = ("tmp_path", "tmp_path_factory", "monkeypatch", "capsys", "capfd", "caplog", "recwarn")


@dataclass(frozen=True, slots=True)
class Mended:
    """A test after a rule, with its imports, and what was done, for the trace."""

    test: WrittenTest
    imports: tuple[str, ...]
    rule: str


def mended(failure: Failure, target: Target) -> Mended | None:
    """Return the test as the first rule that knows its failure makes it; None if none does."""
    for rule in _RULES:
        found = rule(failure, target)
        if found is not None and (found.test, found.imports) != (failure.test, failure.imports):
            return found
    return None


def _missing_import(failure: Failure, target: Target) -> Mended | None:
    found = _NO_NAME.search(_said(failure))
    if found is None:
        return None
    name = found[1]
    if name in importable_names(target):
        line = f"from {target.module} import {name}"
    elif name in sys.stdlib_module_names or name == "pytest":
        line = f"import {name}"
    else:
        return None
    return Mended(failure.test, (*failure.imports, line), f"{name} is imported")


def _wrong_module(failure: Failure, target: Target) -> Mended | None:
    """Name the module as the project does, where a test has it under a part of its name."""
    said = _said(failure)
    found = _NO_MODULE.search(said)
    wrong = found[1] if found else ""
    is_part = wrong and (target.module.endswith(f".{wrong}") or wrong.endswith(f".{target.module}"))
    if not is_part and not _RELATIVE.search(said):
        return None
    last = target.module.rpartition(".")[2]
    pattern = rf"from\s+\.+{last}\s+import|from\s+{re.escape(wrong or '.' + last)}\s+import"
    fixed = f"from {target.module} import"
    imports = tuple(re.sub(pattern, fixed, line) for line in failure.imports)
    code = re.sub(pattern, fixed, failure.test.code)
    return Mended(replace(failure.test, code=code), imports, f"{target.module} by its whole name")


def _not_awaited(failure: Failure, target: Target) -> Mended | None:
    found = _COROUTINE.search(_said(failure))
    name = target.symbol.qualname.rpartition(".")[2]
    if found is None or found[1] != name:
        return None
    tree = ast.parse(failure.test.code)
    if not isinstance(tree.body[0], ast.FunctionDef):
        return None
    code = ast.unparse(ast.fix_missing_locations(_Running(name).visit(tree)))
    test = WrittenTest(failure.test.name, f"{code}\n")
    return Mended(test, (*failure.imports, "import asyncio"), f"{name} is run to its end")


class _Running(ast.NodeTransformer):
    """Puts the calls of one function into ``asyncio.run``."""

    def __init__(self, name: str) -> None:
        self._name = name

    def visit_Call(self, node: ast.Call) -> ast.AST:  # ast's name
        """Wrap the call, unless it is not the function's."""
        self.generic_visit(node)
        function = node.func
        called = function.attr if isinstance(function, ast.Attribute) else ""
        called = function.id if isinstance(function, ast.Name) else called
        if called != self._name:
            return node
        run = ast.Attribute(ast.Name("asyncio", ast.Load()), "run", ast.Load())
        return ast.Call(run, [node], [])


def _other_fixture(failure: Failure, _target: Target) -> Mended | None:
    found = _NO_FIXTURE.search(_said(failure))
    near = get_close_matches(found[1], _FIXTURES, 1, 0.75) if found else []
    if found is None or not near:
        return None
    code = re.sub(rf"\b{re.escape(found[1])}\b", near[0], failure.test.code)
    rule = f"the fixture is called {near[0]}"
    return Mended(replace(failure.test, code=code), failure.imports, rule)


def _equal_floats(failure: Failure, _target: Target) -> Mended | None:
    """Compare by approx what differs in its last digits alone."""
    found = _FLOATS.search(_said(failure))
    if found is None or not any("." in side for side in found.groups()):
        return None
    expected = found[2]
    if not math.isclose(float(found[1]), float(expected), rel_tol=1e-9):
        return None
    pattern = rf"== {re.escape(expected)}(?![\d.])"
    code, count = re.subn(pattern, f"== pytest.approx({expected})", failure.test.code)
    if count != 1:
        return None
    imports = (*failure.imports, "import pytest")
    return Mended(replace(failure.test, code=code), imports, "floats are compared by approx")


def _said(failure: Failure) -> str:
    return f"{failure.reason}\n{failure.detail}"


_Rule = Callable[[Failure, Target], Mended | None]
_RULES: tuple[_Rule, ...] = (
    _missing_import,
    _wrong_module,
    _not_awaited,
    _other_fixture,
    _equal_floats,
)
