"""Finds JSON in what a model has said where nothing holds it to JSON alone."""

import json
import re
from collections.abc import Iterator

from sloptest_hook.generation.strict_json import MOST_BYTES, BadReply, JsonValue, read_json

_FENCED = re.compile(r"```(?:json)?[ \t]*\n(.*?)\n[ \t]*```", re.DOTALL)
_MOST_STARTS = 200  # braces that are tried; prose has few, and each costs a parse


def json_in(text: str) -> JsonValue | BadReply:
    """Return the one object in a text that may have words or a fence around it.

    Whatever is found is read as strictly as a reply that is JSON alone.
    """
    whole = read_json(text)
    if not isinstance(whole, BadReply) or len(text) > MOST_BYTES:
        return whole
    for piece in (*_FENCED.findall(text), _outermost(text)):
        found = read_json(piece)
        if isinstance(found, dict):
            return found
    return whole


def complete_items(text: str, key: str) -> Iterator[dict[str, JsonValue]]:
    """Yield the objects of the list under ``key`` that are complete in a text that was cut off."""
    start = re.search(rf'"{re.escape(key)}"\s*:\s*\[', text[:MOST_BYTES])
    at = start.end() if start else len(text)
    decoder = json.JSONDecoder()
    for _ in range(_MOST_STARTS):
        brace = re.compile(r"[\s,]*(\{)").match(text, at)
        if brace is None:
            return
        try:
            _, at = decoder.raw_decode(text, brace.start(1))
        except (ValueError, RecursionError):
            return
        found = read_json(text[brace.start(1) : at])
        if isinstance(found, dict):
            yield found


def _outermost(text: str) -> str:
    return text[text.find("{") : text.rfind("}") + 1]
