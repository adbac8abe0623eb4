"""Edge: what each node of a pytest session executes in the traced files, nothing on disk to stay.

Since Python 3.12 by ``sys.monitoring``, before by coverage.py's tracer with one dynamic context a
node. What is executable, excluded and a branch is coverage.py's word in both cases.
"""

from __future__ import annotations

import os
import sqlite3
import warnings
from collections.abc import Iterator
from typing import Any

import coverage
import pytest

from . import monitoring
from .analysis import FileAnalysis, analyses, read_analyses
from .seen import SeenFile, absolute, is_reached, message


def measurement(
    snapshot: str, scratch: str, trace: list[str], goals: list[dict[str, Any]]
) -> Monitored | Traced:
    """Return the plugin that measures, started.

    ``goals`` hold ``path``, ``lines`` and the ``minimum`` percent of them and their branches that
    tests are to execute.
    """
    kind = Monitored if monitoring.is_possible() else Traced
    return kind(snapshot, scratch, trace, goals)


class _Goals:
    """Which goals are not reached yet."""

    def __init__(self, snapshot: str, scratch: str, goals: list[dict[str, Any]]) -> None:
        self.left = [{**goal, "path": os.path.join(snapshot, goal["path"])} for goal in goals]
        files = absolute(snapshot, sorted({goal["path"] for goal in goals}))
        self._known = analyses(list(files), scratch) if files else {}

    def paths(self) -> set[str]:
        return {goal["path"] for goal in self.left}

    def check(self, path: str, seen: SeenFile) -> None:
        """Drop the goals in a file that are reached by what tests executed of it."""
        found = self._known.get(path)
        self.left = [
            goal
            for goal in self.left
            if goal["path"] != path or found is None or not is_reached(goal, found, seen)
        ]


class Monitored:
    """The nodes of a session under ``sys.monitoring``; a pytest plugin."""

    def __init__(
        self, snapshot: str, scratch: str, trace: list[str], goals: list[dict[str, Any]]
    ) -> None:
        self._scratch = scratch
        self._files = absolute(snapshot, trace)
        self._nodes: dict[str, int] = {}
        self._goals = _Goals(snapshot, scratch, goals)
        self._monitor = monitoring.Monitor(list(self._files))
        self._seen = {name: SeenFile(self._branch) for name in self._files}
        self._monitor.start()

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: Any) -> Iterator[None]:
        """Attribute what is executed to the node that executes it."""
        number = self._nodes.setdefault(item.nodeid, len(self._nodes))
        self._take(None)
        try:
            yield
        finally:
            for path in self._take(number) & self._goals.paths():
                self._goals.check(path, self._seen[path])

    def is_settled(self) -> bool:
        """Say whether every goal is reached."""
        return not self._goals.left

    def results(self) -> Iterator[dict[str, object]]:
        """Stop measuring and yield one message a traced file, whether imported or not.

        Before them comes one that names the nodes: a line that a thousand nodes execute refers to
        them by number.
        """
        self._take(None)
        self._monitor.stop()
        found = analyses(list(self._files), self._scratch)
        yield from _messages(self._nodes, self._files, self._seen, found)

    def _branch(self, jump: Any, found: FileAnalysis) -> tuple[int, int] | None:
        return self._monitor.branch(jump, found.line)

    def _take(self, test: int | None) -> set[str]:
        """Note what was executed as one test's, None as nobody's; return the files."""
        paths = set()
        for path, lines, jumps, costly in self._monitor.taken():
            self._seen[path].add(test, lines, jumps, costly)
            paths.add(path)
        return paths


class Traced:
    """The nodes of a session under coverage.py's tracer; a pytest plugin."""

    def __init__(
        self, snapshot: str, scratch: str, trace: list[str], goals: list[dict[str, Any]]
    ) -> None:
        self._scratch = scratch
        self._files = absolute(snapshot, trace)
        self._nodes: dict[str, int] = {}
        self._goals = _Goals(snapshot, scratch, goals)
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
            data = self._coverage.get_data()
            # Files that were never imported become known, and the data one of branches.
            data.add_arcs({name: [] for name in self._files if name not in data.measured_files()})
            found = read_analyses(self._coverage, list(self._files), self._scratch)
            yield from _messages(self._nodes, self._files, seen, found)

    def _read(self) -> dict[str, SeenFile]:
        """Return what was measured, from the tables that coverage.py documents."""
        self._coverage.get_data().write()
        seen = {name: SeenFile(_branch_of_lines) for name in self._files}
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


def _branch_of_lines(arc: Any, found: FileAnalysis) -> tuple[int, int] | None:
    """Return the branch of two lines; a negative end leaves the function."""
    start = found.line(arc[0])
    end = arc[1] if arc[1] < 0 else found.line(arc[1])
    return None if start is None or end is None else (start, end)


def _messages(
    nodes: dict[str, int],
    files: dict[str, str],
    seen: dict[str, SeenFile],
    found: dict[str, FileAnalysis],
) -> Iterator[dict[str, object]]:
    yield {"kind": "nodes", "names": list(nodes)}
    for name, path in files.items():
        if name in found:
            yield message(path, seen[name], found[name])


def _pattern(path: str) -> str:
    """Return a glob that matches the path; its own special characters match any one."""
    return "".join("?" if letter in "*?[]{}" else letter for letter in path)


def _has_c_tracer() -> bool:
    try:
        from coverage import tracer
    except ImportError:
        return False
    return hasattr(tracer, "CTracer")
