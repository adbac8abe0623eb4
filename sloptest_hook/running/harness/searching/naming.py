"""Values for a parameter by its name alone."""

from __future__ import annotations

import re
from collections.abc import Callable

from .typical import typical, typical_texts
from .value import Value
from .world import (
    World,
    distinct,
    floats,
    functions,
    integers,
    lists_of,
    plain,
    strings,
)

_NUMBER_NAME = re.compile(
    r"^(n|i|j|k|x|y|z|num\w*|nth|ttl|(max|min)_?\w*|count|size|width|height|index|limit|amount|"
    r"price|age|year|month|day|timeout|expires|expiry|deadline|interval|delay|seconds|minutes|capacity|depth|level|rate|"
    r"\w*_(size|count|len|length|index|width|limit|number|seconds|minutes|id|timeout))$"
)
_SEPARATOR_NAME = re.compile(r"^(sep|separator|delim|delimiter|joiner|glue)$")
_PATH_NAME = re.compile(r"(path|file|dir|folder)")
_SWITCH_NAME = re.compile(r"^(is|has|can|use|with|allow)_")
_FUNCTION_NAME = re.compile(
    r"^(func|fn|f|callback|predicate|pred|function|mapper|wrapper|wrapped|decorator|factory|"
    r"getsizeof|choice|hook|handler|\w+_(func|fn|function|callback|factory))$"
)
_CLOCK_NAME = re.compile(r"^(timer|clock)$")
_TELLING_NAME = re.compile(f"{_CLOCK_NAME.pattern}|{_SEPARATOR_NAME.pattern}")
_TEXT_NAME = re.compile(
    r"(str|text|name|word|title|prefix|suffix|sep|msg|message|line|char|label|url|email|slug|key|"
    r"host|user|question|color|colour|^mode$|format|^lang|^tag$|token|code$|description|content)"
)
_COMMAND_NAME = re.compile(r"^(argv|args|arguments|cli_args)$")
_TEXTS_NAME = re.compile(r"^(lines|names|words|texts|titles|paths|urls|keys|tags|labels)$")
_LIST_NAME = re.compile(
    r"^(items|iterable|values|numbers|nums|elements|seq|sequence|data|rows|xs|\w+s)$"
)
# Of these the name tells the kind of thing, whatever its last word may be.
_NO_VALUES = (_CLOCK_NAME, _FUNCTION_NAME, _COMMAND_NAME, _PATH_NAME, _SWITCH_NAME)


def by_name(name: str, world: World) -> list[Value]:
    """Return values that a person would pass for the name; none for most."""
    lowered = name.lower()
    rules: tuple[tuple[re.Pattern[str], Callable[[], list[Value]]], ...] = (
        (_CLOCK_NAME, lambda: [Value("lambda: 0"), Value("lambda: 1.5")]),
        (_FUNCTION_NAME, lambda: functions(1)),
        (_COMMAND_NAME, lambda: command_lines(world)),
        (_TEXTS_NAME, lambda: [*lists_of(strings(world))[:5], *plain(["1", "2"])]),
        (_SEPARATOR_NAME, separators),
        (_PATH_NAME, lambda: plain("docs/readme.txt", "", "archive.tar.gz")),
        (_SWITCH_NAME, lambda: plain(True, False)),
        (_NUMBER_NAME, lambda: mixed(integers(world)[:8], floats(world)[:2])),
        (_TEXT_NAME, lambda: [*typical_texts(name), *strings(world)]),
        (_LIST_NAME, lambda: lists_of(integers(world))),
    )
    found = next((values() for pattern, values in rules if pattern.search(lowered)), [])
    if any(pattern.search(lowered) for pattern in _NO_VALUES):
        return found
    return distinct([*typical(name), *found])


def is_path(name: str) -> bool:
    """Whether a parameter is called like the place of a file or a directory."""
    return _PATH_NAME.search(name.lower()) is not None


def mixed(left: list[Value], right: list[Value]) -> list[Value]:
    """Return both, the first of the left ones first, those that are in both once."""
    return distinct([*left[:3], *right[:2], *left[3:], *right[2:]])


def is_telling(name: str) -> bool:
    """Whether the name leaves no doubt, like that of a clock or a separator."""
    return _TELLING_NAME.search(name.lower()) is not None


def command_lines(world: World) -> list[Value]:
    """Return the words of command lines: nothing, each option alone, each with a word after it."""
    options = [text for text in world.constants.strings if text.startswith("-")][:6]
    lines: list[list[str]] = [[], ["hello"], *([each] for each in options)]
    lines += [[each, word] for each in options for word in ("hello", "3")]
    return plain(*lines, ["1", "2"])


def templates() -> list[Value]:
    """Return strings that ``%`` fills in."""
    return plain("%.2f", "%s", "%d items", "%05d")


def separators() -> list[Value]:
    """Return strings that stand between others."""
    return plain("-", ", ", "_", "")


def is_command_line(name: str) -> bool:
    """Whether a parameter is called like the words of a command line."""
    return _COMMAND_NAME.search(name.lower()) is not None


def is_separator(name: str) -> bool:
    """Whether a parameter is called like something that stands between others."""
    return _SEPARATOR_NAME.search(name.lower()) is not None
