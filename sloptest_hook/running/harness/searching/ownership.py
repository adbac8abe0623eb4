"""Edge: tells the project's classes from all others, without running code of either."""

from __future__ import annotations

import ast
import os
import sys
import types
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from .syntax import own_nodes

if TYPE_CHECKING:
    from typing import TypeGuard  # since Python 3.10

_MODULE = type.__dict__["__module__"]
_QUALNAME = type.__dict__["__qualname__"]
_MEMBERS = type.__dict__["__dict__"]
_MRO = type.__dict__["__mro__"]


class _Project:
    """Where the project's files are; one project a process."""

    root = ""
    trees: dict[str, ast.Module] = {}  # noqa: RUF012  a cache of this one instance


def set_root(root: str) -> None:
    """Say below which directory a file is the project's."""
    _Project.root = os.path.realpath(root) + os.sep


def is_of_project(path: str) -> bool:
    """Whether a file, as its code names it, is the project's."""
    return bool(_Project.root) and path.startswith(_Project.root)


def is_class(value: object) -> TypeGuard[type]:
    """Whether a value is a class; ``isinstance`` would ask the ``__class__`` of a proxy."""
    return issubclass(type(value), type)


def module_name(kind: type) -> str:
    """Return the class's module; empty where a property or anything else stands in its place."""
    name = _MODULE.__get__(kind)
    return name if type(name) is str else ""


def qualified_name(kind: type) -> str:
    """Return ``Outer.Inner``."""
    return str(_QUALNAME.__get__(kind))


def members_of(kind: type) -> Mapping[str, object]:
    """Return what the class itself defines, whatever its metaclass says."""
    members: Mapping[str, object] = _MEMBERS.__get__(kind)
    return members


def bases_of(kind: type) -> tuple[type, ...]:
    """Return the class and those that it inherits from, in the order they are asked."""
    bases: tuple[type, ...] = _MRO.__get__(kind)
    return bases


def member_of(kind: type, name: str) -> object:
    """Return the member as stored in the first class that defines it, or None."""
    return next(
        (members_of(each)[name] for each in bases_of(kind) if name in members_of(each)), None
    )


def namespace_of(module: object) -> dict[str, object]:
    """Return a module's namespace; an object that only plays a module has none."""
    return module.__dict__ if issubclass(type(module), types.ModuleType) else {}


def is_project(kind: type) -> bool:
    """Whether the class was defined in a file of the project."""
    return _file_of(module_name(kind)).startswith(_Project.root) if _Project.root else False


def project_bases(kind: type) -> list[type]:
    """Return the class and its bases, those of the project only."""
    return [each for each in bases_of(kind) if is_project(each)]


def defined_by_project(kind: type, name: str) -> bool:
    """Whether a class of the project, and no other, says what ``name`` is for this class."""
    first = next((each for each in bases_of(kind) if name in members_of(each)), None)
    return first is not None and is_project(first)


def class_node(kind: type) -> ast.ClassDef | None:
    """Return the class as written, None for one that is not the project's."""
    scope: ast.AST = _tree(_file_of(module_name(kind))) if is_project(kind) else ast.Module([], [])
    found = None
    for part in qualified_name(kind).split("."):
        named = (node for node in own_nodes(scope) if isinstance(node, ast.ClassDef))
        found = next((node for node in named if node.name == part), None)
        scope = found or ast.Module([], [])
    return found


def methods_of(kind: type) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield the methods as written in the class and in its bases of the project."""
    for node in map(class_node, project_bases(kind)):
        for each in node.body if node else ():
            if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield each


def _file_of(module: str) -> str:
    return os.path.realpath(str(namespace_of(sys.modules.get(module)).get("__file__") or ""))


def _tree(path: str) -> ast.Module:
    if path not in _Project.trees:
        _Project.trees[path] = ast.Module([], [])
        try:
            with open(path, "rb") as file:
                _Project.trees[path] = ast.parse(file.read())
        except (OSError, SyntaxError, ValueError):
            pass
    return _Project.trees[path]


def module_name_of(value: object) -> str:
    """Return the module of a class or a function."""
    if isinstance(value, type):
        return module_name(value)
    name = getattr(value, "__module__", None)
    return name if isinstance(name, str) else ""
