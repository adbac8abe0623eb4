"""What a class keeps its constructor's parameters as."""

from __future__ import annotations

import ast

from .syntax import dotted


def constructor_of(node: ast.ClassDef) -> ast.AST:
    """Return the method that takes a class's arguments, an empty statement where there is none."""
    named = (each for each in node.body if isinstance(each, ast.FunctionDef))
    return next((each for each in named if each.name in ("__init__", "__new__")), ast.Pass())


def kept_names(name: str, node: ast.AST) -> frozenset[str]:
    """Return what a parameter is called where it is used: in a class what keeps it.

    A class without a constructor of its own, like a dataclass, keeps it under its name.
    """
    if not isinstance(node, ast.ClassDef):
        return frozenset([name])
    constructor = constructor_of(node)
    if isinstance(constructor, ast.Pass):
        return frozenset([f"self.{name}"])
    return _kept_as(name, constructor)


def _kept_as(name: str, constructor: ast.AST) -> frozenset[str]:
    """Return the attributes of ``self`` that a constructor keeps a parameter in."""
    return frozenset(
        dotted(target) or ""
        for each in ast.walk(constructor)
        if isinstance(each, ast.Assign) and isinstance(each.value, ast.Name)
        for target in each.targets
        if each.value.id == name and isinstance(target, ast.Attribute)
    )
