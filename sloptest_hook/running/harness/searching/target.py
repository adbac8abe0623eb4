"""Finds the symbol in the imported module: how it is called, with which parameters, on what."""

from __future__ import annotations

import ast
import enum
import functools
import inspect
import keyword
import re
import types
import typing
from typing import NamedTuple

from . import foreign
from .module_source import ModuleSource, Reference, reference_to
from .ownership import members_of
from .syntax import (
    Definition,
    decorated_starts,
    definitions,
    first_line,
    last_line,
    statement_lines,
)
from .tracing import Span


class Kind(enum.Enum):
    """How a symbol is reached."""

    FUNCTION = "function"
    METHOD = "method"
    CLASS_METHOD = "classmethod"
    STATIC_METHOD = "staticmethod"
    PROPERTY = "property"
    SETTER = "setter"
    CONSTRUCTOR = "constructor"


class Parameter(NamedTuple):
    """A parameter that an argument may be given for; ``hint`` is ``EMPTY`` without annotation."""

    name: str
    kind: inspect._ParameterKind
    default: object
    hint: object

    @property
    def required(self) -> bool:
        variable = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
        return self.default is EMPTY and self.kind not in variable


EMPTY = inspect.Parameter.empty


class Target(NamedTuple):
    """A symbol that can be searched."""

    source: ModuleSource
    qualname: str
    node: Definition
    kind: Kind
    functions: tuple[types.FunctionType, ...]  # at most one: the plain one, below decorators
    owner: type | None
    parameters: tuple[Parameter, ...]
    callee: Reference

    @property
    def name(self) -> str:
        return self.node.name

    @property
    def is_async(self) -> bool:
        """Whether an event loop, which lives by the clock too, runs it."""
        return isinstance(self.node, ast.AsyncFunctionDef)

    @property
    def needs_receiver(self) -> bool:
        return self.kind in (Kind.METHOD, Kind.PROPERTY, Kind.SETTER)

    @property
    def span(self) -> Span:
        """Return where the symbol's lines are."""
        first, last = first_line(self.node), last_line(self.node)
        starts, statements = decorated_starts(self.node), statement_lines(self.node)
        return Span(self.source.path, first, last, statements, starts)


class Unreachable(NamedTuple):
    """The expected no: why a symbol cannot be called from a test."""

    reason: str


def find_targets(
    source: ModuleSource, qualname: str, wanted: frozenset[int]
) -> list[Target] | Unreachable:
    """Return what is written under the name: a property's getter and setter are two.

    ``wanted`` lines leave out those that have none of them.
    """
    nodes = definitions(source.tree, qualname)
    if not nodes:
        return Unreachable(f"{qualname} is not defined in {source.path}")
    owner, member = _member(source, qualname)
    if member is None:
        return Unreachable(f"{source.name} has no {qualname} once it is imported")
    asked = [node for node in nodes if _wanted_inside(node, wanted)] or nodes[:1]
    return [_target(source, qualname, node, owner, member) for node in asked]


def _target(
    source: ModuleSource, qualname: str, node: Definition, owner: type | None, member: object
) -> Target:
    kind = _kind(node, owner, member)
    function = _function_at(node, member)
    skip_first = kind not in (Kind.FUNCTION, Kind.STATIC_METHOD)
    asked: object = function or member
    if node.name == "__post_init__":  # its own parameters are not what the class is called with
        asked = getattr(owner, "__init__", None)
    parameters = parameters_of(asked, skip_first=skip_first, source=source)
    callee = reference_to(source.name, qualname)
    if kind is Kind.CONSTRUCTOR and owner is not None:
        callee = reference_to(source.name, qualname.rpartition(".")[0])
    functions = () if function is None else (function,)
    return Target(source, qualname, node, kind, functions, owner, parameters, callee)


def receiver_name(kind: type) -> str:
    """Return the variable a person would keep an instance in: ``ShoppingCart`` -> shopping_cart."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", kind.__name__)
    name = words.lower().strip("_") or "instance"
    if keyword.iskeyword(name) or hasattr(types, name) or name in _TAKEN:
        return f"{name}_object"
    return name


_TAKEN = frozenset(
    [*dir(__import__("builtins")), "result", "tmp_path", "capsys", "monkeypatch", "pytest"]
)


def parameters_of(
    function: object, *, skip_first: bool, source: ModuleSource
) -> tuple[Parameter, ...]:
    """Return the parameters of a callable, none when it does not tell them."""
    signature = None
    with foreign.Bounded(0.5):
        signature = inspect.signature(function)  # type: ignore[arg-type]  # asked, may raise
    if signature is None:
        return ()
    hints = hints_of(function, source)
    found = list(signature.parameters.values())
    return tuple(
        Parameter(each.name, each.kind, each.default, hints.get(each.name, EMPTY))
        for each in (found[1:] if skip_first else found)
    )


def hints_of(function: object, source: ModuleSource) -> dict[str, object]:
    """Resolve the annotations one by one, so that an unknown name costs one of them only."""
    found: dict[str, object] = {}
    raw = getattr(function, "__annotations__", None) or {}
    names = {**typing.__dict__, **getattr(function, "__globals__", source.names)}
    names.update({key: held for key, held in source.checking_names().items() if key not in names})
    with foreign.Bounded(0.5):
        return dict(typing.get_type_hints(function, names))
    for name, hint in raw.items():
        value: object = hint
        if isinstance(hint, str):
            value = foreign.attempt(hint, names)
        found[name] = EMPTY if value is foreign.FAILED else value
    return found


def _wanted_inside(node: Definition, wanted: frozenset[int]) -> int:
    return len(wanted & frozenset(range(first_line(node), last_line(node) + 1)))


def _member(source: ModuleSource, qualname: str) -> tuple[type | None, object]:
    """Return the class that has the symbol, None for a function, and the member as stored."""
    owner: object = source.module
    *outer, name = qualname.split(".")
    for part in outer:
        owner = foreign.attribute(owner, part)
    if isinstance(owner, type):
        members = members_of(owner)
        return owner, members.get(name, members.get(mangled(name, owner)))
    return None, source.names.get(name) if owner is source.module else None


def mangled(name: str, owner: type) -> str:
    """Return the name under which a class keeps a member: ``_Cart__total`` for ``__total``."""
    private = name.startswith("__") and not name.endswith("__")
    return f"_{owner.__name__.lstrip('_')}{name}" if private else name


def _kind(node: Definition, owner: type | None, member: object) -> Kind:
    if owner is None:
        return Kind.FUNCTION
    if node.name in ("__init__", "__new__", "__post_init__"):
        return Kind.CONSTRUCTOR
    if isinstance(member, classmethod):
        return Kind.CLASS_METHOD
    if isinstance(member, staticmethod):
        return Kind.STATIC_METHOD
    if isinstance(member, property):
        setter = any(getattr(each, "attr", "") == "setter" for each in node.decorator_list)
        return Kind.SETTER if setter else Kind.PROPERTY
    return Kind.PROPERTY if isinstance(member, functools.cached_property) else Kind.METHOD


def _function_at(node: Definition, member: object) -> types.FunctionType | None:
    """Return the plain function written at ``node``, below its decorators."""
    seen: set[int] = set()
    todo = [member]
    while todo and len(seen) < _MOST_LAYERS:  # some objects have any attribute, without end
        each = todo.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        if isinstance(each, types.FunctionType):
            code = each.__code__
            if code.co_name == node.name and first_line(node) <= code.co_firstlineno <= node.lineno:
                return each
        todo += _wrapped(each)
    return None


_MOST_LAYERS = 50


def _wrapped(member: object) -> list[object]:
    names = ("__wrapped__", "func", "__func__")
    found = [foreign.attribute(member, name) for name in names]
    if isinstance(member, property):
        found += [member.fget, member.fset, member.fdel]
    if isinstance(member, functools.cached_property):
        found.append(member.func)
    for cell in member.__closure__ or () if type(member) is types.FunctionType else ():
        content: object = None
        with foreign.Bounded(0.2):  # an empty cell raises
            content = cell.cell_contents
        if callable(content):
            found.append(content)
    return found
