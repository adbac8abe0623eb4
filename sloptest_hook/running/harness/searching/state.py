"""Module-level containers and values that a call changes: noticed, named, put back."""

from __future__ import annotations

import copy
import enum
import operator
import os
import re
import sys
import types
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from . import foreign
from .describe import describe, undescribed
from .ownership import is_class, members_of, module_name, namespace_of

_CONTAINERS = (list, dict, set)
_SCALARS = (int, float, str, bytes, bool, type(None))
# Of what a module keeps: nobody describes a class or a function by what it holds.
_NEVER_CHANGED = (type, types.FunctionType, types.BuiltinFunctionType, enum.Enum, re.Pattern)
_SMALL = 50
_MOST_MODULES = 30
_MOST_NAMES = 300


class Kept(NamedTuple):
    """One name and what it held before anything was called."""

    owner: object
    name: str
    value: object
    copied: object
    description: str
    members: tuple[object, ...] | None = None  # of a container, when none of them can change


class ModuleState:
    """The state of the project's modules as it was after importing."""

    def __init__(self, root: str) -> None:
        self._kept = [kept for each in _names(root) for kept in _snapshot(*each)][:_MOST_NAMES]
        self._caches = list(_caches(root))

    def clear_caches(self) -> None:
        """Forget what ``functools.lru_cache`` remembers: a cached call executes nothing."""
        for clear in self._caches:
            with foreign.Bounded(0.2):
                clear()

    def changed(self) -> list[Kept]:
        """Return what differs now."""
        return [kept for kept in self._kept if _differs(kept)]

    def restore(self) -> None:
        for kept in self._kept:
            if _differs(kept):
                _put_back(kept)


def _modules(root: str) -> Iterator[types.ModuleType]:
    found = [
        module
        for _, module in sorted(sys.modules.items())
        if str(namespace_of(module).get("__file__") or "").startswith(root + os.sep)
    ]
    yield from found[:_MOST_MODULES]


def _names(root: str) -> Iterator[tuple[object, str, object]]:
    for module in _modules(root):
        for name, value in list(vars(module).items()):
            if name.startswith("__"):
                continue
            yield module, name, value
            if is_class(value) and module_name(value) == module.__name__:
                for inner, held in list(members_of(value).items()):
                    if type(held) in _CONTAINERS and not inner.startswith("__"):
                        yield value, inner, held


def _snapshot(owner: object, name: str, value: object) -> Iterator[Kept]:
    if type(value) in _SCALARS:
        yield Kept(owner, name, value, value, repr(value)[:200])
    elif type(value) in _CONTAINERS:
        copied: object = copy.copy(value)
        if len(value) <= _SMALL:  # type: ignore[arg-type]  # one of the containers
            with foreign.Bounded(0.2):
                copied = copy.deepcopy(value)
        members = _items(value)
        plain = all(map(_cannot_change, members))
        yield Kept(owner, name, value, copied, _fingerprint(value), members if plain else None)


def _items(value: object) -> tuple[object, ...]:
    """Return what a container holds, the keys of a dict too."""
    if type(value) is dict:
        return tuple(part for pair in dict.items(value) for part in pair)
    return tuple(value)  # type: ignore[arg-type]  # one of the containers


def _cannot_change(value: object) -> bool:
    if isinstance(value, tuple):
        return all(map(_cannot_change, tuple.__iter__(value)))
    return type(value) in _SCALARS or isinstance(value, _NEVER_CHANGED)


def _are_the_same(now: tuple[object, ...], before: tuple[object, ...]) -> bool:
    return len(now) == len(before) and all(map(operator.is_, now, before))


def _fingerprint(value: object) -> str:
    size = len(value)  # type: ignore[arg-type]  # one of the containers
    return describe(value) if size <= _SMALL else str(size)


def _differs(kept: Kept) -> bool:
    now = _members(kept.owner).get(kept.name)
    if type(kept.value) in _CONTAINERS:
        if now is not kept.value:
            return True
        if kept.members is not None and _are_the_same(_items(now), kept.members):
            return False
        described = _fingerprint(now)
        # A machine that is busy may be too slow to say: that is no change.
        unsaid = undescribed(now) in (described, kept.description)
        return described != kept.description and not unsaid
    return now is not kept.value and (type(now) is not type(kept.value) or now != kept.value)


def _put_back(kept: Kept) -> None:
    value, copied = kept.value, kept.copied
    if isinstance(value, list):
        value[:] = copied  # type: ignore[call-overload]  # its own copy
    elif isinstance(value, (dict, set)):
        value.clear()
        value.update(copied)  # type: ignore[arg-type, call-overload]  # its own copy
    with foreign.Bounded(0.2):  # a metaclass may forbid it
        setattr(kept.owner, kept.name, value)


def _members(owner: object) -> Mapping[str, object]:
    return members_of(owner) if isinstance(owner, type) else namespace_of(owner)


def _caches(root: str) -> Iterator[Callable[[], object]]:
    for module in _modules(root):
        for value in list(vars(module).values()):
            members = list(members_of(value).values()) if is_class(value) else []
            for each in (value, *members):
                inner = each.__func__ if type(each) in (classmethod, staticmethod) else each
                if hasattr(type(inner), "cache_clear"):
                    clear = foreign.attribute(inner, "cache_clear")
                    if callable(clear):
                        yield clear
