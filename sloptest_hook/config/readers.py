"""Reads one value of the configuration as the type that its key wants."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import PurePosixPath

from sloptest_hook.values.settings import Waiver

Reader = Callable[[object], object]

_WORDS = {"true": True, "yes": True, "on": True, "1": True}
_WORDS |= {"false": False, "no": False, "off": False, "0": False}
_ALL = 100  # percent
_OF_A_WAIVER = frozenset({"reason", "until"})
_WAIVERS = 'a table of globs: "legacy/*" = { reason = "...", until = 2027-01-31 }'
_MOST_OF_ANYTHING = 64
_PRICES = frozenset({"input", "output", "cache-read", "cache-write"})
_INFINITE = float("inf")
_LONGEST_SHOWN = 100
_NAMES = {str: "text", bool: "a boolean", int: "a number", float: "a number"}
_NAMES |= {list: "a list", dict: "a table", type(None): "nothing"}


class WrongValue(Exception):  # noqa: N818  # says what was wanted; schema.py makes the error of it
    """The value is not what its key wants; the text says what that is."""


def boolean(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise WrongValue("true or false")


def text(value: object) -> str:
    if isinstance(value, str) and value.strip():
        return value
    raise WrongValue("text")


def seconds(value: object) -> float:
    number = _number(value, "a number of seconds above 0")
    if number > 0:
        return number
    raise WrongValue("a number of seconds above 0")


def percent(value: object) -> float:
    number = _number(value, "a number from 0 to 100")
    if 0 <= number <= _ALL:
        return number
    raise WrongValue("a number from 0 to 100")


def dollars(value: object) -> float:
    number = _number(value, "a number of dollars, 0 or more")
    if number >= 0:
        return number
    raise WrongValue("a number of dollars, 0 or more")


def count(value: object) -> int:
    number = _number(value, "a whole number from 1 to 64")
    if number.is_integer() and 1 <= number <= _MOST_OF_ANYTHING:
        return int(number)
    raise WrongValue("a whole number from 1 to 64")


def endpoint(value: object) -> str:
    """Return the address of a server: https, or plain http on this machine alone."""
    from sloptest_hook.values.endpoint import endpoint_fault  # where one is named

    url = text(value)
    fault = endpoint_fault(url)
    if fault:
        raise WrongValue(f"an address such as https://host/v1: this one {fault}")
    return url


def price(value: object) -> object:
    """Return dollars for a million tokens; a cache without a price of its own saves nothing."""
    from sloptest_hook.values.settings import Price

    if not isinstance(value, Mapping) or not {"input", "output"} <= value.keys() <= _PRICES:
        raise WrongValue("a table of input, output and perhaps cache-read, cache-write")
    rates = {name: dollars(each) for name, each in value.items()}
    paid = rates["input"]
    return Price(
        paid, rates["output"], rates.get("cache-read", paid), rates.get("cache-write", paid)
    )


def texts(value: object) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(each, str) and each for each in value):
        return tuple(value)
    raise WrongValue("a list of texts")


def inner_directory(value: object) -> PurePosixPath:
    """Return a directory below the repository; ``.`` would make every file a test."""
    path = _path(value)
    if path is None or path == PurePosixPath():
        raise WrongValue("a directory below the repository, relative to it and without '..'")
    return path


def directories(value: object) -> tuple[PurePosixPath, ...]:
    paths = [_path(each) for each in value] if isinstance(value, list) else [None]
    if None in paths:
        raise WrongValue("a list of directories in the repository, relative to it and without '..'")
    return tuple(path for path in paths if path is not None)


def variables(value: object) -> tuple[tuple[str, str], ...]:
    """Return environment variables, sorted by name."""
    pairs = value.items() if isinstance(value, Mapping) else [("", None)]
    if all(_is_variable(name, each) for name, each in pairs):
        return tuple(sorted((str(name), str(each)) for name, each in pairs))
    raise WrongValue("a table of environment variables, each a text")


def waivers(value: object) -> tuple[Waiver, ...]:
    """Return the globs with their reasons, in the order of the file."""
    if not isinstance(value, Mapping):
        raise WrongValue(_WAIVERS)
    return tuple(_waiver(str(pattern), each) for pattern, each in value.items())


def _waiver(pattern: str, value: object) -> Waiver:
    """Return a waiver from its reason alone, or from a table of reason and end."""
    table = {"reason": value} if isinstance(value, str) else value
    if not isinstance(table, Mapping) or not pattern.strip() or not table.keys() <= _OF_A_WAIVER:
        raise WrongValue(_WAIVERS)
    reason, until = table.get("reason"), table.get("until", "")
    if not isinstance(reason, str) or not reason.strip():
        raise WrongValue(f"a reason for {shown(pattern)}: nothing is waived without one")
    return Waiver(pattern, reason.strip(), _day(until) if until != "" else "")


def _day(value: object) -> str:
    """Return ``2027-01-31`` from a date or from such a text."""
    import datetime as dt  # 2 ms, where a waiver ends

    try:
        if isinstance(value, str):
            return dt.date.fromisoformat(value).isoformat()
    except ValueError:
        pass
    if type(value) is dt.date:
        return value.isoformat()
    raise WrongValue("a day such as 2027-01-31 in `until`")


def one_of(kind: type[StrEnum]) -> Callable[[object], StrEnum]:
    """Return the reader of an enum's values."""

    def reader(value: object) -> StrEnum:
        if isinstance(value, str) and value in set(kind):
            return kind(value)
        raise WrongValue(" or ".join(repr(str(each)) for each in kind))

    return reader


def typed(value: str, reader: Reader) -> object:
    """Return the text of an environment variable as a value that ``reader`` takes.

    A list is split at blanks, quotes hold a blank together.
    """
    if reader is boolean:
        return _WORDS.get(value.strip().lower(), value)
    if reader in (seconds, percent, dollars, count):
        try:
            return float(value)
        except ValueError:
            return value
    if reader in (texts, directories):
        return _split(value)
    if reader in (variables, price):
        pairs = _pairs(value).items()
        return {name: typed(each, dollars) if reader is price else each for name, each in pairs}
    return value


def _pairs(value: str) -> dict[str, str]:
    return {name: text for name, _, text in (pair.partition("=") for pair in _split(value))}


def found(value: object) -> str:
    """Return a wrong value as a message shows it: ``'yes', which is text``."""
    name = _NAMES.get(type(value), type(value).__name__)
    return f"{shown(value)}, which is {name}"


def shown(value: object) -> str:
    """Return a value as a message quotes it, cut short: a few bytes of YAML can name gigabytes."""
    import reprlib  # 1 ms, on the way to a message

    short = reprlib.Repr()
    short.maxlevel, short.maxstring, short.maxother = 2, _LONGEST_SHOWN, _LONGEST_SHOWN
    try:
        return short.repr(value)
    except ValueError:  # a number of thousands of digits
        return "a very large number"


def _number(value: object, wanted: str) -> float:
    # True is an int for Python, and not for whoever writes `time-budget = true`.
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise WrongValue(wanted)
    try:
        number = float(value)
    except OverflowError:
        raise WrongValue(wanted) from None
    if not abs(number) < _INFINITE:  # NaN is not either
        raise WrongValue(wanted)
    return number


def _path(value: object) -> PurePosixPath | None:
    if not isinstance(value, str) or not value.strip() or "\\" in value or "\0" in value:
        return None
    path = PurePosixPath(value)
    outside = path.is_absolute() or ".." in path.parts or ".git" in path.parts
    drive_or_home = value[1:2] == ":" or value.startswith("~")
    return None if outside or drive_or_home else path


def _is_variable(name: object, value: object) -> bool:
    named = isinstance(name, str) and bool(name) and "=" not in name and "\0" not in name
    return named and isinstance(value, str) and "\0" not in value


def _split(value: str) -> list[str]:
    import shlex  # 1 ms, and lists are rare in the environment

    try:
        return shlex.split(value)
    except ValueError:  # a quote that is never closed
        return value.split()
