"""A value as text that two runs can be compared by: deep, bounded, without addresses."""

from __future__ import annotations

import collections
import itertools
import pathlib
import re
import types
from collections.abc import Iterator, Mapping

from . import foreign
from .ownership import bases_of, members_of, module_name, qualified_name

_PLAIN = (bool, int, str, bytes, complex, type(None))
_NAMED = (
    type,
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodType,
    types.ModuleType,
)
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}\b")
_DEPTH = 5
_WIDTH = 60
_SECONDS = 0.3


def describe(value: object) -> str:
    """Return equal texts for values that a person would call equal; foreign code is bounded."""
    if type(value) in _PLAIN:
        return repr(value)[:4000]
    kept = [undescribed(value)]
    with foreign.Bounded(_SECONDS):
        kept.append(_described(value, ()))
    return kept[-1]


def undescribed(value: object) -> str:
    """Return what ``describe`` says of something that could not be looked at in time."""
    return f"<{qualified_name(type(value))}>"


def _described(value: object, seen: tuple[int, ...]) -> str:
    if type(value) in _PLAIN:
        return repr(value)[:4000]
    if type(value) is float:
        return f"{value:.12g}f"
    if len(seen) > _DEPTH or id(value) in seen:
        return "..."
    seen = (*seen, id(value))
    if isinstance(value, _NAMED):
        return f"<{getattr(value, '__qualname__', getattr(value, '__name__', '?'))}>"
    return _container(value, seen) or _object(value, seen)


def has_address(text: str) -> bool:
    """Whether a text shows where something lives in memory."""
    return _ADDRESS.search(text) is not None


def attributes(value: object) -> dict[str, object]:
    """Return what an object keeps, from its dictionary and its slots."""
    found: dict[str, object] = {}
    with foreign.Bounded(_SECONDS):  # both may be properties
        found.update(getattr(value, "__dict__", None) or {})
        for base in bases_of(type(value)):
            found.update(_slots(value, members_of(base)))
    return found


def _slots(value: object, members: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    slots: object = members.get("__slots__", ())
    names = (slots,) if isinstance(slots, str) else tuple(slots)  # type: ignore[arg-type]
    for name in map(str, names):
        member = members.get(name)
        if type(member) is types.MemberDescriptorType and hasattr(value, name):
            yield name, getattr(value, name)


def contents(value: object) -> dict[str, object]:
    """Return under the name ``()`` what an instance of a subclass of a built-in container holds."""
    if module_name(type(value)) in ("builtins", "collections"):
        return {}
    if isinstance(value, dict):
        return {"()": dict.copy(value)}
    if isinstance(value, (list, tuple, collections.deque)):
        return {"()": list(value)}
    return {"()": set(value)} if isinstance(value, (set, frozenset)) else {}


def _container(value: object, seen: tuple[int, ...]) -> str:
    kind = type(value)
    if kind in (list, tuple, collections.deque):
        items: list[object] = list(itertools.islice(value, _WIDTH))  # type: ignore[call-overload]
        inside = ", ".join(_described(item, seen) for item in items)
        return f"{kind.__name__}({inside})"
    if kind in (set, frozenset):
        members = sorted(_described(item, seen) for item in value)  # type: ignore[attr-defined]
        return f"{kind.__name__}({', '.join(members)})"
    if isinstance(value, dict) and module_name(kind) in ("builtins", "collections"):
        pairs = itertools.islice(value.items(), _WIDTH)
        inside = ", ".join(f"{_described(k, seen)}: {_described(v, seen)}" for k, v in pairs)
        return f"{kind.__name__}({inside})"
    return ""


def _object(value: object, seen: tuple[int, ...]) -> str:
    name = type(value).__qualname__
    if isinstance(value, pathlib.PurePath):  # it keeps in its attributes what it was asked for
        return f"{name}({value})"
    if isinstance(value, BaseException):
        return f"{name}({_described(value.args, seen)})"
    kept: dict[str, object] = {**attributes(value), **contents(value)}
    if kept:
        inside = ", ".join(f"{key}={_described(kept[key], seen)}" for key in sorted(map(str, kept)))
        return f"{name}{{{inside}}}"
    return f"{name}:{_ADDRESS.sub('0x', repr(value))[:500]}"
