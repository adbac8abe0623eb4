"""Shorter and smaller values of the same kind."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from .edits import as_value, plain_value
from .value import Value


def simpler(value: Value) -> list[Value]:
    """Return shorter or smaller values of the same kind, the simplest first."""
    found, literal = plain_value(value)
    if not literal:
        return []
    made = [as_value(each, value.origin) for each in _simpler(found)]
    return [
        each
        for each in made
        if len(each.source) <= len(value.source) and each.source != value.source
    ]


def _simpler(value: object) -> Iterator[object]:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        yield from _simpler_number(value)
    elif isinstance(value, str):
        yield from _simpler_text(value)
    elif isinstance(value, (list, tuple)):
        yield from _simpler_sequence(list(value), type(value))
    elif isinstance(value, dict):
        yield from _simpler_dict(value)


def _simpler_number(value: float) -> Iterator[object]:
    smaller = (0, 1, 2, 10, -1) if type(value) is int else (0.0, 1.0, 1.5)
    yield from (small for small in smaller if abs(small) < abs(value))


def _simpler_dict(value: dict[object, object]) -> Iterator[object]:
    for key in list(value)[:6]:
        yield {each: item for each, item in value.items() if each != key}
    for key, item in list(value.items())[:6]:
        yield from ({**value, key: small} for small in itertools.islice(_simpler(item), 2))


def _simpler_text(value: str) -> Iterator[str]:
    half = len(value) // 2
    if value:
        yield ""
        yield from (value[:half], value[half:]) if half else ()
        yield from (value[1:], value[:-1])
        yield from (
            value[:place] + value[place + 1 :] for place in range(1, min(len(value), 12) - 1)
        )


def _simpler_sequence(
    value: list[object], kind: type[list[object] | tuple[object, ...]]
) -> Iterator[object]:
    for place in range(min(len(value), 8)):
        yield kind(value[:place] + value[place + 1 :])
    for place, item in enumerate(value[:6]):
        for small in itertools.islice(_simpler(item), 2):
            yield kind([*value[:place], small, *value[place + 1 :]])
