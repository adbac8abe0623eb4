"""Texts that a function fills in with ``format``: with the slots that it has values for."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .keeping import kept_names
from .syntax import dotted
from .value import Value

_MOST = 6


def format_templates(name: str, node: ast.AST) -> list[Value]:
    """Return a template with all slots for a parameter that is filled in; none for most.

    ``self.text.format(seconds, **attributes)`` fills in what the class keeps as ``self.text``.
    """
    kept = kept_names(name, node)
    calls = [each for each in ast.walk(node) if _fills_in(each, kept)]
    slots = [slot for call in calls for slot in _slots(call, node)]
    return [Value(repr(" ".join(dict.fromkeys(slots[:_MOST]))), "name")] if slots else []


def _fills_in(node: ast.AST, kept: frozenset[str]) -> bool:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    return node.func.attr == "format" and (dotted(node.func.value) or "") in kept


def _slots(call: ast.AST, node: ast.AST) -> Iterator[str]:
    """Yield ``{}`` for the values in order and ``{name}`` for those that have one."""
    if not isinstance(call, ast.Call):
        return
    yield from ("{" + str(place) + "}" for place, _ in enumerate(call.args))
    for keyword in call.keywords:
        keys = [keyword.arg] if keyword.arg else _keys(dotted(keyword.value) or "", node)
        yield from ("{" + key + "}" for key in keys)


def _keys(name: str, node: ast.AST) -> Iterator[str]:
    """Yield the keys of the display that a variable is assigned."""
    assigned = [each for each in ast.walk(node) if isinstance(each, ast.Assign)]
    for each in assigned:
        if name in [dotted(target) for target in each.targets]:
            keys = each.value.keys if isinstance(each.value, ast.Dict) else []
            constants = (key.value for key in keys if isinstance(key, ast.Constant))
            yield from (key for key in constants if isinstance(key, str))
