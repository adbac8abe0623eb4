"""Rules on what is named at all: every mention counts, called or not."""

import ast
import sys
from collections.abc import Iterator

from sloptest_hook.guard.allowed_modules import SENSITIVE
from sloptest_hook.guard.free_names import FREE
from sloptest_hook.guard.look import Look
from sloptest_hook.guard.mention_tables import MENTION_RULES
from sloptest_hook.guard.names import canonical
from sloptest_hook.guard.verdicts import Rule, Verdict, Violation
from sloptest_hook.guard.words import words

_MODULE_AS_VALUE = Rule(
    "module-as-value",
    Verdict.DENY,
    "hands a module around whose functions reach the system",
    "import os\nimport operator\n\n\ndef test_it():\n    operator.attrgetter('sep')(os)\n",
    "import os\nimport shop\n\n\ndef test_it(monkeypatch):\n"
    "    monkeypatch.setattr(os, 'sep', '/')\n    assert shop.total([]) == 0\n",
)
_DYNAMIC_ATTRIBUTE = Rule(
    "dynamic-attribute",
    Verdict.DENY,
    "takes attributes by names that are made at run time",
    "import functools\nimport shop\n\n\ndef test_it():\n"
    "    assert functools.reduce(getattr, ['total'], shop)\n",
    "import shop\n\n\ndef test_it():\n    assert getattr(shop, 'total')([]) == 0\n",
)
_PRIVATE = Rule(
    "private-stdlib",
    Verdict.FIX,
    "uses a private name of the standard library",
    "import random\n\n\ndef test_it():\n    assert random._inst\n",
    "import random\n\n\ndef test_it():\n    assert random.Random(1).random() < 1\n",
)
_CALLED = Rule(
    "makes-functions",
    Verdict.DENY,
    "makes a function out of parts, or a type with methods of its own making",
    "import types\n\n\ndef test_it():\n    types.FunctionType(compiled, {})\n",
    "import types\n\n\ndef test_it():\n    assert isinstance(test_it, types.FunctionType)\n",
)
_REAL_REQUEST = Rule(
    "real-request",
    Verdict.DENY,
    "sends a request over the network",
    "import requests\n\n\ndef test_it():\n    requests.get('http://host/')\n",
    "import shop\n\n\ndef test_it(mocker):\n    mocker.patch('requests.get')\n"
    "    assert shop.total([]) == 0\n",
)
RULES = (*MENTION_RULES, _MODULE_AS_VALUE, _DYNAMIC_ATTRIBUTE, _PRIVATE, _CALLED, _REAL_REQUEST)

_BY_NAME = {name: rule for rule, names in MENTION_RULES.items() for name in names.split()}
_MOCK_WORDS = words(
    """
    assert_any_call assert_awaited assert_awaited_once assert_awaited_once_with assert_called
    assert_called_once assert_called_once_with assert_called_with assert_has_calls assert_not_called
    await_args await_count call_args call_args_list call_count called method_calls mock_calls
    reset_mock return_value side_effect
    """
)
_MADE_BY_CALL = {
    "types.FunctionType": _CALLED,
    "types.LambdaType": _CALLED,
    **{
        f"{library}.{verb}": _REAL_REQUEST
        for library in ("requests", "httpx")
        for verb in words("get post put patch delete head options request stream")
    },
}
# Where a module may stand: what becomes of it there is followed, or harmless.
_PLACES_OF_MODULES = (ast.Attribute, ast.Expr, ast.Compare, ast.NamedExpr, ast.Subscript)
_TAKERS_OF_MODULES = (
    "builtins.getattr",
    "builtins.hasattr",
    "builtins.setattr",
    "builtins.delattr",
    "builtins.vars",
    "builtins.id",
    "importlib.reload",
)
_REACHERS = frozenset({"builtins.getattr", "builtins.setattr", "builtins.vars", "builtins.globals"})
_RESOLVED = (ast.Name, ast.Attribute, ast.Call, ast.Subscript)


def mention_violations(look: Look, only_named: frozenset[ast.AST]) -> Iterator[Violation]:
    """Yield what is named and should not be; ``only_named`` are places that do not count."""
    for node in (each for kind in _RESOLVED for each in look.parsed.by_type.get(kind, ())):
        if node in only_named or not isinstance(getattr(node, "ctx", None), ast.Load | None):
            continue
        meanings = look.names.of(node)
        if not meanings or _is_inside_a_longer_name(node, look):
            continue
        for meaning in sorted(meanings):
            yield from _of_meaning(meaning, node, look)
    yield from _of_imports(look)
    yield from _of_calls(look)


def _is_inside_a_longer_name(node: ast.AST, look: Look) -> bool:
    parent = look.parsed.parent(node)
    return isinstance(parent, ast.Attribute) and bool(look.names.of(parent))


def _of_meaning(meaning: str, node: ast.AST, look: Look) -> Iterator[Violation]:
    rule = _rule_for(meaning)
    if rule is not None:
        yield rule.at(node, meaning)
    if meaning in SENSITIVE and not _may_stand_there(node, look):
        yield _MODULE_AS_VALUE.at(node, meaning)
    if meaning in _REACHERS and not _is_called(node, look):
        yield _DYNAMIC_ATTRIBUTE.at(node, meaning)


def _rule_for(meaning: str) -> Rule | None:
    """Return the rule that the longest known beginning of a dotted name breaks."""
    parts = meaning.split(".")
    if not _MOCK_WORDS.isdisjoint(parts[1:]):
        return None  # it has been patched: a real one has no such attribute
    for length in range(len(parts), 0, -1):
        rule = _BY_NAME.get(".".join(parts[:length]))
        if rule is not None:
            return rule
        if length < len(parts):
            rule = _BY_NAME.get(".".join((*parts[:length], "*")))
            if rule is not None and not _is_free(parts[0], parts[1]):
                return rule
    if "<dynamic>" in parts:
        return _DYNAMIC_ATTRIBUTE if parts[0] in SENSITIVE else None
    return _PRIVATE if _is_private(parts) else None


def _is_free(module: str, attribute: str) -> bool:
    if attribute in FREE.get(module, ()):
        return True
    return module in FREE and attribute.isupper()  # constants


def _is_private(parts: list[str]) -> bool:
    if parts[0] not in sys.stdlib_module_names:
        return False
    return any(part.startswith("_") and not part.endswith("__") for part in parts[1:])


def _may_stand_there(node: ast.AST, look: Look) -> bool:
    parent = look.parsed.parent(node)
    if isinstance(parent, ast.Assign):
        return all(isinstance(target, ast.Name) for target in parent.targets)
    if isinstance(parent, ast.Call):
        return look.names.one_of(parent.func, *_TAKERS_OF_MODULES)
    return isinstance(parent, _PLACES_OF_MODULES)


def _is_called(node: ast.AST, look: Look) -> bool:
    parent = look.parsed.parent(node)
    return isinstance(parent, ast.Call) and parent.func is node


def _of_imports(look: Look) -> Iterator[Violation]:
    for source in look.parsed.all(ast.ImportFrom):
        for alias in source.names if not source.level else ():
            meaning = canonical(f"{source.module}.{alias.name}")
            rule = _rule_for(meaning)
            if rule is not None:
                yield rule.at(source, meaning)


def _of_calls(look: Look) -> Iterator[Violation]:
    for call in look.calls:
        for meaning in look.names.of(call.func):
            rule = _MADE_BY_CALL.get(meaning)
            if rule is not None and meaning.partition(".")[0] not in look.project.own:
                yield rule.at(call, meaning)
