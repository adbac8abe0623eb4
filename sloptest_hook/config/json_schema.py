"""The table of keys as a JSON Schema, for editors."""

from collections.abc import Mapping
from enum import StrEnum

from sloptest_hook.config import readers
from sloptest_hook.config.reference import MEANINGS, default_of
from sloptest_hook.config.schema import KEYS, Key
from sloptest_hook.values.settings import Settings

Schema = dict[str, object]

_TEXT: Schema = {"type": "string", "minLength": 1}
_RATE: Schema = {"type": "number", "minimum": 0}
_PRICE: Schema = {
    "type": "object",
    "properties": dict.fromkeys(("input", "output", "cache-read", "cache-write"), _RATE),
    "required": ["input", "output"],
    "additionalProperties": False,
}
_WAIVER: Schema = {
    "type": ["string", "object"],
    "properties": {"reason": _TEXT, "until": _TEXT},
    "required": ["reason"],
    "additionalProperties": False,
}
_KINDS: Mapping[readers.Reader, Schema] = {
    readers.boolean: {"type": "boolean"},
    readers.text: _TEXT,
    readers.endpoint: _TEXT,
    readers.inner_directory: _TEXT,
    readers.seconds: {"type": "number", "exclusiveMinimum": 0},
    readers.percent: {"type": "number", "minimum": 0, "maximum": 100},
    readers.dollars: _RATE,
    readers.count: {"type": "integer", "minimum": 1, "maximum": 64},
    readers.texts: {"type": "array", "items": _TEXT},
    readers.directories: {"type": "array", "items": _TEXT},
    readers.variables: {"type": "object", "additionalProperties": {"type": "string"}},
    readers.price: _PRICE,
    readers.waivers: {"type": "object", "additionalProperties": _WAIVER},
}


def json_schema() -> Schema:
    """Return the schema of ``[tool.sloptest]``."""
    tops: dict[str, object] = {}
    sections: dict[str, dict[str, object]] = {}
    for name, key in KEYS.items():
        section, _, inner = name.rpartition(".")
        place = sections.setdefault(section, {}) if section else tops
        place[inner] = _property(name, key)
    for section, properties in sections.items():
        tops[section] = _table(properties)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "[tool.sloptest]",
        **_table(tops),
    }


def _table(properties: Mapping[str, object]) -> Schema:
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _property(name: str, key: Key) -> Schema:
    kind = _kind(key)
    default = default_of(name)
    said: Schema = {} if default is None else {"default": {} if _is_map(kind, default) else default}
    return {"description": MEANINGS[name], **kind, **said}


def _kind(key: Key) -> Schema:
    if not key.field:
        return {"enum": list(key.only)} if key.only else dict(_KINDS.get(key.reader, {}))
    value: object = Settings()
    for part in key.field.split("."):
        value = getattr(value, part)
    if isinstance(value, StrEnum):
        return {"enum": [each.value for each in type(value)]}
    return dict(_KINDS[key.reader])


def _is_map(kind: Schema, default: object) -> bool:
    """Tell an empty table, which is kept as an empty tuple, from an empty list."""
    return kind.get("type") == "object" and not default
