"""Writes strings that match a regular expression: simple ones, the same every time."""

from __future__ import annotations

import importlib
import random
import re
from collections.abc import Iterable

_CATEGORIES = {
    "CATEGORY_DIGIT": "4271",
    "CATEGORY_WORD": "abk",
    "CATEGORY_SPACE": " ",
    "CATEGORY_NOT_DIGIT": "x",
    "CATEGORY_NOT_WORD": "-",
    "CATEGORY_NOT_SPACE": "y",
}
_LONGEST = 120
_OTHERS = "abcXYZ019_-~"


def matching_strings(pattern: str, flags: int, count: int = 5) -> list[str]:
    """Return up to ``count`` strings that the pattern matches, the shortest repeats first.

    Of what is optional the first has nothing, the second all, the others one half or the other.
    """
    try:
        parser = importlib.import_module("re._parser")
    except ImportError:  # before Python 3.11
        parser = importlib.import_module("sre_parse")
    try:
        parsed = parser.parse(pattern, flags & (re.VERBOSE | re.IGNORECASE))
        compiled = re.compile(pattern, flags)
    except (re.error, ValueError, OverflowError, RecursionError):
        return []
    made = [_Writer(extra).sequence(parsed) for extra in range(count * 2)]
    fitting = [
        text for text in dict.fromkeys(made) if len(text) <= _LONGEST and compiled.search(text)
    ]
    return fitting[:count]


class _Writer:
    """Writes one string; ``extra`` is how many more repeats than needed, and seeds the choices."""

    def __init__(self, extra: int) -> None:
        self._extra = extra
        self._random = random.Random(extra)  # noqa: S311  repeatable choices, no secret
        self._groups: dict[object, str] = {}

    def sequence(self, parsed: Iterable[tuple[object, object]]) -> str:
        return "".join(self._part(str(kind), argument) for kind, argument in parsed)

    def _part(self, kind: str, argument: object) -> str:
        if kind in ("LITERAL", "NOT_LITERAL"):
            return _character(kind, argument)
        if kind == "ANY":
            return self._random.choice("abc")
        if kind == "IN":
            return self._member(argument)
        return self._compound(kind, argument)

    def _compound(self, kind: str, argument: object) -> str:
        if kind == "BRANCH":
            return self.sequence(self._random.choice(_nth(argument, 1)))
        if kind == "SUBPATTERN":
            text = self.sequence(_nth(argument, -1))
            self._groups[_nth(argument, 0)] = text
            return text
        if kind in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            times = self._times(int(_nth(argument, 0)), int(_nth(argument, 1)))
            return "".join(self.sequence(_nth(argument, 2)) for _ in range(times))
        if kind == "GROUPREF":
            return self._groups.get(argument, "")
        return self.sequence(argument) if kind == "ATOMIC_GROUP" else ""  # type: ignore[arg-type]

    def _times(self, least: int, most: int) -> int:
        if (least, most) == (0, 1) and self._extra > 1:
            return self._random.randint(0, 1)
        return min(most, least + (self._extra % 3))

    def _member(self, members: object) -> str:
        items = list(members)  # type: ignore[call-overload]  # the parser's list of pairs
        if str(items[0][0]) == "NEGATE":
            excluded = {chr(code) for kind, code in items[1:] if str(kind) == "LITERAL"}
            return next((each for each in _OTHERS if each not in excluded), "~")
        kind, argument = self._random.choice(items)
        if str(kind) == "LITERAL":
            return chr(argument)
        if str(kind) == "RANGE":
            low, high = argument
            return chr(self._random.randint(low, min(high, low + 25)))
        return self._random.choice(_CATEGORIES.get(str(argument), "q"))


def _character(kind: str, code: object) -> str:
    character = chr(code) if isinstance(code, int) else ""
    if kind == "LITERAL":
        return character
    return next(each for each in _OTHERS if each != character)


def _nth(argument: object, index: int):  # type: ignore[no-untyped-def]
    return argument[index]  # type: ignore[index]
