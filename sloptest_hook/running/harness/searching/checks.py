"""What can be asserted about a value: the whole of it, or its attributes one by one."""

from __future__ import annotations

import enum
import math
import types
from collections.abc import Iterator
from typing import NamedTuple

from . import foreign
from .describe import attributes
from .literals import Literal, source_of
from .module_source import Reference, reference_to_class
from .value import unique

MOST = 6
_LONGEST = 300
_DEEPEST = 2
_SHORT = 6  # digits of a number that a person would write
_SAMPLES = (("2",), ('"a"',), ("2", "3"), ("[1, 2]",), ())


class Check(NamedTuple):
    """One check and the imports that its expected side needs; see values/observed.py."""

    actual: str
    relation: str
    expected: str
    message: str | None = None
    imports: tuple[str, ...] = ()


def value_checks(actual: str, value: object, *, whole: bool = True) -> list[Check]:
    """Return checks on a value, at most six; none when nothing stable can be said.

    ``whole`` False leaves out equality with a constructor call, which would say nothing about a
    constructor.
    """
    if isinstance(value, (bool, type(None))):
        return [Check(actual, "is", repr(value))]
    if isinstance(value, float) and math.isnan(value):
        return [Check(f"math.isnan({actual})", "is", "True", imports=("import math",))]
    written = source_of(value) if whole or _is_plain(value) else None
    if written is not None and len(written.source) <= _LONGEST:
        return [_equality(actual, value, written)]
    # A value may hold itself; and nobody reads result[0][1][2].
    return _parts(actual, value)[:MOST] if actual.count("[") < _DEEPEST else []


def _is_plain(value: object) -> bool:
    return type(value).__module__ == "builtins"


def _equality(actual: str, value: object, written: Literal) -> Check:
    if isinstance(value, (enum.Enum, type)):
        return Check(actual, "is", written.source, imports=written.imports)
    rounded = approximate(value)
    if rounded is not None:
        return Check(actual, "approx", rounded)
    return Check(actual, "equals", written.source, imports=written.imports)


def approximate(value: object) -> str | None:
    """Return the rounded source of a float that arithmetic made, of a flat list or dict of them.

    None when every float is a short decimal that a person would write, or there is no float.
    """
    if isinstance(value, float):
        return _rounded(value) if _is_odd(value) else None
    if type(value) in (list, tuple) and _all_numbers(value):
        if not any(_is_odd(each) for each in value):  # type: ignore[attr-defined]
            return None
        inside = ", ".join(_rounded(each) for each in value)  # type: ignore[attr-defined]
        comma = "," if len(value) == 1 else ""  # type: ignore[arg-type]
        return f"[{inside}]" if isinstance(value, list) else f"({inside}{comma})"
    if type(value) is dict and _all_numbers(value.values()):
        keys = {key: source_of(key) for key in value}
        if any(_is_odd(each) for each in value.values()) and all(keys.values()):
            pairs = [f"{_told(keys[key])}: {_rounded(each)}" for key, each in value.items()]
            return "{" + ", ".join(pairs) + "}"
    return None


def _told(literal: Literal | None) -> str:
    return literal.source if literal else ""


def _all_numbers(values: object) -> bool:
    return all(
        isinstance(each, (int, float)) and not isinstance(each, bool)
        for each in values  # type: ignore[attr-defined]  # a container
    )


def _is_odd(value: object) -> bool:
    if not isinstance(value, float) or math.isinf(value) or math.isnan(value):
        return False
    digits = repr(value).replace(".", "").replace("-", "").partition("e")[0].strip("0")
    return len(digits) > _SHORT


def _rounded(value: float) -> str:
    if not _is_odd(value):
        return repr(value)
    short = float(f"{value:.9g}")
    return repr(short)


def _parts(actual: str, value: object) -> list[Check]:
    """Return checks on the parts of a value that has no source of its own."""
    if isinstance(value, types.FunctionType):
        return _called(actual, value)
    if type(value) in (list, tuple) and value:
        found = [Check(f"len({actual})", "equals", str(len(value)))]  # type: ignore[arg-type]
        for place, each in enumerate(value[:3]):  # type: ignore[index]
            found += value_checks(f"{actual}[{place}]", each)[:3]
        return found if len(found) > 1 else []
    if type(value) is dict and value:
        return _dict_parts(actual, value)
    told = list(_attribute_checks(actual, value))
    kind = reference_to_class(type(value))
    if told and kind is not None and _is_project(value):
        return [_instance_check(actual, kind), *told]
    return told


def _dict_parts(actual: str, value: dict[object, object]) -> list[Check]:
    found: list[Check] = []
    for key, each in list(value.items())[:4]:
        written = source_of(key)
        if written is not None:
            found += value_checks(f"{actual}[{written.source}]", each)[:3]
    return found


def _instance_check(actual: str, kind: Reference) -> Check:
    return Check(actual, "instance", kind.source, imports=kind.imports)


def _is_project(value: object) -> bool:
    return type(value).__module__ != "builtins"


def attribute_names(value: object) -> list[str]:
    """Return public attributes, then public properties."""
    own = [name for name in attributes(value) if not str(name).startswith("_")]
    properties = [
        name
        for base in type(value).__mro__
        for name, member in vars(base).items()
        if isinstance(member, property) and not name.startswith("_")
    ]
    return list(unique((*own, *properties)))


def _attribute_checks(actual: str, value: object) -> Iterator[Check]:
    if type(value).__module__ == "builtins":
        return
    for name in attribute_names(value):
        held: object = foreign.FAILED
        with foreign.Bounded(0.2):
            held = getattr(value, name)
        yield from _short(f"{actual}.{name}", held)
    if hasattr(type(value), "__len__"):
        yield from _short(f"len({actual})", foreign.attempt("len(it)", {"it": value}))
    if type(value).__str__ is not object.__str__ and not isinstance(value, BaseException):
        yield from _short(f"str({actual})", foreign.attempt("str(it)", {"it": value}))


def _short(actual: str, held: object) -> list[Check]:
    """Return the check on one part, when that part has a source."""
    if held is foreign.FAILED:
        return []
    if isinstance(held, (bool, type(None))):
        return [Check(actual, "is", repr(held))]
    written = source_of(held)
    if written is None or len(written.source) > _LONGEST:
        return []
    return [_equality(actual, held, written)]


def _called(actual: str, function: types.FunctionType) -> list[Check]:
    """Call a function that was returned: what it gives says more than that it is callable."""
    needed = function.__code__.co_argcount - len(function.__defaults__ or ())
    for arguments in _SAMPLES:
        if len(arguments) == needed:
            expression = f"{{}}({', '.join(arguments)})"
            value = foreign.attempt(expression.replace("{}", "it"), {"it": function})
            found = _short(expression.replace("{}", actual), value)
            if found:
                return found
    return []
