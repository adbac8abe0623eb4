"""Rules on pytest's own machinery and on what a test leaves behind for the next one."""

import ast
from collections.abc import Iterator

from sloptest_hook.guard.bindings import How
from sloptest_hook.guard.fixtures import is_fixture
from sloptest_hook.guard.folding import folded
from sloptest_hook.guard.look import Look
from sloptest_hook.guard.parsed import Function
from sloptest_hook.guard.verdicts import Rule, Verdict, Violation
from sloptest_hook.guard.words import words

_HOOK = Rule(
    "pytest-hook",
    Verdict.DENY,
    "defines a hook or a setting of pytest, which act on all tests",
    "def pytest_sessionfinish():\n    pass\n",
    "def test_it():\n    assert int('1') == 1\n",
)
_PLUGINS = Rule(
    "pytest-plugins",
    Verdict.DENY,
    "reaches pytest's plugins, configuration or collected items",
    "def test_it(request):\n    request.config.pluginmanager.register(1)\n",
    "def test_it(request):\n    assert request.param == 1\n",
)
_ENVIRONMENT = Rule(
    "process-change",
    Verdict.FIX,
    "changes the process for all later tests; use monkeypatch",
    "import os\n\n\ndef test_it():\n    os.environ['A'] = 'b'\n",
    "def test_it(monkeypatch):\n    monkeypatch.setenv('A', 'b')\n",
)
_PATCHES = Rule(
    "patches-by-hand",
    Verdict.FIX,
    "changes an imported module or class for all later tests; use monkeypatch.setattr",
    "import shop\n\n\ndef test_it():\n    shop.LIMIT = 1\n",
    "import shop\n\n\ndef test_it(monkeypatch):\n    monkeypatch.setattr(shop, 'LIMIT', 1)\n",
)
_DUMPS_ENVIRONMENT = Rule(
    "dumps-environment",
    Verdict.STRONG_SANDBOX,
    "takes all environment variables together",
    "import os\n\n\ndef test_it():\n    assert dict(os.environ)\n",
    "import os\n\n\ndef test_it():\n    assert 'A_NAME' not in os.environ\n",
)
_GLOBAL = Rule(
    "global-state",
    Verdict.FIX,
    "keeps a count or a value from one test to the next",
    "SEEN = 0\n\n\ndef test_it():\n    global SEEN\n    SEEN += 1\n",
    "def test_it():\n    seen = 0\n    seen += 1\n    assert seen == 1\n",
)
_WIDE_FIXTURE = Rule(
    "wide-fixture",
    Verdict.FIX,
    "acts on the whole session by itself",
    "import pytest\n\n\n@pytest.fixture(autouse=True, scope='session')\ndef it():\n    return 1\n",
    "import pytest\n\n\n@pytest.fixture(autouse=True)\ndef it():\n    return 1\n",
)
RULES = (_HOOK, _PLUGINS, _ENVIRONMENT, _PATCHES, _DUMPS_ENVIRONMENT, _GLOBAL, _WIDE_FIXTURE)

_SETTINGS = frozenset({"pytest_plugins", "collect_ignore", "collect_ignore_glob", "conftest"})
_MACHINERY = words(
    """
    pluginmanager _pytest pytest_plugins import_plugin consider_module addoption addinivalue_line
    getplugin hookmanager cacheprovider
    """
)
_OF_THE_PROCESS = (
    "os.environ",
    "os.environb",
    "sys.path",
    "sys.argv",
    "sys.modules",
    "sys.stdout",
    "sys.stderr",
    "sys.stdin",
    "sys.excepthook",
    "sys.displayhook",
    "sys.flags",
)
_CHANGING = words(
    """
    append clear extend insert pop popitem remove reverse setdefault sort update
    """
)
_COPYING = frozenset({"items", "values", "copy", "keys"})
_COPIERS = (
    "builtins.dict",
    "builtins.print",
    "builtins.str",
    "builtins.repr",
    "builtins.list",
    "builtins.sorted",
    "json.dumps",
    "pprint.pprint",
    "copy.copy",
    "copy.deepcopy",
)


def pytest_violations(look: Look) -> Iterator[Violation]:
    """Yield what acts on other tests than the ones that are here."""
    yield from _hooks(look)
    for attribute in look.parsed.all(ast.Attribute):
        if attribute.attr in _MACHINERY:
            yield _PLUGINS.at(attribute, attribute.attr)
    for node in look.parsed.all(ast.Global):
        yield _GLOBAL.at(node, ", ".join(node.names))
    for function in look.parsed.functions():
        if is_fixture(function):
            yield from _of_fixture(function)
    yield from _assignments(look)
    for call in look.calls:
        yield from _of_call(call, look)


def _hooks(look: Look) -> Iterator[Violation]:
    for name, binding in look.bindings.everywhere():
        hook = name.startswith("pytest_") and binding.how in (How.DEFINED, How.VALUE)
        if hook or (name in _SETTINGS and binding.how is How.VALUE):
            yield _HOOK.at(binding.node, name)


def _of_fixture(function: Function) -> Iterator[Violation]:
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call):
            given = {each.arg: folded(each.value) for each in decorator.keywords}
            wide = given.get("scope") in ("session", "package")
            if wide and given.get("autouse"):
                yield _WIDE_FIXTURE.at(function, function.name)


def _assignments(look: Look) -> Iterator[Violation]:
    for node in look.parsed.either(ast.Attribute, ast.Subscript):
        if isinstance(node.ctx, ast.Load):
            continue
        holder = node.value if isinstance(node, ast.Subscript) else node
        if look.names.one_of(holder, *_OF_THE_PROCESS):
            yield _ENVIRONMENT.at(node, ast.unparse(node))
        elif isinstance(node, ast.Attribute) and _is_imported_thing(node.value, look):
            yield _PATCHES.at(node, ast.unparse(node))
    for name in look.parsed.all(ast.AugAssign):
        if look.names.one_of(name.target, *_OF_THE_PROCESS):
            yield _ENVIRONMENT.at(name, ast.unparse(name))


def _is_imported_thing(node: ast.expr, look: Look) -> bool:
    """Return whether an attribute is set on a module or class, not on an object of the test's."""
    return isinstance(node, ast.Name | ast.Attribute) and (
        look.names.is_imported(node) or bool(look.names.of(node))
    )


def _of_call(call: ast.Call, look: Look) -> Iterator[Violation]:
    names, function = look.names, call.func
    if isinstance(function, ast.Attribute):
        if function.attr in _CHANGING and names.one_of(function.value, *_OF_THE_PROCESS):
            yield _ENVIRONMENT.at(call, ast.unparse(call))
        if function.attr in _COPYING and names.one_of(function.value, "os.environ", "os.environb"):
            yield _DUMPS_ENVIRONMENT.at(call, ast.unparse(call))
    if names.one_of(function, *_COPIERS) and any(
        names.one_of(each, "os.environ", "os.environb") for each in call.args
    ):
        yield _DUMPS_ENVIRONMENT.at(call, ast.unparse(call))
    sets = names.one_of(function, "builtins.setattr", "builtins.delattr")
    if sets and call.args and _is_imported_thing(call.args[0], look):
        yield _PATCHES.at(call, ast.unparse(call))
