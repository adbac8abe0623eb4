"""Guesses what an unannotated parameter is from what the function does with it."""

from __future__ import annotations

import ast
from typing import NamedTuple

from .keeping import constructor_of, kept_names
from .syntax import dotted

_BUILDERS = ("iter", "list", "set", "tuple", "dict", "sorted", "reversed", "enumerate", "zip")
_ITERATES = frozenset((*_BUILDERS, "map", "filter", "sum", "any", "all", "min", "max"))
_COUNTS = frozenset(["int", "abs", "float", "round", "range", "divmod", "pow"])
_TEXT_METHODS = frozenset(["match", "sub", "search", "fullmatch", "join", "split", "encode"])


class Use(NamedTuple):
    """What is done with one name."""

    attributes: frozenset[str] = frozenset()
    called: frozenset[str] = frozenset()
    keys: tuple[str, ...] = ()
    arity: int | None = None
    iterated: bool = False
    unpacked: int = 0
    indexed: bool = False
    number: bool = False
    text: bool = False
    items: bool = False
    kinds: tuple[str, ...] = ()
    template: bool = False
    path: bool = False
    nested: tuple[tuple[str, str], ...] = ()
    texts: bool = False
    advanced: bool = False  # by ``next``: an iterator, not only something to iterate over
    compared: tuple[object, ...] = ()  # the constants that it is equal to, or one of, somewhere
    awaited: bool = False  # what a call of it gives
    members: tuple[str, ...] = ()  # the texts that are looked for in it


class _Observer:
    """Collects the uses of one name over a syntax tree."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.attributes: set[str] = set()
        self.called: set[str] = set()
        self.keys: list[str] = []
        self.kinds: list[str] = []
        self.nested: list[tuple[str, str]] = []
        self.arity: int | None = None
        self.unpacked = 0
        self.flags: set[str] = set()
        self.kept_as: frozenset[str] | None = None  # ``self.x``: look for these instead
        self.compared: list[object] = []
        self.members: list[str] = []

    def is_it(self, node: ast.AST | None) -> bool:
        if self.kept_as is None:
            return isinstance(node, ast.Name) and node.id == self.name
        return dotted(node) in self.kept_as if isinstance(node, ast.Attribute) else False

    def see(self, node: ast.AST) -> None:
        if isinstance(node, ast.Call):
            self._call(node)
        elif isinstance(node, ast.Await):
            called = isinstance(node.value, ast.Call) and self.is_it(node.value.func)
            self.flags |= {"awaited"} if called else set()
        elif isinstance(node, ast.Compare):
            self._comparison(node)
        elif isinstance(node, ast.BinOp):
            self._arithmetic(node)
        elif isinstance(node, (ast.For, ast.comprehension)):
            self._iteration(node)
        elif self.is_it(getattr(node, "value", None)):
            self._part(node)
        elif isinstance(node, ast.Subscript) and self._key_of_it(node.value):
            self.nested += [(self._key_of_it(node.value), key) for key in _text(node.slice)]

    def _part(self, node: ast.AST) -> None:
        """See what is done with the name itself: ``name.x``, ``name[x]``, ``total += name``."""
        if isinstance(node, ast.Attribute):
            self.attributes.add(node.attr)
        elif isinstance(node, ast.Subscript):
            self._subscript(node.slice)
        elif isinstance(node, ast.AugAssign):
            self.flags.add("number")

    def _key_of_it(self, node: ast.AST) -> str:
        """Return ``key`` for ``name["key"]``, an empty string for anything else."""
        if isinstance(node, ast.Subscript) and self.is_it(node.value):
            return "".join(_text(node.slice))
        return ""

    def _subscript(self, index: ast.AST) -> None:
        if isinstance(index, ast.Constant) and isinstance(index.value, str):
            self.keys.append(index.value)
        else:
            self.flags.add("indexed")

    def _iteration(self, node: ast.For | ast.comprehension) -> None:
        over = node.iter
        if self.is_it(over):
            self.flags.add("iterated")
            if isinstance(node.target, ast.Tuple):
                self.unpacked = len(node.target.elts)
        elif isinstance(over, ast.Call) and isinstance(over.func, ast.Attribute):
            views = over.func.attr in ("items", "values", "keys")
            self.flags |= {"items"} if views and self.is_it(over.func.value) else set()

    def _call(self, node: ast.Call) -> None:
        given = any(self.is_it(argument) for argument in node.args)
        if self.is_it(node.func):
            starred = any(isinstance(argument, ast.Starred) for argument in node.args)
            self.arity = -1 if starred else len(node.args)
        elif isinstance(node.func, ast.Name) and given:
            self._builtin(node.func.id, node)
        elif isinstance(node.func, ast.Attribute):
            if given and node.func.attr in _TEXT_METHODS:
                self.flags |= {"iterated", "texts"} if node.func.attr == "join" else {"text"}
            if self.is_it(node.func.value):
                self._method(node.func.attr, node)

    def _builtin(self, function: str, node: ast.Call) -> None:
        if function == "isinstance" and len(node.args) > 1:
            names = [each.id for each in ast.walk(node.args[1]) if isinstance(each, ast.Name)]
            self.kinds += names
        elif function in ("open", "Path", "PurePath"):
            self.flags.add("path")
        elif function in _ITERATES:
            self.flags.add("iterated")
        elif function in _COUNTS:
            self.flags.add("number")
        elif function == "next":
            self.flags.add("advanced")
        elif function == "len":
            self.flags.add("sized")

    def _method(self, method: str, node: ast.Call) -> None:
        self.called.add(method)
        if method in ("get", "pop", "setdefault") and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                self.keys.append(first.value)

    def _comparison(self, node: ast.Compare) -> None:
        sides = [node.left, *node.comparators]
        self._constants(node)
        if not any(self.is_it(side) for side in sides):
            self._membership(node)
            return
        for side in sides:
            if isinstance(side, ast.Constant) and isinstance(side.value, (int, float)):
                self.flags.add("number")
            elif isinstance(side, ast.Constant) and isinstance(side.value, str):
                self.flags.add("text")
        self._membership(node)
        if any(isinstance(each, (ast.Lt, ast.LtE, ast.Gt, ast.GtE)) for each in node.ops):
            self.flags.add("ordered")

    def _constants(self, node: ast.Compare) -> None:
        """See ``it == "a"`` and ``it in ("a", "b")``: the values that somebody thought of."""
        equal = isinstance(node.ops[0], (ast.Eq, ast.NotEq, ast.In, ast.NotIn))
        if equal and self.is_it(node.left):
            self.compared += _held_constants(node.comparators[0])

    def _membership(self, node: ast.Compare) -> None:
        if isinstance(node.ops[0], (ast.In, ast.NotIn)) and self.is_it(node.comparators[0]):
            if isinstance(node.left, ast.Constant) and isinstance(node.left.value, str):
                self.members.append(node.left.value)
            self.flags.add("container")

    def _arithmetic(self, node: ast.BinOp) -> None:
        if not (self.is_it(node.left) or self.is_it(node.right)):
            return
        if isinstance(node.op, ast.Mod) and self.is_it(node.left):
            self.flags.add("template")
        other = node.right if self.is_it(node.left) else node.left
        if isinstance(other, ast.JoinedStr) or (
            isinstance(other, ast.Constant) and isinstance(other.value, str)
        ):
            # "%s" % name says nothing about the name, "a" + name does.
            self.flags |= {"text"} if isinstance(node.op, ast.Add) else set()
        else:
            self.flags.add("number")


def _held_constants(node: ast.AST) -> list[object]:
    """Return the constant that a node is, or those that a display of constants holds."""
    nodes = node.elts if isinstance(node, (ast.Tuple, ast.List, ast.Set)) else [node]
    found = [each.value for each in nodes if isinstance(each, ast.Constant)]
    return [value for value in found if type(value) in (str, int, bytes)]


def _text(node: ast.AST) -> list[str]:
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


class _KeyObserver(_Observer):
    """Collects the uses of what a name holds under one key: ``name[key]``, ``name.get(key)``.

    A variable that is assigned nothing else counts too.
    """

    def __init__(self, name: str, key: str, node: ast.AST) -> None:
        super().__init__(name)
        self.key = key
        assigned: dict[str, list[ast.expr]] = {}
        for each in ast.walk(node):
            if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name):
                assigned.setdefault(each.targets[0].id, []).append(each.value)
        self.variables = {
            variable for variable, values in assigned.items() if all(map(self._reads_key, values))
        }

    def is_it(self, node: ast.AST | None) -> bool:
        if isinstance(node, ast.Name):
            return node.id in self.variables
        return self._reads_key(node)

    def _reads_key(self, node: ast.AST | None) -> bool:
        if isinstance(node, ast.Subscript):
            return self._is_name(node.value) and _text(node.slice) == [self.key]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            reads = node.func.attr in _READERS and self._is_name(node.func.value)
            return reads and _text(node.args[0]) == [self.key]
        return False

    def _is_name(self, node: ast.AST) -> bool:
        return isinstance(node, ast.Name) and node.id == self.name


_READERS = ("get", "pop", "setdefault")


def use_under(name: str, key: str, node: ast.AST) -> Use:
    """Return what the function does with what a parameter holds under a key."""
    observer = _KeyObserver(name, key, node)
    for each in ast.walk(node):
        observer.see(each)
    return _collected(observer)


def use_of(name: str, node: ast.AST) -> Use:
    """Return what the function does with the parameter."""
    observer = _Observer(name)
    within = constructor_of(node) if isinstance(node, ast.ClassDef) else node
    for each in ast.walk(within):
        observer.see(each)
    if isinstance(node, ast.ClassDef):
        observer.kept_as = kept_names(name, node)
        for each in ast.walk(node):
            observer.see(each)
    return _collected(observer)


def _collected(observer: _Observer) -> Use:
    flags = observer.flags
    # ``"name" in it`` asks a dict for a key only where it has keys.
    has_keys = observer.keys or observer.nested or "items" in flags
    if has_keys:
        observer.keys += observer.members
    return Use(
        attributes=frozenset(observer.attributes),
        called=frozenset(observer.called),
        keys=tuple(dict.fromkeys(observer.keys)),
        arity=observer.arity,
        iterated="iterated" in flags,
        unpacked=observer.unpacked,
        indexed=bool(flags & {"indexed", "sized", "container"}),
        number="number" in flags or ("ordered" in flags and "text" not in flags),
        text="text" in flags,
        items="items" in flags,
        kinds=tuple(dict.fromkeys(observer.kinds)),
        template="template" in flags,
        path="path" in flags,
        texts="texts" in flags,
        advanced="advanced" in flags,
        nested=tuple(dict.fromkeys(observer.nested)),
        compared=tuple(dict.fromkeys(observer.compared)),
        awaited="awaited" in flags,
        members=() if has_keys else tuple(dict.fromkeys(observer.members)),
    )
