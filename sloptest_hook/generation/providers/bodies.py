"""Reads what a service has sent: nothing is believed to be there, or of the right kind."""

import json
from collections.abc import Iterator, Mapping

from sloptest_hook.generation.providers.seam import Answer, ErrorKind, ProviderError
from sloptest_hook.generation.strict_json import JsonValue

MOST_BYTES = 4 * 1024 * 1024  # of a whole body; a reply of 5 MB is none


def body_of(raw: bytes) -> Mapping[str, JsonValue] | ProviderError:
    """Return the object that a body of status 200 holds."""
    if len(raw) > MOST_BYTES:
        return malformed(f"a body of {len(raw)} bytes, at most {MOST_BYTES}")
    try:
        value: JsonValue = json.loads(raw)
    except (ValueError, RecursionError):
        shown = ascii(raw[:40].decode("utf-8", "replace"))
        return malformed(f"a body that is not JSON: {shown}" if raw else "an empty body")
    return value if isinstance(value, dict) else malformed("a body that is no JSON object")


def malformed(what: str) -> ProviderError:
    """Return the error of a service that has answered with something else than an answer."""
    return ProviderError(ErrorKind.MALFORMED, f"it answered with {what}")


def value_at(value: object, *keys: str) -> object:
    """Return what stands under these keys, None where anything is missing."""
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def text_at(value: object, *keys: str) -> str:
    found = value_at(value, *keys)
    return found if isinstance(found, str) else ""


def count_at(value: object, *keys: str) -> int:
    """Return a number of tokens; what is no such number counts as none."""
    found = value_at(value, *keys)
    is_count = isinstance(found, int) and not isinstance(found, bool) and found >= 0
    return found if isinstance(found, int) and is_count else 0


def items_at(value: object, *keys: str) -> Iterator[Mapping[str, object]]:
    """Yield the objects of a list."""
    found = value_at(value, *keys)
    for each in found if isinstance(found, list) else ():
        if isinstance(each, Mapping):
            yield each


def as_text(value: object) -> str:
    """Return the arguments of a tool as the text of an answer; a service may send either."""
    return value if isinstance(value, str) else json.dumps(value)


Read = Answer | ProviderError
