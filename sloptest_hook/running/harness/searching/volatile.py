"""Edge: notices that a case reads the clock, draws chance or uses sets, and runs it with others."""

from __future__ import annotations

import contextlib
import datetime as dt
import dis
import functools
import itertools
import random
import sys
import time
import types
from collections.abc import Callable, Iterator

from .ownership import is_of_project

_STEP = 0.037
_SHIFT = 400 * 24 * 3600 + 12345.678
_CLOCK = (
    "time time_ns monotonic monotonic_ns perf_counter perf_counter_ns process_time ctime asctime"
)
_CALENDAR = "now today utcnow localtime gmtime strftime"
_CHANCE = "random getrandbits urandom getpid gauss seed uuid1 uuid4 token_hex generate_time_safe"
_NUMBERS = "hash"
_NAMES = frozenset(f"{_CLOCK} {_CALENDAR} {_CHANCE} {_NUMBERS}".split())
SETS = "a set"
_OF_SETS = frozenset(
    ["set", "frozenset", "union", "intersection", "difference", "symmetric_difference"]
)
_SETTING = ("BUILD_SET", "SET_ADD", "SET_UPDATE")
_OWNERS = ("builtins", "time", "_random", "posix", "nt", "_uuid", "datetime")


@contextlib.contextmanager
def volatile_calls() -> Iterator[set[str]]:
    """Collect the names of the functions of clock, chance and ``hash`` that are called inside.

    And SETS, when code of the project runs that makes a set: its order hangs on the hash seed.
    """
    seen: set[str] = set()

    def watch(frame: types.FrameType, event: str, arg: object) -> None:
        if event == "call" and _makes_sets(frame.f_code):
            seen.add(SETS)
        if event == "c_call" and getattr(arg, "__name__", "") in _NAMES and _is_volatile(arg):
            seen.add(str(getattr(arg, "__name__", "")))

    sys.setprofile(watch)
    try:
        yield seen
    finally:
        sys.setprofile(None)


@functools.cache
def _makes_sets(code: types.CodeType) -> bool:
    if not is_of_project(code.co_filename):
        return False
    if not _OF_SETS.isdisjoint(code.co_names):
        return True
    return any(step.opname in _SETTING for step in dis.get_instructions(code))


def _is_volatile(function: object) -> bool:
    owner = getattr(function, "__self__", None)
    if isinstance(owner, types.ModuleType):
        return owner.__name__ in _OWNERS
    if isinstance(owner, type):
        return issubclass(owner, dt.date)
    return isinstance(owner, random.Random)


@contextlib.contextmanager
def shifted(run: int) -> Iterator[None]:
    """Move the clock by more than a year in every second run, and seed chance anew in each.

    For a fork that ends afterwards: the patches stay.
    """
    random.seed(1000 + run)
    if run % 2 == 0:
        _shift_time(_SHIFT * (run + 1))
        _shift_dates(_SHIFT * (run + 1))
    yield


def _shift_time(seconds: float) -> None:
    for name in ("time", "monotonic", "perf_counter"):
        before = getattr(time, name)
        _replace_everywhere(before, _later(before, seconds))
    local, utc, now = time.localtime, time.gmtime, time.time

    def localtime(at: float | None = None) -> time.struct_time:
        return local(now() if at is None else at)

    def gmtime(at: float | None = None) -> time.struct_time:
        return utc(now() if at is None else at)

    now = time.time
    _replace_everywhere(local, localtime)
    _replace_everywhere(utc, gmtime)


def _later(clock: Callable[[], float], seconds: float) -> Callable[[], float]:
    """Return a clock that is ahead, and further with each look: time measured is never the same."""
    steps = itertools.count(1)

    def later() -> float:
        return clock() + seconds + _STEP * next(steps)

    return later


def _shift_dates(seconds: float) -> None:
    """Put classes with another now and today wherever a module holds the real ones."""
    real, real_date = dt.datetime, dt.date
    moved = dt.timedelta(seconds=seconds)

    class Kind(type):
        def __instancecheck__(cls, value: object) -> bool:
            return isinstance(value, real if issubclass(cls, real) else real_date)

    class Moment(real, metaclass=Kind):  # type: ignore[misc, valid-type]  # a variable as base
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:
            return real.now(tz) + moved

        @classmethod
        def utcnow(cls) -> dt.datetime:
            return real.now(dt.timezone.utc).replace(tzinfo=None) + moved

        @classmethod
        def today(cls) -> dt.datetime:
            return real.now() + moved

    class Day(real_date, metaclass=Kind):  # type: ignore[misc, valid-type]  # a variable as base
        @classmethod
        def today(cls) -> dt.date:
            return (real.now() + moved).date()

    _replace_everywhere(real, Moment)
    _replace_everywhere(real_date, Day)


def _replace_everywhere(old: object, new: object) -> None:
    for name, module in list(sys.modules.items()):
        if name.startswith("_sloptest_harness"):
            continue
        for key, value in list(getattr(module, "__dict__", {}).items()):
            if value is old:
                module.__dict__[key] = new
