"""A value as text that two runs can be compared by: deep, bounded, without addresses."""

from __future__ import annotations

import collections
import itertools
import re
import types

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


def describe(value: object, seen: tuple[int, ...] = ()) -> str:
    """Return equal texts for values that a person would call equal."""
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
    found = dict(getattr(value, "__dict__", None) or {})
    for base in type(value).__mro__:
        slots = base.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else tuple(slots):
            member = base.__dict__.get(name)
            if isinstance(member, types.MemberDescriptorType) and hasattr(value, name):
                found[name] = getattr(value, name)
    return found


def contents(value: object) -> dict[str, object]:
    """Return under the name ``()`` what an instance of a subclass of a built-in container holds."""
    if type(value).__module__ in ("builtins", "collections"):
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
        inside = ", ".join(describe(item, seen) for item in items)
        return f"{kind.__name__}({inside})"
    if kind in (set, frozenset):
        members = sorted(describe(item, seen) for item in value)  # type: ignore[attr-defined]
        return f"{kind.__name__}({', '.join(members)})"
    if isinstance(value, dict) and kind.__module__ in ("builtins", "collections"):
        pairs = itertools.islice(value.items(), _WIDTH)
        inside = ", ".join(f"{describe(k, seen)}: {describe(v, seen)}" for k, v in pairs)
        return f"{kind.__name__}({inside})"
    return ""


def _object(value: object, seen: tuple[int, ...]) -> str:
    name = type(value).__qualname__
    if isinstance(value, BaseException):
        return f"{name}({describe(value.args, seen)})"
    kept: dict[str, object] = {**attributes(value), **contents(value)}
    if kept:
        inside = ", ".join(f"{key}={describe(kept[key], seen)}" for key in sorted(map(str, kept)))
        return f"{name}{{{inside}}}"
    return f"{name}:{_ADDRESS.sub('0x', repr(value))[:500]}"
