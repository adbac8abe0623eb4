"""Sizes that a class sets for itself, made small: what happens only beyond them is in reach."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .module_source import reference_to_class
from .ownership import members_of, methods_of, project_bases
from .syntax import dotted
from .target import Target
from .value import Setting

_SIZES = range(20, 1_000_000)
_SMALL = 1
_MOST = 2


def small_sizes(target: Target) -> list[Setting]:
    """Return settings that make a size of the receiver's class as small as can be.

    ``_limit = 1000`` in the body of a class, read by its methods as ``self._limit``: nobody fills
    a test with a thousand items.
    """
    if target.owner is None or not target.needs_receiver:
        return []
    return list(_settings(target.owner, target))[:_MOST]


def _settings(owner: type, target: Target) -> Iterator[Setting]:
    read = {name for method in methods_of(owner) for name in _read_of_self(method)}
    for base in project_bases(owner):
        reference = reference_to_class(base)
        for name, held in sorted(members_of(base).items(), key=lambda item: item[0]):
            if type(held) is int and held in _SIZES and name in read and reference is not None:
                line = f"monkeypatch.setattr({reference.source}, {name!r}, {_SMALL})"
                yield Setting((line,), reference.imports, lines=_lines_with(target.node, name))


def _read_of_self(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Load):
            yield from [each.attr] if dotted(each) == f"self.{each.attr}" else []


def _lines_with(node: ast.AST, name: str) -> frozenset[int]:
    """Return the lines of the function that ask for it; none where another one does."""
    return frozenset(
        each.lineno
        for each in ast.walk(node)
        if isinstance(each, ast.Attribute) and each.attr == name
    )
