"""Edge: how much is still to be learned of one code object.

At first all events are armed again for each test, so that it is known which lines and branches the
test executes. When test function after test function has executed nothing that was not known, a
test is noted for entering the code alone. Events that have never fired stay on for ever: nothing
that any test executes is missed.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from types import CodeType
from typing import Any

from .flow import JUMPED, LEFT, ON, TAKEN, Arc, Flow, Way

# Test functions in a row that passed and executed nothing new. Who remembers what tests execute
# relies on it: of a code that so few tests entered all is known (``pipeline/memory.py``).
_ENOUGH = 8
_VARIANTS = 8  # of one test function, that count as another one
_WITNESSES = 3  # of a branch that only an event tells of, which is dear
_PAUSES = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR


def _events_of(*names: str) -> int:
    events: Any = getattr(getattr(sys, "monitoring", None), "events", None)
    found = 0
    for name in names:
        found |= getattr(events, name, 0)
    return found


_START, _LINE = _events_of("PY_START"), _events_of("LINE")
# Since Python 3.14 BRANCH stands for the two others, which can be switched off one by one.
_BRANCH = _events_of("BRANCH_LEFT", "BRANCH_RIGHT") or _events_of("BRANCH")
_EVENT = {
    ON: _BRANCH,
    TAKEN: _BRANCH,
    JUMPED: _events_of("JUMP"),
    LEFT: _events_of("PY_RETURN"),
}
_ALL = _START | _LINE | _BRANCH | _EVENT[JUMPED] | _EVENT[LEFT]


class Watched:
    """A code object of the file ``path``, and what tests have executed of it.

    ``wanted`` are the ways out of an instruction, by its offset, of which too few tests are known.
    ``has_run`` says that anything was executed; before that nothing is known.
    """

    def __init__(self, code: CodeType, path: str) -> None:
        self.code = code
        self.path = path
        self.wanted: dict[int, dict[Way, Arc]] = {}
        # A test may resume what another one has begun, and then does not execute its first line.
        self._pauses = bool(code.co_flags & _PAUSES)
        self._flow: Flow | None = None
        self._left: dict[Arc, int] = {}
        self._given_up: set[Arc] = set()
        self._known: set[int | Arc] = set()
        self._function: str | None = None
        self._variants = self._quiet_for = 0

    @property
    def has_run(self) -> bool:
        return self._flow is not None

    @property
    def flow(self) -> Flow:
        """Return the ways through the code, which are found out when it first runs."""
        if self._flow is None:
            self._flow = Flow(self.code)
            for way, arc in self._flow.events.items():
                self.wanted.setdefault(way[0], {})[way] = arc
                self._left[arc] = _WITNESSES
        return self._flow

    def give_up(self, offset: int) -> None:
        """Note that for the rest of a test nothing is known of an instruction."""
        self._given_up.update(self.wanted[offset].values())

    def doubtful(self) -> Iterator[Arc]:
        """Yield the ways that may have been taken unseen."""
        yield from self.flow.doubtful
        yield from self._given_up

    def note(self, lines: set[int], arcs: set[Arc], function: str) -> None:
        """Note what was executed in one test that passed."""
        for arc in arcs:
            self._count(arc)
        if not self._known.issuperset(lines) or not self._known.issuperset(arcs):
            self._known.update(lines, arcs)
            self._quiet_for = 0
        self._variants = self._variants + 1 if function == self._function else 0
        if self._variants % _VARIANTS == 0:
            self._quiet_for += 1
        self._function = function

    def _count(self, arc: Arc) -> None:
        """Want a way less that a test has taken."""
        left = self._left.get(arc, 0)
        if left > 1:
            self._left[arc] = left - 1
        elif left:
            del self._left[arc]
            for offset in list(self.wanted):
                ways = {way: each for way, each in self.wanted[offset].items() if each != arc}
                self.wanted[offset] = ways
                if not ways:
                    del self.wanted[offset]

    def events(self) -> int:
        """Return the events that tell of what is still to be learned."""
        if not self.has_run:
            return _ALL
        found = _LINE if self._pauses else _LINE | _START
        for ways in self.wanted.values():
            for way in ways:
                found |= _EVENT[way[1]]
        return found

    def kept(self) -> int:
        """Return the events that are not armed again: what has fired is known well enough."""
        if self._quiet_for <= _ENOUGH:
            return 0
        return 0 if self._pauses else _LINE
