"""Holds a document against a JSON Schema, as far as our schemas go; an unknown word is a fault."""

from collections.abc import Mapping
from typing import Any

_SAID = frozenset({"$schema", "title", "description", "default"})
_KINDS: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "null": (type(None),),
}


def faults(value: Any, schema: Mapping[str, Any], at: str = "$") -> list[str]:
    """Return all in which the value is not what the schema says."""
    found: list[str] = []
    for word, wanted in schema.items():
        if word not in _SAID:
            found += _RULES[word](value, wanted, schema, at)
    return found


def _type(value: Any, wanted: Any, _: Any, at: str) -> list[str]:
    names = [wanted] if isinstance(wanted, str) else wanted
    fits = any(
        isinstance(value, _KINDS[name]) and (name == "boolean" or not isinstance(value, bool))
        for name in names
    )
    return [] if fits else [f"{at}: {value!r} is no {wanted}"]


def _properties(value: Any, wanted: Any, _: Any, at: str) -> list[str]:
    known = value.keys() & wanted.keys() if isinstance(value, dict) else set()
    return [each for name in known for each in faults(value[name], wanted[name], f"{at}.{name}")]


def _additional(value: Any, wanted: Any, schema: Any, at: str) -> list[str]:
    more = value.keys() - schema.get("properties", {}).keys() if isinstance(value, dict) else set()
    if wanted is False:
        return [f"{at}: {name} is none of its keys" for name in more]
    return [each for name in more for each in faults(value[name], wanted, f"{at}.{name}")]


def _required(value: Any, wanted: Any, _: Any, at: str) -> list[str]:
    if not isinstance(value, dict):
        return []
    return [f"{at}: no {name}" for name in wanted if name not in value]


def _items(value: Any, wanted: Any, _: Any, at: str) -> list[str]:
    listed = value if isinstance(value, list) else []
    return [e for n, each in enumerate(listed) for e in faults(each, wanted, f"{at}[{n}]")]


def _enum(value: Any, wanted: Any, _: Any, at: str) -> list[str]:
    return [] if value in wanted else [f"{at}: {value!r} is none of {wanted}"]


def _least(value: Any, wanted: Any, _: Any, at: str) -> list[str]:
    is_number = isinstance(value, int | float)
    return [f"{at}: {value} < {wanted}"] if is_number and value < wanted else []


def _above(value: Any, wanted: Any, _: Any, at: str) -> list[str]:
    is_number = isinstance(value, int | float)
    return [f"{at}: {value} <= {wanted}"] if is_number and value <= wanted else []


def _most(value: Any, wanted: Any, _: Any, at: str) -> list[str]:
    is_number = isinstance(value, int | float)
    return [f"{at}: {value} > {wanted}"] if is_number and value > wanted else []


def _length(value: Any, wanted: Any, _: Any, at: str) -> list[str]:
    return [f"{at}: too short"] if isinstance(value, str) and len(value) < wanted else []


_RULES = {
    "type": _type,
    "properties": _properties,
    "additionalProperties": _additional,
    "required": _required,
    "items": _items,
    "enum": _enum,
    "minimum": _least,
    "exclusiveMinimum": _above,
    "maximum": _most,
    "minLength": _length,
}
