"""What the names of a file mean: resolved through imports, aliases and folded strings."""

import ast
import builtins
from collections.abc import Callable, Iterator
from typing import ClassVar

from sloptest_hook.guard.allowed_modules import SENSITIVE
from sloptest_hook.guard.bindings import Bindings, How
from sloptest_hook.guard.folding import folded, folded_text
from sloptest_hook.guard.parsed import Parsed
from sloptest_hook.guard.words import words

DYNAMIC = "<dynamic>"  # an attribute whose name is not known
_RELATIVE = "<relative>"
# Modules that are theirs wherever they are reached from: ``shop.files.os`` is ``os``.
REEXPORTED = {
    name: name.lstrip("_")
    for name in words(
        """
        os sys subprocess shutil socket builtins importlib ctypes marshal runpy pickle signal
        multiprocessing _os _sys _io _socket _subprocess _pickle _signal _ctypes _shutil
        """
    )
} | {"posix": "os", "nt": "os", "_posixsubprocess": "subprocess", "__builtins__": "builtins"}
# What gives a module for its name.
_IMPORTERS = frozenset(
    {
        "builtins.__import__",
        "importlib.import_module",
        "importlib.__import__",
        "pytest.importorskip",
        "pkgutil.resolve_name",
    }
)
# What a name may be rebound to and is still looked at as what it is by default.
_NEVER_HARMLESS = words(
    """
    eval exec compile __import__ breakpoint open getattr __builtins__ __loader__ __spec__
    """
)
_BUILTINS = frozenset(dir(builtins)) | {"__builtins__", "__loader__", "__spec__"}
_NOT_REAL = frozenset({"call", "sentinel"})  # `mock.call.os.remove("x")` is a record, no module
_MOST_ROUNDS = 12  # of following names to names
_MOST_PARTS = 12
# What gives a module of the table of modules, and what looks a name up without an attribute.
_TABLE_LOOKUPS = frozenset({"sys.modules.get", "sys.modules.pop", "sys.modules.__getitem__"})
_GETTERS = frozenset({"builtins.getattr", "inspect.getattr_static"})
_OF_VALUES = frozenset(dir(str)) | frozenset(dir(dict)) | frozenset(dir(list))


class Names:
    """Every meaning that an expression of one file may have, as dotted names.

    Scopes are not told apart: a name that is ``os`` anywhere may be ``os`` everywhere. That errs on
    the side of refusing.
    """

    __slots__ = ("_aliases", "_bound", "_known", "_parsed", "unsettled")

    def __init__(self, parsed: Parsed, bindings: Bindings) -> None:
        self._parsed = parsed
        self._aliases: dict[str, set[str]] = {}
        self._known: dict[ast.AST, frozenset[str]] = {}
        self._bound: set[str] = set()
        self.unsettled = False
        self._read_imports()
        values: list[tuple[str, ast.AST]] = []
        for name, binding in bindings.everywhere():
            self._bound.add(name)
            if binding.how is How.VALUE:
                values.append((name, binding.node))
        self._follow(values)

    def of(self, node: ast.AST) -> frozenset[str]:
        """Return the dotted names that an expression may stand for; empty: nothing is known."""
        known = self._known.get(node)
        if known is None:
            resolve = self._resolvers.get(type(node))
            known = frozenset(resolve(self, node)) if resolve is not None else frozenset()
            self._known[node] = known
        return known

    def one_of(self, node: ast.AST, *names: str) -> bool:
        return not self.of(node).isdisjoint(names)

    def is_imported(self, node: ast.AST) -> bool:
        """Return whether an expression starts at an imported name."""
        while isinstance(node, ast.Attribute | ast.Subscript):
            node = node.value
        return isinstance(node, ast.Name) and node.id in self._aliases

    def _read_imports(self) -> None:
        for node in self._parsed.all(ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                meaning = alias.name if alias.asname else top
                self._add(alias.asname or top, canonical(meaning))
        for source in self._parsed.all(ast.ImportFrom):
            module = _RELATIVE if source.level else source.module or ""
            for alias in source.names:
                self._add(alias.asname or alias.name, canonical(f"{module}.{alias.name}"))

    def _follow(self, values: list[tuple[str, ast.AST]]) -> None:
        """Let names mean what their values mean, also through several names."""
        for _round in range(_MOST_ROUNDS):
            self._known.clear()
            before = sum(map(len, self._aliases.values()))
            for name, node in values:
                for meaning in self.of(node):
                    self._add(name, meaning)
            if sum(map(len, self._aliases.values())) == before:
                break
        else:
            self.unsettled = True
        self._known.clear()

    def _add(self, name: str, meaning: str) -> None:
        if meaning.count(".") < _MOST_PARTS:  # `a = a.b` has no end
            self._aliases.setdefault(name, set()).add(meaning)

    def _of_name(self, node: ast.Name) -> Iterator[str]:
        yield from self._aliases.get(node.id, ())
        if node.id in _BUILTINS and (node.id not in self._bound or node.id in _NEVER_HARMLESS):
            yield canonical(f"builtins.{node.id}")

    def _of_attribute(self, node: ast.Attribute) -> Iterator[str]:
        bases = self.of(node.value)
        for base in bases:
            yield canonical(f"{base}.{node.attr}")
        if not bases and isinstance(node.value, ast.Attribute) and node.value.attr in REEXPORTED:
            # Nothing is known of what it starts at, and `.os.` is `os` all the same.
            yield canonical(f"{REEXPORTED[node.value.attr]}.{node.attr}")
        if not bases:
            # A class body may have given the module a name: `Holder.it.system`.
            aliases = self._aliases.get(node.attr, ())
            yield from (each for each in aliases if each in SENSITIVE)

    def _of_call(self, node: ast.Call) -> Iterator[str]:
        functions = self.of(node.func)
        if not functions.isdisjoint(_GETTERS) and len(node.args) > 1:
            attribute = folded_text(node.args[1]) or DYNAMIC
            for base in self.of(node.args[0]):
                yield canonical(f"{base}.{attribute}")
        if not functions.isdisjoint(_IMPORTERS):
            module = folded_text(_first_argument(node))
            if module:
                yield canonical(module.replace(":", "."))
        if not functions.isdisjoint(_TABLE_LOOKUPS):
            module = folded_text(_first_argument(node))
            yield canonical(module) if module else f"sys.{DYNAMIC}"
        if "builtins.vars" in functions and node.args:
            yield from (f"{base}.__dict__" for base in self.of(node.args[0]))

    def _of_subscript(self, node: ast.Subscript) -> Iterator[str]:
        key = folded(node.slice)
        for base in self.of(node.value):
            holder, dot, last = base.rpartition(".")
            if base == "sys.modules":
                yield canonical(key) if isinstance(key, str) else f"sys.{DYNAMIC}"
            elif dot and last == "__dict__":
                yield canonical(f"{holder}.{key if isinstance(key, str) else DYNAMIC}")
            elif base == "builtins":
                yield canonical(f"builtins.{key if isinstance(key, str) else DYNAMIC}")
        yield from self._of_element(node, key)
        if isinstance(key, str) and key in REEXPORTED and self._is_used_as_module(node):
            yield REEXPORTED[key]

    def _is_used_as_module(self, node: ast.Subscript) -> bool:
        """Return whether more is asked of ``x["os"]`` than a text, a list or a mapping has."""
        parent = self._parsed.parent(node)
        return isinstance(parent, ast.Attribute) and parent.attr not in _OF_VALUES

    def _of_element(self, node: ast.Subscript, key: object) -> Iterator[str]:
        """Yield what one of several written values may be: ``(os, sys)[0]``."""
        if isinstance(node.value, ast.Tuple | ast.List) and not isinstance(key, str):
            for each in node.value.elts:
                yield from self.of(each)
        elif isinstance(node.value, ast.Dict):
            for each in node.value.values:
                yield from self.of(each)

    def _of_choice(self, node: ast.IfExp | ast.BoolOp) -> Iterator[str]:
        choices = (node.body, node.orelse) if isinstance(node, ast.IfExp) else node.values
        for each in choices:
            yield from self.of(each)

    def _of_wrapped(self, node: ast.NamedExpr | ast.Starred | ast.Await) -> Iterator[str]:
        yield from self.of(node.value)

    _resolvers: ClassVar[dict[type[ast.AST], Callable[..., Iterator[str]]]] = {
        ast.Name: _of_name,
        ast.Attribute: _of_attribute,
        ast.Call: _of_call,
        ast.Subscript: _of_subscript,
        ast.IfExp: _of_choice,
        ast.BoolOp: _of_choice,
        ast.NamedExpr: _of_wrapped,
        ast.Starred: _of_wrapped,
        ast.Await: _of_wrapped,
    }


def canonical(dotted: str) -> str:
    """Return the name by which the rules know it: ``random._os.system`` is ``os.system``."""
    parts = dotted.split(".")
    for index in range(len(parts) - 1, -1, -1):
        home = REEXPORTED.get(parts[index])
        if home is None or REEXPORTED.get(parts[index - 1] if index else "") == home:
            continue  # `socket.socket` is no module in a module
        if _NOT_REAL.isdisjoint(parts[:index]):
            parts = [home, *parts[index + 1 :]]
            break
    name = ".".join(parts)
    return "builtins.open" if name in ("io.open", "_io.open") else name


def _first_argument(node: ast.Call) -> ast.expr | None:
    if node.args:
        return node.args[0]
    return next((each.value for each in node.keywords if each.arg in ("name", "modname")), None)
