"""Rules on code that reaches things by text: attributes, namespaces, pickles, dunder names."""

import ast
import re
from collections.abc import Iterator

from sloptest_hook.guard.bindings import How
from sloptest_hook.guard.folding import folded_text
from sloptest_hook.guard.look import Look
from sloptest_hook.guard.verdicts import Rule, Verdict, Violation
from sloptest_hook.guard.words import words

_DUNDER = Rule(
    "dunder-access",
    Verdict.DENY,
    "reaches into the interpreter's own objects",
    "def test_it():\n    assert test_it.__globals__\n",
    "def test_it():\n    assert test_it.__name__ == 'test_it'\n",
)
_SOFT_DUNDER = Rule(
    "class-internals",
    Verdict.STRONG_SANDBOX,
    "looks at how a class or function is built",
    "import shop\n\n\ndef test_it():\n    assert shop.total.__code__\n",
    "import shop\n\n\ndef test_it():\n    assert shop.total.__doc__\n",
)
_DUNDER_TEXT = Rule(
    "dunder-text",
    Verdict.DENY,
    "holds the name of an interpreter's object as text",
    "def test_it():\n    assert '__globals__' != ''\n",
    "import shop\n\n\ndef test_it():\n    assert shop.total('__import__(1)') == 1\n",
)
_NAMESPACE = Rule(
    "namespace-lookup",
    Verdict.DENY,
    "looks a name up in a namespace",
    "def test_it():\n    globals()['test_it']\n",
    "def test_it():\n    assert {'a': 1}['a'] == 1\n",
)
_NAMESPACE_VALUE = Rule(
    "namespace-value",
    Verdict.STRONG_SANDBOX,
    "hands a namespace around",
    "def test_it():\n    assert sorted(locals()) == []\n",
    "def test_it():\n    assert sorted([]) == []\n",
)
_UNPICKLE = Rule(
    "unpickles",
    Verdict.DENY,
    "unpickles what it has not pickled itself",
    "import pickle\n\n\ndef test_it():\n    pickle.loads(b'cos')\n",
    "import pickle\n\n\ndef test_it():\n    data = pickle.dumps(1)\n"
    "    assert pickle.loads(data) == 1\n",
)
_EVALUATES = Rule(
    "evaluates-text",
    Verdict.DENY,
    "asks a function to evaluate text",
    "import inspect\n\n\ndef test_it(a):\n    inspect.get_annotations(a, eval_str=True)\n",
    "import inspect\n\n\ndef test_it(a):\n    inspect.get_annotations(a)\n",
)
_SQL = Rule(
    "sql-file",
    Verdict.DENY,
    "makes a database open another file",
    "def test_it(db):\n    db.execute(\"ATTACH 'x.db' AS x\")\n",
    "def test_it(db):\n    db.execute('select 1')\n",
)
_MAGIC = Rule(
    "magic-method",
    Verdict.FIX,
    "defines a method that the interpreter calls at its own time",
    "class It:\n    def __del__(self):\n        print(1)\n",
    "class It:\n    def __len__(self):\n        return 1\n",
)
RULES = (
    _DUNDER,
    _SOFT_DUNDER,
    _DUNDER_TEXT,
    _NAMESPACE,
    _NAMESPACE_VALUE,
    _UNPICKLE,
    _EVALUATES,
    _SQL,
    _MAGIC,
)

_HARD_NAMES = words(
    """
    __builtins__ __getattribute__ __globals__ __import__ __loader__ __subclasses__ ag_code ag_frame
    cr_code cr_frame f_back f_builtins f_globals f_locals func_code func_globals gi_code gi_frame
    tb_frame co_code __self__ __spec__ load_module exec_module create_module get_original
    temp_original _setattr _setitem
    """
)
_SOFT_NAMES = words(
    """
    __base__ __bases__ __closure__ __code__ __mro__ co_consts mro
    """
)
_IN_TEXT = re.compile(
    r"\A\s*__(?:subclasses|globals|builtins|import|loader|code|reduce|reduce_ex|del)__\s*\Z"
    r"|\A\s*__getattribute__\s*\Z"
    r"|\{[^{}]{0,200}__(?:globals|class|init|builtins|subclasses)"
)
# Possessive: a text made of comments must not be tried in all ways of taking it apart.
_SQL_FILE = re.compile(
    r"(?:--[^\n]*\n|/\*(?:[^*]|\*(?!/))*+\*/|\s)*+"
    r"(?:attach\s+(?:database\b|\?|'|:|\")|vacuum(?:\s+\w+)?\s+into\b)",
    re.IGNORECASE,
)
_LOADS_EXTENSION = re.compile(r"\bload_extension\s*\(", re.IGNORECASE)
_AT_ITS_OWN_TIME = frozenset({"__del__", "__reduce__", "__reduce_ex__", "__setstate__"})
_NAMESPACES = ("builtins.globals", "builtins.locals")
_LOADERS = ("pickle.load", "pickle.loads")


def dynamic_violations(look: Look) -> Iterator[Violation]:
    """Yield every way to a thing that does not name it."""
    yield from _attributes(look)
    yield from _texts(look)
    yield from _methods(look)
    for call in look.calls:
        yield from _of_call(call, look)


def _attributes(look: Look) -> Iterator[Violation]:
    for node in look.parsed.all(ast.Attribute):
        if node.attr in _HARD_NAMES:
            yield _DUNDER.at(node, node.attr)
        elif node.attr in _SOFT_NAMES:
            soft = isinstance(node.ctx, ast.Load)
            yield (_SOFT_DUNDER if soft else _DUNDER).at(node, node.attr)
    for name in look.parsed.all(ast.Name):
        if name.id in ("__builtins__", "__loader__", "__spec__", "__import__"):
            yield _DUNDER.at(name, name.id)


def _texts(look: Look) -> Iterator[Violation]:
    together = (*look.parsed.all(ast.BinOp), *look.parsed.all(ast.JoinedStr))
    for node in (*look.parsed.all(ast.Constant), *together):
        text = folded_text(node)
        if text is None:
            continue
        if "__" in text and _IN_TEXT.search(text):
            yield _DUNDER_TEXT.at(node, text)
        if _SQL_FILE.match(text) or _LOADS_EXTENSION.search(text):
            yield _SQL.at(node, text)


def _methods(look: Look) -> Iterator[Violation]:
    for name, binding in look.bindings.everywhere():
        if name in _AT_ITS_OWN_TIME and binding.how is not How.PARAMETER:
            yield _MAGIC.at(binding.node, name)


def _of_call(call: ast.Call, look: Look) -> Iterator[Violation]:
    names = look.names
    if names.one_of(call.func, *_NAMESPACES):
        parent = look.parsed.parent(call)
        looked_up = isinstance(parent, ast.Subscript | ast.Attribute)
        yield (_NAMESPACE if looked_up else _NAMESPACE_VALUE).at(call, ast.unparse(call))
    if names.one_of(call.func, "builtins.vars") and not call.args:
        yield _NAMESPACE.at(call, "vars()")
    if any(each.arg == "eval_str" for each in call.keywords):
        yield _EVALUATES.at(call, "eval_str")
    if names.one_of(call.func, *_LOADERS) and not _is_own_pickle(call, look):
        yield _UNPICKLE.at(call, ast.unparse(call))
    yield from _of_attribute_names(call, look)


def _of_attribute_names(call: ast.Call, look: Look) -> Iterator[Violation]:
    texts: list[str | None] = []
    if look.names.one_of(call.func, "builtins.getattr", "builtins.setattr", "builtins.hasattr"):
        texts = [folded_text(call.args[1])] if len(call.args) > 1 else []
    elif look.names.one_of(call.func, "operator.attrgetter", "operator.methodcaller"):
        texts = [folded_text(each) for each in call.args]
    for text in texts:
        words = set((text or "").split("."))
        if words & (_HARD_NAMES | _SOFT_NAMES):
            yield _DUNDER.at(call, text or "")


def _is_own_pickle(call: ast.Call, look: Look) -> bool:
    """Return whether what is loaded is, for all that can be seen, a dump made in this file."""
    source = call.args[0] if call.args else None
    if not isinstance(source, ast.Name):
        return _is_dump(source)
    bindings = look.bindings.of(source.id, source)
    return bool(bindings) and all(
        each.how is How.VALUE and _is_dump(each.node) for each in bindings
    )


def _is_dump(node: ast.AST | None) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "dumps"
    )
