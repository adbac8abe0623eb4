"""Checks a value against a schema: the few words of JSON Schema that our schemas are made of."""

from collections.abc import Callable, Mapping

from sloptest_hook.generation.providers.seam import Schema
from sloptest_hook.generation.strict_json import JsonValue

_IS: Mapping[str, Callable[[JsonValue], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
}


def schema_fault(value: JsonValue, schema: JsonValue | Schema, at: str = "the reply") -> str | None:
    """Return the first thing in which a value differs from the schema, None where it does not.

    Understood: ``type`` as one name, ``properties``, ``required``, ``additionalProperties`` false,
    ``items``, ``enum``.
    """
    if not isinstance(schema, Mapping):
        return None
    kind = schema.get("type")
    if isinstance(kind, str) and not _IS[kind](value):
        return f"{at} is no {kind}"
    options = schema.get("enum")
    if isinstance(options, list) and value not in options:
        return f"{at} is none of {options}"
    if isinstance(value, dict):
        return _object_fault(value, schema, at)
    if isinstance(value, list):
        faults = (
            schema_fault(each, schema.get("items"), f"{at}[{number}]")
            for number, each in enumerate(value)
        )
        return next(filter(None, faults), None)
    return None


def _object_fault(value: dict[str, JsonValue], schema: Schema, at: str) -> str | None:
    found = schema.get("properties")
    properties = found if isinstance(found, Mapping) else {}
    required = schema.get("required")
    for name in required if isinstance(required, list) else ():
        if name not in value:
            return f"{at} has no {name}"
    extra = sorted(value.keys() - properties.keys())
    if extra and schema.get("additionalProperties") is False:
        return f"{at} has {ascii(extra[0])[:60]}, which is none of its keys"
    faults = (
        schema_fault(each, properties.get(name), f"{at}.{name}") for name, each in value.items()
    )
    return next(filter(None, faults), None)
