"""What a piece of code mentions that may lead to other code: names, words, arguments, imports."""

import ast
import enum
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

_Import = ast.Import | ast.ImportFrom
# With these a function reaches any name of its file.
_NAMESPACES = frozenset({"globals", "locals", "vars", "exec", "eval", "compile"})
_NAMESPACE_ATTRIBUTES = frozenset(
    {"__dict__", "__globals__", "f_globals", "f_locals", "_getframe", "currentframe"}
    | {"module", "getmembers"}
)
# With these any class or fixture of any file at hand.
_WIDE = frozenset({"__subclasses__"})
_BY_NAME = frozenset({"getattr", "setattr", "delattr", "hasattr"})
_MAKING_GETTERS = frozenset({"attrgetter", "methodcaller"})
_IMPORTING = frozenset(
    {"import_module", "__import__", "importorskip", "run_module", "find_spec", "resolve_name"}
)
# A longer string is a text, not a list of names.
_LONGEST = 300
# What has no parts.
_LEAVES = frozenset({type(None), str, int, float, complex, bool, bytes, type(...)}) | frozenset(
    {ast.Load, ast.Store, ast.Del, ast.And, ast.Or, *ast.operator.__subclasses__()}
    | {*ast.cmpop.__subclasses__(), *ast.unaryop.__subclasses__()}
)
_NAME = re.compile(r"[^\W\d]\w*")
_DOTTED = re.compile(r"[^\W\d]\w*\.(?:\w+\.?)*")
_SCRIPT = re.compile(r"[\w-]+\.py\b")


class Use(enum.Flag):
    """How a name is used: for something in it, as a value that goes anywhere, as a base class."""

    INSIDE = 1
    VALUE = 2
    BASE = 4


@dataclass(slots=True)
class Mentions:
    """What one statement mentions; nobody adds to it once it is made.

    ``names`` are looked up in the statement's own file, ``words`` (attributes, keywords, strings)
    wherever they may lead, ``arguments`` may be fixtures. ``bare`` are the names and attributes
    whose value goes somewhere: ``use(helpers)``, not ``helpers.size``. ``dotted`` strings may name
    a module, ``modules`` and ``plugins`` do so, ``scripts`` are names of Python files. ``rebound``
    are the names of the module that a function binds.
    """

    names: set[str] = field(default_factory=set)
    bare: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    arguments: set[str] = field(default_factory=set)
    dotted: set[str] = field(default_factory=set)
    modules: set[str] = field(default_factory=set)
    plugins: set[str] = field(default_factory=set)
    scripts: set[str] = field(default_factory=set)
    rebound: set[str] = field(default_factory=set)
    imports: list[_Import] = field(default_factory=list)
    is_computed: bool = False
    is_wide: bool = False
    imports_any: bool = False


def mentions_of(nodes: Iterable[ast.AST]) -> Mentions:
    """Return what the nodes mention, docstrings left out."""
    found = Mentions()
    stack = list(nodes)
    while stack:
        node = stack.pop()
        kind = node.__class__
        if kind not in _LEAVES:
            _READERS.get(kind, _other)(node, found, stack)
    return found


def last_name(node: ast.AST) -> str:
    """Return ``c`` for ``c``, ``a.b.c``, ``c(...)`` and ``c[...]``; "" for anything else."""
    while isinstance(node, ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _other(node: ast.AST, _found: Mentions, stack: list[ast.AST]) -> None:
    for name in node._fields:
        value: object = getattr(node, name, None)
        if isinstance(value, list):
            stack += value  # names of a pattern or None among them have no fields
        elif isinstance(value, ast.AST):
            stack.append(value)


def _name(node: ast.Name, found: Mentions, _stack: list[ast.AST]) -> None:
    found.names.add(node.id)
    found.bare.add(node.id)
    if node.id in _NAMESPACES:
        found.is_computed = True


def _attribute(node: ast.Attribute, found: Mentions, stack: list[ast.AST]) -> None:
    found.bare.add(node.attr)
    inner: ast.expr = node
    while isinstance(inner, ast.Attribute):
        found.words.add(inner.attr)
        found.is_computed |= inner.attr in _NAMESPACE_ATTRIBUTES
        found.is_wide |= inner.attr in _WIDE
        inner = inner.value
    if isinstance(inner, ast.Name):
        found.names.add(inner.id)
    else:
        stack.append(inner)


def _call(node: ast.Call, found: Mentions, stack: list[ast.AST]) -> None:
    called = last_name(node.func)
    if called in _BY_NAME:
        found.is_computed |= not _is_text(node.args[1:2])
    elif called in _MAKING_GETTERS:
        found.is_computed |= not _is_text(node.args[:1])
    elif called == "getfixturevalue":
        found.is_wide |= not _is_text(node.args[:1])
    elif called in _IMPORTING:
        _imported_by_name(node, found)
    if called != "super":  # super(Class, self) hands neither to anybody
        stack += node.args
    stack += node.keywords
    stack.append(node.func)


def _imported_by_name(node: ast.Call, found: Mentions) -> None:
    given = node.args[0] if node.args else node.keywords[0].value if node.keywords else None
    beginning = given
    if isinstance(beginning, ast.JoinedStr) and beginning.values:
        beginning = beginning.values[0]
    while isinstance(beginning, ast.BinOp):
        beginning = beginning.left
    match beginning:
        case ast.Constant(value=str(text)) if beginning is given or "." in text.strip("."):
            found.modules.add(text)
        case _:
            found.imports_any = True


def _is_text(given: list[ast.expr]) -> bool:
    return all(isinstance(each, ast.Constant) for each in given)


def _constant(node: ast.Constant, found: Mentions, _stack: list[ast.AST]) -> None:
    text = node.value
    if not isinstance(text, str):
        return
    if ".py" in text:
        found.scripts.update(_SCRIPT.findall(text))
    if "." in text:
        found.dotted.update(_DOTTED.findall(text))
    if len(text) <= _LONGEST:
        found.words.update(_NAME.findall(text))


def _argument(node: ast.arg, found: Mentions, stack: list[ast.AST]) -> None:
    found.arguments.add(node.arg)
    if node.annotation is not None:
        stack.append(node.annotation)


def _subscript(node: ast.Subscript, found: Mentions, stack: list[ast.AST]) -> None:
    if last_name(node.value) == "modules":  # sys.modules[name]
        found.is_computed |= not _is_text([node.slice])
    _other(node, found, stack)


def _keyword(node: ast.keyword, found: Mentions, stack: list[ast.AST]) -> None:
    if node.arg is not None:
        found.words.add(node.arg)
    stack.append(node.value)


def _import(node: _Import, found: Mentions, _stack: list[ast.AST]) -> None:
    found.imports.append(node)


def _expression(node: ast.Expr, _found: Mentions, stack: list[ast.AST]) -> None:
    if not isinstance(node.value, ast.Constant):  # a docstring, or nothing
        stack.append(node.value)


def _class_pattern(node: ast.MatchClass, found: Mentions, stack: list[ast.AST]) -> None:
    found.words.update(node.kwd_attrs)
    _other(node, found, stack)


def _global(node: ast.Global, found: Mentions, _stack: list[ast.AST]) -> None:
    found.names.update(node.names)
    found.rebound.update(node.names)


_READERS: dict[type[ast.AST], Callable[..., None]] = {
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Call: _call,
    ast.Constant: _constant,
    ast.arg: _argument,
    ast.Subscript: _subscript,
    ast.keyword: _keyword,
    ast.Import: _import,
    ast.ImportFrom: _import,
    ast.Expr: _expression,
    ast.MatchClass: _class_pattern,
    ast.Global: _global,
}
