"""What can be asserted about a value: the whole of it, or its attributes one by one."""

from __future__ import annotations

import dis
import enum
import inspect
import math
import types
from collections.abc import Iterator
from typing import NamedTuple

from . import foreign
from .codes import all_codes
from .describe import attributes, describe
from .literals import Literal, source_of
from .ownership import (
    bases_of,
    defined_by_project,
    is_project,
    members_of,
    module_name,
    project_bases,
)
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


def value_checks(
    actual: str, value: object, *, whole: bool = True, before: object = None
) -> list[Check]:
    """Return checks on a value, at most six; none when nothing stable can be said.

    ``whole`` False leaves out equality with a constructor call, which would say nothing about a
    constructor. ``before`` is a copy of a dict as it was: what is new or changed in it comes first.
    """
    if type(value) in (bool, type(None)):
        return [Check(actual, "is", repr(value))]
    if type(value) is float and math.isnan(value):
        return [Check(f"math.isnan({actual})", "is", "True", imports=("import math",))]
    written = source_of(value) if whole or _is_plain(value) else None
    if written is not None and len(written.source) <= _LONGEST:
        return [_equality(actual, value, written)]
    # A value may hold itself; and nobody reads result[0][1][2].
    return _parts(actual, value, before)[:MOST] if actual.count("[") < _DEEPEST else []


def _is_plain(value: object) -> bool:
    return module_name(type(value)) == "builtins"


def _equality(actual: str, value: object, written: Literal) -> Check:
    if issubclass(type(value), (enum.Enum, type)):
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


def _parts(actual: str, value: object, before: object) -> list[Check]:
    """Return checks on the parts of a value that has no source of its own."""
    if type(value) is types.FunctionType:
        return _called(actual, value)
    if type(value) in (list, tuple) and value:
        found = [Check(f"len({actual})", "equals", str(len(value)))]  # type: ignore[arg-type]
        for place, each in enumerate(value[:3]):  # type: ignore[index]
            found += value_checks(f"{actual}[{place}]", each)[:3]
        return found if len(found) > 1 else []
    if type(value) is dict and value:
        return _dict_parts(actual, value, before)
    return list(_attribute_checks(actual, value))


def _dict_parts(actual: str, value: dict[object, object], before: object) -> list[Check]:
    found: list[Check] = []
    for key in changed_first(value, before)[:4]:
        written = source_of(key)
        if written is not None:
            found += value_checks(f"{actual}[{written.source}]", value[key])[:3]
    return found


def changed_first(value: dict[object, object], before: object) -> list[object]:
    """Return the keys, those that are new or hold something else than before in front."""
    known = before if type(before) is dict else {}
    texts = {describe(key): describe(each) for key, each in known.items()}
    return sorted(value, key=lambda key: texts.get(describe(key)) == describe(value[key]))


def attribute_names(value: object) -> list[str]:
    """Return public attributes, then public properties; those of the project's classes alone.

    Where a class inherits from somebody else's, only what the project's own methods assign.
    """
    kind = type(value)
    own = [name for name in attributes(value) if not str(name).startswith("_")]
    if any(not is_project(base) and not _is_neutral(base) for base in bases_of(kind)):
        assigned = {name for base in project_bases(kind) for name in _assigned_by(base)}
        own = [name for name in own if name in assigned]
    return list(unique((*own, *property_names(kind))))


def property_names(kind: type) -> list[str]:
    """Return the public properties that classes of the project define."""
    return [
        name
        for base in project_bases(kind)
        for name, member in members_of(base).items()
        if type(member) is property and not name.startswith("_")
    ]


def _is_neutral(base: type) -> bool:
    return module_name(base) in (
        "builtins",
        "typing",
        "abc",
        "enum",
        "collections.abc",
        "typing_extensions",
    )


def _assigned_by(kind: type) -> set[str]:
    """Return the attributes that the methods of a class assign."""
    codes = [
        code
        for member in members_of(kind).values()
        if type(member) is types.FunctionType
        for code in all_codes(member.__code__)
    ]
    return {
        str(step.argval)
        for code in codes
        for step in dis.get_instructions(code)
        if step.opname == "STORE_ATTR"
    }


def _attribute_checks(actual: str, value: object) -> Iterator[Check]:
    kind = type(value)
    if not is_project(kind):
        return  # what other packages keep in their objects differs between versions
    for name in attribute_names(value):
        yield from _short(f"{actual}.{name}", foreign.attribute(value, name, foreign.FAILED))
    if defined_by_project(kind, "__len__"):
        yield from _short(f"len({actual})", foreign.attempt("len(it)", {"it": value}))
    if defined_by_project(kind, "__str__") and not issubclass(kind, BaseException):
        yield from _short(f"str({actual})", foreign.attempt("str(it)", {"it": value}))


def _short(actual: str, held: object) -> list[Check]:
    """Return the check on one part, when that part has a source."""
    if held is foreign.FAILED:
        return []
    if type(held) in (bool, type(None)):
        return [Check(actual, "is", repr(held))]
    written = source_of(held)
    if written is None or len(written.source) > _LONGEST:
        return []
    return [_equality(actual, held, written)]


def _called(actual: str, function: types.FunctionType) -> list[Check]:
    """Call a function that was returned: what it gives says more than that it is callable."""
    needed = function.__code__.co_argcount - len(function.__defaults__ or ())
    any_number = bool(function.__code__.co_flags & inspect.CO_VARARGS)
    for arguments in _SAMPLES:
        if len(arguments) == needed or (any_number and len(arguments) > needed):
            expression = f"{{}}({', '.join(arguments)})"
            value = foreign.attempt(expression.replace("{}", "it"), {"it": function})
            found = _short(expression.replace("{}", actual), value)
            if found:
                return found
    return []
