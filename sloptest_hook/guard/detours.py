"""Rules on detours: other ways to a module, a process or a file than its name.

Each of them was found by reading the other rules with hostile intent.
"""

import ast
import sys
from collections.abc import Iterator

from sloptest_hook.guard.folding import folded, folded_text
from sloptest_hook.guard.look import Look
from sloptest_hook.guard.names import REEXPORTED
from sloptest_hook.guard.verdicts import Rule, Verdict, Violation
from sloptest_hook.guard.words import words

_TABLE = Rule(
    "module-table",
    Verdict.DENY,
    "goes through all modules, or all names of one",
    "import sys\n\n\ndef test_it():\n    for name, it in sys.modules.items():\n        print(it)\n",
    "import sys\n\n\ndef test_it():\n    assert 'shop' not in sys.modules\n",
)
_PATTERN = Rule(
    "pattern-attribute",
    Verdict.DENY,
    "takes a module or an interpreter's object out of another by a pattern",
    "import shop\n\n\ndef test_it():\n    match shop:\n        case object(os=it):\n"
    "            assert it\n",
    "import shop\n\n\ndef test_it():\n    match shop.total([]):\n        case object(real=it):\n"
    "            assert it == 0\n",
)
_BUILT_NAME = Rule(
    "built-attribute",
    Verdict.DENY,
    "takes an attribute by a name that it puts together",
    "import shop\n\n\ndef test_it():\n    getattr(shop, bytes([95]).decode())\n",
    "import shop\n\n\ndef test_it(kind):\n    assert getattr(shop, f'total_{kind}')([]) == 0\n",
)
_GETTER = Rule(
    "module-by-getter",
    Verdict.DENY,
    "takes a module out of another by a text",
    "import operator\nimport shop\n\n\ndef test_it():\n    operator.attrgetter('os.sep')(shop)\n",
    "import operator\nimport shop\n\n\ndef test_it():\n"
    "    assert operator.attrgetter('real')(shop.total([])) == 0\n",
)
_ANNOTATION = Rule(
    "annotation-call",
    Verdict.DENY,
    "has a call in the text of an annotation, which may be evaluated",
    "def test_it():\n    def it(a: 'print(1)'):\n        return a\n    assert it(1) == 1\n",
    "def test_it():\n    def it(a: 'list[int]'):\n        return a\n    assert it(1) == 1\n",
)
_LOOP = Rule(
    "event-loop-io",
    Verdict.FIX,
    "lets the event loop start processes or talk to the network",
    "import asyncio\n\n\ndef test_it():\n"
    "    asyncio.new_event_loop().subprocess_shell(print, 'x')\n",
    "import asyncio\n\n\ndef test_it():\n    assert asyncio.run(asyncio.sleep(0)) is None\n",
)
_RUNS = Rule(
    "runs-programs",
    Verdict.DENY,
    "runs a program, a module's command or another pytest",
    "def test_it(tmpdir):\n    tmpdir.sysfind('sh').sysexec('-c', 'x')\n",
    "def test_it(tmpdir):\n    assert tmpdir.join('a').check() is False\n",
)
_SESSION = Rule(
    "pytest-session",
    Verdict.DENY,
    "reaches the other tests of the session",
    "def test_it(request):\n    request.session.items.clear()\n",
    "def test_it(request):\n    assert request.node.name == 'test_it'\n",
)
_IMPORT_PATH = Rule(
    "import-path",
    Verdict.FIX,
    "lets imports find other code, or takes patches back before the test ends",
    "def test_it(monkeypatch, tmp_path):\n    monkeypatch.syspath_prepend(tmp_path)\n",
    "def test_it(monkeypatch, tmp_path):\n    monkeypatch.chdir(tmp_path)\n",
)
_ALIASES = Rule(
    "endless-aliases",
    Verdict.DENY,
    "gives so many names to one thing that they cannot be followed",
    "def test_it():\n    while it():\n"
    + "".join(f"        a{i + 1} = a{i}\n" for i in range(20, -1, -1))
    + "    import os as a0\n",
    "import os\n\n\ndef test_it():\n    a = os\n    b = a\n    assert b.sep\n",
)
RULES = (
    _TABLE,
    _PATTERN,
    _BUILT_NAME,
    _GETTER,
    _ANNOTATION,
    _LOOP,
    _RUNS,
    _SESSION,
    _IMPORT_PATH,
    _ALIASES,
)

_OF_THE_LOOP = words(
    """
    add_signal_handler connect_read_pipe connect_write_pipe create_datagram_endpoint
    create_unix_connection create_unix_server sock_connect sock_sendall sock_sendto subprocess_exec
    subprocess_shell
    """
)
_RUNNING = words(
    """
    inline_run inline_runsource pyimport runpytest runpytest_inprocess runpytest_subprocess
    runpython runpython_c spawn_pytest sysexec sysfind
    """
)
_OF_PATHS = frozenset({"syspath_prepend", "syspathinsert"})
_BY_ATTRIBUTE = {
    **dict.fromkeys(_OF_THE_LOOP, _LOOP),
    **dict.fromkeys(_RUNNING, _RUNS),
    **dict.fromkeys(_OF_PATHS, _IMPORT_PATH),
}
_WITH_A_KEY = frozenset({"get", "pop", "setdefault", "update", "clear"})
_PATCHING = frozenset({"setitem", "delitem", "dict", "setattr"})
_LOOKED_UP = ("builtins.getattr", "inspect.getattr_static")
_DUNDERS = words("__globals__ __builtins__ __subclasses__ __self__ __dict__ __code__ __spec__")


def detour_violations(look: Look) -> Iterator[Violation]:
    """Yield the detours; most are known by an attribute that nothing else has."""
    if look.names.unsettled:
        yield _ALIASES.at(1)
    for node in look.parsed.all(ast.Attribute):
        yield from _of_attribute(node, look)
    for pattern in look.parsed.all(ast.MatchClass):
        hidden = (REEXPORTED.keys() | _DUNDERS) & set(pattern.kwd_attrs)
        if hidden:
            yield _PATTERN.at(pattern, min(hidden))
    for annotation in _annotations(look):
        text = folded_text(annotation)
        if text is not None and "(" in text:
            yield _ANNOTATION.at(annotation, text)
    for call in look.calls:
        yield from _of_call(call, look)


def _of_attribute(node: ast.Attribute, look: Look) -> Iterator[Violation]:
    rule = _BY_ATTRIBUTE.get(node.attr)
    if rule is not None:
        yield rule.at(node, node.attr)
    holder = _last_word(node.value)
    if node.attr == "session" and holder in ("request", "node"):
        yield _SESSION.at(node, ast.unparse(node))
    if node.attr == "undo" and holder == "monkeypatch":
        yield _IMPORT_PATH.at(node, ast.unparse(node))
    for meaning in look.names.of(node):
        top, _, rest = meaning.partition(".")
        if rest.rpartition(".")[2] == "main" and top in sys.stdlib_module_names:
            yield _RUNS.at(node, meaning)
        if meaning == "sys.modules" or meaning.endswith(".__dict__"):
            yield from _of_table(node, meaning, look)


def _last_word(node: ast.expr) -> str:
    match node:
        case ast.Name(id=word) | ast.Attribute(attr=word):
            return word
        case _:
            return ""


def _of_table(node: ast.Attribute, meaning: str, look: Look) -> Iterator[Violation]:
    """Yield a table of names that is used otherwise than by one written key."""
    parent = look.parsed.parent(node)
    if isinstance(parent, ast.Subscript | ast.Compare | ast.Expr):
        return
    if isinstance(parent, ast.Attribute) and parent.attr in _WITH_A_KEY:
        return
    call = parent if isinstance(parent, ast.Call) else None
    if call is None or _last_word(call.func) not in _PATCHING or call.args[:1] != [node]:
        yield _TABLE.at(node, meaning)


def _annotations(look: Look) -> Iterator[ast.expr]:
    for argument in look.parsed.all(ast.arg):
        if argument.annotation is not None:
            yield argument.annotation
    for assignment in look.parsed.all(ast.AnnAssign):
        yield assignment.annotation
    for function in look.parsed.functions():
        if function.returns is not None:
            yield function.returns


def _of_call(call: ast.Call, look: Look) -> Iterator[Violation]:
    if look.names.one_of(call.func, "operator.attrgetter", "operator.methodcaller"):
        parts = {part for each in call.args for part in (folded_text(each) or "").split(".")}
        if parts & REEXPORTED.keys():
            yield _GETTER.at(call, ast.unparse(call))
        if any(map(_is_built, call.args[:1])):
            yield _BUILT_NAME.at(call, ast.unparse(call))
    if look.names.one_of(call.func, *_LOOKED_UP) and len(call.args) > 1:
        name = call.args[1]
        behind = look.bindings.of(name.id, name) if isinstance(name, ast.Name) else ()
        if any(map(_is_built, (name, *(each.node for each in behind)))):
            yield _BUILT_NAME.at(call, ast.unparse(call))


def _is_built(node: ast.AST) -> bool:
    """Return whether a name is made by code, and may be any; ``f"get_{kind}"`` may not."""
    if folded(node) is not None:
        return False
    if isinstance(node, ast.JoinedStr):
        first = node.values[0] if node.values else None
        return not isinstance(first, ast.Constant) or str(first.value).startswith("_")
    return isinstance(node, ast.Call | ast.BinOp | ast.Subscript)
