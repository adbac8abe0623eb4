"""The statements that settle what time it is, and how it goes on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .target import Kind, Target
from .value import Setting


class Read(NamedTuple):
    """A question: its canonical name, what it is patched as, what it is about, where it stands."""

    name: str
    place: str
    about: str
    line: int


def clock(target: Target, reads: Sequence[Read]) -> Iterator[Setting]:
    """Yield a clock that stands, or for whoever takes times one that goes on at each look."""
    takes_times = target.kind is not Kind.FUNCTION or len(reads) > 1
    places = list(dict.fromkeys(each.place for each in reads))
    start = "1700000000" if all(_last(place) == "time" for place in places) else "100"
    whole = {place: "_000_000_000" if _last(place).endswith("_ns") else ".0" for place in places}
    if takes_times:
        arrange = [f"ticks = itertools.count({start}.0, 2.5)"]
        arrange += [
            f"monkeypatch.setattr({place!r}, lambda: {_ticking(place)})" for place in places
        ]
        yield Setting(tuple(arrange), ("import itertools",))
    else:
        yield Setting(
            tuple(
                f"monkeypatch.setattr({place!r}, lambda: {start}{whole[place]})" for place in places
            )
        )


def _ticking(place: str) -> str:
    return "int(next(ticks) * 10**9)" if _last(place).endswith("_ns") else "next(ticks)"


def _last(place: str) -> str:
    return place.rpartition(".")[2]


def sleep(_target: Target, reads: Sequence[Read]) -> Iterator[Setting]:
    for place in dict.fromkeys(each.place for each in reads):
        yield Setting((f"monkeypatch.setattr({place!r}, lambda seconds: None)",))


def moments(_target: Target, reads: Sequence[Read]) -> Iterator[Setting]:
    """Yield a ``datetime`` that stands still, in the morning and late on the last of a month."""
    methods = sorted({_last(each.name) for each in reads})
    for moment in ("2024, 1, 15, 9, 30", "2024, 1, 31, 21, 30"):
        yield _frozen("datetime", "FrozenDatetime", methods, moment, reads)


def days(_target: Target, reads: Sequence[Read]) -> Iterator[Setting]:
    for day in ("2024, 1, 15", "2024, 12, 31"):
        yield _frozen("date", "FrozenDate", ["today"], day, reads)


def _frozen(
    base: str, name: str, methods: Sequence[str], arguments: str, reads: Sequence[Read]
) -> Setting:
    lines = [f"class {name}({base}):"]
    for method in methods:
        zone = method == "now"
        lines += ["    @classmethod", f"    def {method}(cls{', tz=None' if zone else ''}):"]
        lines += [f"        return cls({arguments}{', tzinfo=tz' if zone else ''})"]
    places = dict.fromkeys(each.place for each in reads)
    patches = (f"monkeypatch.setattr({place!r}, {name})" for place in places)
    return Setting(("\n".join(lines), *patches), (f"from datetime import {base}",))


def loop_time(target: Target, reads: Sequence[Read]) -> Iterator[Setting]:
    """Yield a loop whose time stands: how often a loop looks at it differs from Python to Python.

    A coroutine is run by that loop, and may wait for a moment that never comes: it is first called
    where the time is that of the machine.
    """
    if target.is_async:
        yield Setting((), fixtures=())
    place = reads[0].place
    yield Setting((f"monkeypatch.setattr({place!r}, lambda loop: 100.0)",))
