"""Turns a value back into source: what a person would write, proved by evaluating it again."""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
import decimal
import enum
import fractions
import math
import pathlib
import re
import uuid
from collections.abc import Callable, Sequence
from typing import NamedTuple

from . import foreign
from .describe import describe, has_address
from .module_source import Namespaces, Reference, reference_to_class
from .value import unique

_LONGEST = 600
_MOST = 60
_DEPTH = 5
_SAME_REPR = (
    decimal.Decimal,
    fractions.Fraction,
    uuid.UUID,
    pathlib.PurePosixPath,
    pathlib.PosixPath,
    dt.date,
    dt.datetime,
    dt.time,
    dt.timedelta,
    dt.timezone,
    range,
    complex,
)


class Literal(NamedTuple):
    """An expression that evaluates to an equal value, and the imports it needs."""

    source: str
    imports: tuple[str, ...] = ()


def source_of(value: object) -> Literal | None:
    """Return the source of a value; None when there is none that is equal when it is read back."""
    written: Literal | None = None
    with foreign.Bounded(0.5):  # the repr and the __eq__ of foreign classes
        written = _write(value, 0)
    if written is None or len(written.source) > _LONGEST or has_address(written.source):
        return None
    if names_place(written.source):
        return None
    return written if _reads_back(written, value) else None


_NAMESPACES = Namespaces()


def _reads_back(written: Literal, value: object) -> bool:
    same: object = False
    with foreign.Bounded(0.5):
        namespace = _NAMESPACES.fresh(written.imports)
        namespace.setdefault("tmp_path", pathlib.Path(_Folder.path))
        again = foreign.evaluate(written.source, namespace)
        same = (again == value) is True or describe(again) == describe(value) == "nanf"
        same = same and (type(again) is type(value) or isinstance(value, type(again)))
    return same is True


def _write(value: object, depth: int) -> Literal | None:
    if depth > _DEPTH:
        return None
    if value is None or isinstance(value, bool):
        return Literal(repr(value))
    for kinds, rule in _RULES:
        if isinstance(value, kinds):
            return rule(value, depth)
    return _instance(value, depth)


def _number(value: object, _depth: int) -> Literal | None:
    if isinstance(value, float):
        if math.isnan(value) or math.isinf(value):
            return Literal(f'float("{float(value)}")')
        return Literal(repr(float(value)))
    return Literal(repr(int(value))) if isinstance(value, int) else None


class _Folder:
    """The directory that ``tmp_path`` is now; empty where the case does not use it."""

    path = ""
    refused: tuple[str, ...] = ()


def refuse_places(places: Sequence[str]) -> None:
    """Let no source be written that names one of these places of this machine."""
    _Folder.refused = tuple(places)


def names_place(text: str) -> bool:
    """Whether a text names one of the refused places."""
    return any(place in text for place in _Folder.refused)


def name_folder(path: str) -> None:
    """Let paths below the directory be written as parts of ``tmp_path``."""
    _Folder.path = path


def _below_folder(text: str) -> str | None:
    """Return ``tmp_path / "a" / "b"`` for a path in the directory of the case."""
    folder = _Folder.path
    if not folder or not (text == folder or text.startswith(folder + "/")):
        return None
    parts = text[len(folder) :].strip("/")
    return " / ".join(["tmp_path", *(repr(part) for part in parts.split("/") if part)])


def _text(value: object, _depth: int) -> Literal | None:
    base = str if isinstance(value, str) else bytes
    own = _below_folder(str.__str__(value)) if isinstance(value, str) else None
    if own is not None:
        return Literal(f"str({own})")
    return Literal(base.__repr__(value))


def _class(value: object, _depth: int) -> Literal | None:
    reference = reference_to_class(value) if isinstance(value, type) else None
    return None if reference is None else Literal(reference.source, reference.imports)


def _member(value: object, _depth: int) -> Literal | None:
    reference = reference_to_class(type(value))
    name = getattr(value, "name", None)
    if reference is None or not isinstance(name, str) or not name.isidentifier():
        return None
    return Literal(f"{reference.source}.{name}", reference.imports)


def _sequence(value: object, depth: int) -> Literal | None:
    if getattr(value, "_fields", None) is not None:
        return _instance(value, depth)
    items = list(value)  # type: ignore[call-overload]
    if isinstance(value, tuple):
        shape = "({},)" if len(items) == 1 else "({})"
        return _joined(items, shape, depth)
    if isinstance(value, collections.deque):
        written = _joined(items, "deque([{}])", depth)
        return written and _importing(written, "from collections import deque")
    return _joined(items, "[{}]", depth)


def _set(value: object, depth: int) -> Literal | None:
    name = "frozenset" if isinstance(value, frozenset) else "set"
    if not value:
        return Literal(f"{name}()")
    items = list(value)  # type: ignore[call-overload]
    shape = "frozenset({{}})" if name == "frozenset" else "{{}}"
    return _joined(items, shape, depth, ordered=False)


def _dict(value: object, depth: int) -> Literal | None:
    if not isinstance(value, dict) or len(value) > _MOST:
        return None
    pairs = [(_write(key, depth + 1), _write(item, depth + 1)) for key, item in value.items()]
    written = [(key, item) for key, item in pairs if key is not None and item is not None]
    if len(written) != len(pairs):
        return None
    inside = ", ".join(f"{key.source}: {item.source}" for key, item in written)
    imports = unique(tuple(line for pair in written for each in pair for line in each.imports))
    return Literal("{" + inside + "}", imports)


def _joined(items: list[object], shape: str, depth: int, *, ordered: bool = True) -> Literal | None:
    if len(items) > _MOST:
        return None
    written = [each for each in (_write(item, depth + 1) for item in items) if each is not None]
    if len(written) != len(items):
        return None
    sources = [each.source for each in written]
    if not ordered:
        sources.sort()
    imports = unique(tuple(line for each in written for line in each.imports))
    return Literal(shape.replace("{}", ", ".join(sources)), imports)


def _everyday(value: object, _depth: int) -> Literal | None:
    """Values of the standard library, with the class imported by name."""
    name = type(value).__name__
    if type(value) not in _SAME_REPR:
        return None
    source = re.sub(
        r"\b(datetime|decimal|fractions|uuid|pathlib)\.(?=[A-Za-z]+[.(])", "", repr(value)
    )
    if isinstance(value, pathlib.PosixPath):
        own = _below_folder(str(value))
        if own is not None:
            return Literal(own)
        source, name = f"Path({str(value)!r})", "Path"
    if isinstance(value, (range, complex)):
        return Literal(source)
    module = type(value).__module__
    module = "pathlib" if module.startswith("pathlib") else module
    names = [
        name,
        *(
            each
            for each in ("timezone", "timedelta")
            if f"{each}." in source or f"{each}(" in source
        ),
    ]
    imports = tuple(f"from {module} import {each}" for each in dict.fromkeys(names))
    return Literal(source, imports)


def _pattern(value: object, _depth: int) -> Literal | None:
    if not isinstance(value, re.Pattern):
        return None
    flags = value.flags & ~re.UNICODE.value
    return None if flags else Literal(f"re.compile({value.pattern!r})", ("import re",))


def _instance(value: object, depth: int) -> Literal | None:
    """Write a dataclass or a named tuple by its constructor, with the fields that differ."""
    kind = type(value)
    if kind.__eq__ is object.__eq__:
        return None
    reference = reference_to_class(kind)
    parts: list[tuple[str, object]] = []
    if reference is None:
        return None
    if isinstance(value, tuple):
        parts = [(name, getattr(value, name)) for name in getattr(value, "_fields", ())]
    elif dataclasses.is_dataclass(value):
        parts = [(e.name, getattr(value, e.name)) for e in _told(value)]
    else:
        return _own_repr(value, reference)
    imports = list(reference.imports)
    sources = []
    for name, part in parts:
        written = _write(part, depth + 1)
        if written is None:
            return None
        sources.append(f"{name}={written.source}")
        imports += written.imports
    return Literal(f"{reference.source}({', '.join(sources)})", unique(tuple(imports)))


def _own_repr(value: object, reference: Reference) -> Literal | None:
    """Trust a class whose repr looks like a call of it; reading it back will tell."""
    text = repr(value)
    name = type(value).__name__
    if not text.startswith(f"{name}(") or not text.endswith(")") or len(text) > _LONGEST:
        return None
    return Literal(f"{reference.source}{text[len(name) :]}", reference.imports)


def _told(value: object) -> list[dataclasses.Field[object]]:
    """Return the fields to write: not those whose value is the default."""
    told = []
    for each in dataclasses.fields(value):  # type: ignore[arg-type]  # a dataclass instance
        default = each.default
        if each.default_factory is not dataclasses.MISSING:
            default = each.default_factory()
        unchanged = (
            default is not dataclasses.MISSING and (getattr(value, each.name) == default) is True
        )
        if each.init and not unchanged:
            told.append(each)
    return told


def _importing(literal: Literal, line: str) -> Literal:
    return Literal(literal.source, unique((line, *literal.imports)))


_RULES: tuple[tuple[type | tuple[type, ...], Callable[[object, int], Literal | None]], ...] = (
    (enum.Enum, _member),
    (_SAME_REPR, _everyday),
    ((int, float), _number),
    ((str, bytes), _text),
    (type, _class),
    ((list, tuple, collections.deque), _sequence),
    ((set, frozenset), _set),
    (dict, _dict),
    (re.Pattern, _pattern),
)
