"""What each node of a pytest session executes in the traced files.

Since Python 3.12 by ``sys.monitoring``, before by coverage.py's tracer. What is executable,
excluded and a branch is coverage.py's word in both cases.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, Protocol

import pytest

from . import ahead, audit, monitoring
from .goals import Goals
from .recorder import without_variant
from .seen import Arc, SeenFile, absolute, messages


class Watch(Protocol):
    """Who records what is executed: ``Monitor`` says what each method is for."""

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def taken(self, function: str | None, /) -> Iterator[tuple[str, set[int], set[Arc]]]: ...

    def told(self, path: str, /) -> Iterator[tuple[Arc, int]]: ...

    def doubtful(self, path: str, /) -> Iterator[Arc]: ...


class Measuring:
    """The nodes of a session under watch from now on; a pytest plugin.

    ``goals`` hold ``path``, ``lines`` and the ``minimum`` percent of them and their branches that
    tests are to execute. ``forks``: a process beside this one may look at the sources.
    """

    def __init__(
        self, snapshot: str, trace: list[str], goals: list[dict[str, Any]], *, forks: bool
    ) -> None:
        self._files = absolute(snapshot, trace)
        self._analyses = ahead.begun(list(self._files), forks=forks)
        self._nodes: dict[str, int] = {}
        self._has_failed = False
        self._goals = Goals(snapshot, goals)
        self._watch = watch = _watch(list(self._files))
        self._seen = {
            name: SeenFile(partial(watch.told, name), partial(watch.doubtful, name))
            for name in self._files
        }
        watch.start()

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: Any) -> Iterator[None]:
        """Attribute what is executed to the node that executes it."""
        number = self._nodes.setdefault(item.nodeid, len(self._nodes))
        self._take(None, None)
        self._has_failed = False
        try:
            yield
        finally:
            # A test that failed is not remembered, and so vouches for nothing.
            function = None if self._has_failed else without_variant(item.nodeid)
            ran = self._take(number, function)
            for path in ran & self._goals.paths():
                self._goals.check(path, self._seen[path])

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Note that the test does not pass."""
        self._has_failed |= report.outcome != "passed"

    def is_settled(self) -> bool:
        """Say whether every goal is reached."""
        return not self._goals.left

    def results(self) -> Iterator[dict[str, object]]:
        """Stop measuring and yield one message a traced file, whether imported or not.

        Before them comes one that names the nodes: a line that a thousand nodes execute refers to
        them by number.
        """
        self._take(None, None)
        self._watch.stop()
        found = self._analyses()
        yield from messages(self._nodes, self._files, self._seen, found)

    def _take(self, test: int | None, function: str | None) -> set[str]:
        """Note what was executed as one test's, None as nobody's; return the files."""
        paths = set()
        for path, lines, arcs in self._watch.taken(function):
            self._seen[path].add(test, lines, arcs)
            paths.add(path)
        return paths


def _watch(paths: list[str]) -> Watch:
    if monitoring.is_possible():
        monitor = monitoring.Monitor(paths)
        audit.listen(["exec"], monitor.audit)
        return monitor
    from .tracing import Tracer

    return Tracer(paths)
