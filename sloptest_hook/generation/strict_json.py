"""Reads JSON that a stranger wrote: what is unusual is refused, and nothing is guessed."""

import json
import math
import re
from typing import NoReturn

from sloptest_hook.values.records import dataclass

MOST_BYTES = 256 * 1024
MOST_DEPTH = 12

JsonValue = None | bool | int | float | str | list["JsonValue"] | dict[str, "JsonValue"]

# A whole reply in one fence is the habit of many models; text around it is not JSON.
_FENCE = re.compile(r"\s*```(?:json)?[ \t]*\n(.*?)\n```\s*", re.DOTALL)
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)


@dataclass(frozen=True, slots=True)
class BadReply:
    """Why a reply is refused whole, for the report and for whoever may ask again."""

    reason: str


class _RefusedError(ValueError):
    """Carries a reason out of the parser's callbacks."""


def read_json(body: bytes | str) -> JsonValue | BadReply:
    """Return the value that a reply holds.

    Refused: what is no UTF-8, more than 256 KiB, nesting beyond 12, a key twice in one object, NaN
    and infinities, numbers of thousands of digits, anything before or behind the one value.
    """
    try:
        text = body.decode("utf-8") if isinstance(body, bytes) else body
        size = len(text.encode("utf-8"))
    except (UnicodeDecodeError, UnicodeEncodeError) as error:
        return BadReply(f"the reply is not UTF-8: {error.reason}")
    if size > MOST_BYTES:
        return BadReply(f"the reply has {size} bytes, at most {MOST_BYTES}")
    fenced = _FENCE.fullmatch(text)
    text = fenced[1] if fenced else text
    if _depth(text) > MOST_DEPTH:
        return BadReply(f"the reply is nested deeper than {MOST_DEPTH}")
    return _parsed(text)


def _parsed(text: str) -> JsonValue | BadReply:
    try:
        value: JsonValue = json.loads(
            text, object_pairs_hook=_object, parse_constant=_constant, parse_float=_number
        )
    except _RefusedError as refused:
        return BadReply(str(refused))
    except (ValueError, RecursionError) as error:
        return BadReply(f"the reply is not JSON: {error}")
    return value


def _depth(text: str) -> int:
    """Return how deep brackets are nested outside strings; the parser would recurse as deep."""
    deepest = depth = 0
    for bracket in re.findall(r"[\[\]{}]", _STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _object(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _value in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise _RefusedError(f"the reply has the key {twice!r} twice")
    return found


def _constant(name: str) -> NoReturn:
    raise _RefusedError(f"the reply holds {name}, which is not JSON")


def _number(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise _RefusedError(f"the reply holds {text[:20]}, which no float can be")
    return value
