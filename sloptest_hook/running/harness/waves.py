"""Edge: runs the selected tests wave by wave in one session, until the goals are reached.

A session that stays costs its start and the import of the project once. Fixtures of the session are
made anew for each wave.
"""

from __future__ import annotations

import time
from typing import Any, Protocol

import pytest

from .recorder import Recorder, existing


class Measures(Protocol):
    """Who knows whether enough has been executed."""

    def is_settled(self) -> bool: ...


class Waves:
    """The loop of a session; a pytest plugin.

    ``seconds`` is when no further test is begun, counted from now. The first ``to_end`` waves run
    to their end in any case.
    """

    def __init__(
        self,
        recorder: Recorder,
        waves: list[list[str]],
        measures: Measures | None,
        *,
        seconds: float | None,
        to_end: int,
    ) -> None:
        self._recorder = recorder
        self._waves = waves[1:]
        self._measures = measures
        self._end = None if seconds is None else time.monotonic() + seconds
        self._to_end = to_end

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: Any) -> bool:
        """Run what was collected, then collect and run the next wave."""
        self._run(session)
        for wave in self._waves:
            self._to_end -= 1
            if self._is_late() or (self._to_end <= 0 and self._is_settled()):
                break
            self._recorder.select(wave)
            session.perform_collect(existing(wave, self._recorder), genitems=True)
            self._run(session)
        return True

    def _run(self, session: Any) -> None:
        items = session.items
        for place, item in enumerate(items):
            if self._is_late() or (self._to_end <= 0 and self._is_settled()):
                return
            following = items[place + 1] if place + 1 < len(items) else None
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if session.shouldfail:
                raise session.Failed(session.shouldfail)
            if session.shouldstop:
                raise session.Interrupted(session.shouldstop)

    def _is_late(self) -> bool:
        if self._end is None or time.monotonic() < self._end:
            return False
        self._recorder.reply(kind="stopped", why="time")
        return True

    def _is_settled(self) -> bool:
        if self._measures is None or not self._measures.is_settled():
            return False
        self._recorder.reply(kind="stopped", why="settled")
        return True
