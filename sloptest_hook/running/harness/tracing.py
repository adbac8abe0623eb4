"""Edge: what each node of a pytest session executes, by coverage.py's tracer."""

from __future__ import annotations

import os
import sqlite3
import warnings
from collections.abc import Iterator
from typing import Any

import coverage
import pytest

from .analysis import analyses
from .goals import Goals
from .seen import SeenFile, absolute, messages


class Traced:
    """The nodes of a session under coverage.py's tracer; a pytest plugin."""

    def __init__(
        self, snapshot: str, scratch: str, trace: list[str], goals: list[dict[str, Any]]
    ) -> None:
        self._files = absolute(snapshot, trace)
        self._nodes: dict[str, int] = {}
        self._goals = Goals(snapshot, goals)
        self._data_file = os.path.join(scratch, "coverage.db")
        # sys.monitoring knows no contexts and, before 3.14, no branches.
        os.environ["COVERAGE_CORE"] = "ctrace" if _has_c_tracer() else "pytrace"
        self._coverage = coverage.Coverage(
            branch=True,
            config_file=False,
            data_file=self._data_file,
            include=[_pattern(name) for name in self._files],
        )
        self._coverage.start()
        del os.environ["COVERAGE_CORE"]

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: Any) -> Iterator[None]:
        """Attribute what is executed to the node that executes it."""
        number = self._nodes.setdefault(item.nodeid, len(self._nodes))
        self._coverage.switch_context(str(number))
        try:
            yield
        finally:
            self._coverage.switch_context("")

    def is_settled(self) -> bool:
        """Say whether every goal is reached; the price is that of reading all that was measured."""
        seen = self._read()
        for path in self._goals.paths() & seen.keys():
            self._goals.check(path, seen[path])
        return not self._goals.left

    def results(self) -> Iterator[dict[str, object]]:
        """Stop measuring and yield the same messages as ``Monitored``."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._coverage.stop()
            seen = self._read()
        yield from messages(self._nodes, self._files, seen, analyses(list(self._files)))

    def _read(self) -> dict[str, SeenFile]:
        """Return what was measured, from the tables that coverage.py documents."""
        self._coverage.get_data().write()
        seen = {name: SeenFile() for name in self._files}
        found = sqlite3.connect(self._data_file)
        try:
            rows = found.execute(
                "SELECT file.path, context.context, arc.fromno, arc.tono FROM arc"
                " JOIN file ON file.id = arc.file_id JOIN context ON context.id = arc.context_id"
            )
            for path, context, start, end in rows:
                if path in seen:
                    lines = [line for line in (start, end) if line > 0]
                    seen[path].add(int(context) if context else None, lines, [(start, end)])
        finally:
            found.close()
        return seen


def _pattern(path: str) -> str:
    """Return a glob that matches the path; its own special characters match any one."""
    return "".join("?" if letter in "*?[]{}" else letter for letter in path)


def _has_c_tracer() -> bool:
    try:
        from coverage import tracer
    except ImportError:
        return False
    return hasattr(tracer, "CTracer")
