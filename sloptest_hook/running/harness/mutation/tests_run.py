"""Edge: runs collected tests one by one, as pytest does, and says which passed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, NamedTuple

import pytest

from .. import guard

_PHASES = frozenset({"setup", "call", "teardown"})
_LONGEST_MESSAGE = 200


class Went(NamedTuple):
    """How one test went."""

    passed: bool
    seconds: float
    message: str


class Reports:
    """A pytest plugin that remembers what is reported of the test that runs."""

    def __init__(self) -> None:
        self._passed: set[str] = set()
        self._failure = ""
        self._others = False

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Note one phase; a skip and an expected failure are no pass and no failure."""
        if report.outcome == "passed" and not hasattr(report, "wasxfail"):
            self._passed.add(report.when)
        elif report.outcome == "failed":
            crash = getattr(report.longrepr, "reprcrash", None)
            text = str(crash.message) if crash is not None else str(report.longrepr)
            self._failure = self._failure or (text.strip().splitlines() or ["it failed"])[0]
        else:
            self._others = True

    def run(self, item: Any, following: Any) -> Went:
        """Run one test with all that its plugins do around it, under the guard."""
        self._passed, self._failure, self._others = set(), "", False
        started = time.perf_counter()
        guard.enforce(True)
        try:
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        except (pytest.exit.Exception, KeyboardInterrupt, SystemExit) as error:
            self._failure = self._failure or f"it ended the session: {error}"
        finally:
            guard.enforce(False)
        return self._went(time.perf_counter() - started)

    def _went(self, seconds: float) -> Went:
        if self._failure:
            return Went(False, seconds, self._failure[:_LONGEST_MESSAGE])
        if self._passed >= _PHASES and not self._others:
            return Went(True, seconds, "")
        return Went(False, seconds, "it is skipped")

    def failed(self) -> bool:
        """Say whether the last test failed, which a skipped one did not."""
        return bool(self._failure)

    def first_failure(self, items: Sequence[Any]) -> str:
        """Run tests until one fails, and return its node id; empty: none does."""
        for place, item in enumerate(items):
            following = items[place + 1] if place + 1 < len(items) else None
            self.run(item, following)
            if self.failed():
                return str(item.nodeid)
        return ""
