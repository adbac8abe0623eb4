"""Edge: coverage.py around a pytest session, one dynamic context a node, nothing on disk.

coverage.py is the authority on what is executable, excluded and a branch.
"""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Iterator
from typing import Any

import coverage
import pytest
from coverage.exceptions import CoverageException


class Measurement:
    """What the nodes of one session execute in the traced files; a pytest plugin."""

    def __init__(self, snapshot: str, scratch: str, trace: list[str]) -> None:
        self._snapshot = snapshot
        self._scratch = scratch
        self._files = [path for path in trace if os.path.isfile(os.path.join(snapshot, path))]
        # sys.monitoring knows no contexts and, before 3.14, no branches.
        os.environ["COVERAGE_CORE"] = "ctrace" if _has_c_tracer() else "pytrace"
        self._coverage = coverage.Coverage(
            branch=True,
            config_file=False,
            data_file=None,
            include=[_pattern(os.path.join(snapshot, path)) for path in self._files],
        )
        self._nodes: dict[str, int] = {}
        self._coverage.start()
        del os.environ["COVERAGE_CORE"]

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: Any) -> Iterator[None]:
        """Attribute what is executed to the node that executes it."""
        self._nodes.setdefault(item.nodeid, len(self._nodes))
        self._coverage.switch_context(item.nodeid)
        try:
            yield
        finally:
            self._coverage.switch_context("")

    def results(self) -> Iterator[dict[str, object]]:
        """Stop measuring and yield one message a traced file, whether imported or not.

        Before them comes one that names the nodes: a line that a thousand nodes execute refers to
        them by number.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._coverage.stop()
            self._name_unseen()
            branches = self._branches()
            yield {"kind": "nodes", "names": list(self._nodes)}
            for path in self._files:
                message = self._message(path, branches.get(path, {}))
                if message is not None:
                    yield message

    def _name_unseen(self) -> None:
        """Make files that were never imported known, and the data one of branches."""
        data = self._coverage.get_data()
        seen = data.measured_files()
        absolute = [os.path.join(self._snapshot, path) for path in self._files]
        data.add_arcs({path: [] for path in absolute if path not in seen})

    def _branches(self) -> dict[str, dict[str, Any]]:
        """Return the JSON report a file: the one public place that names branches."""
        report = os.path.join(self._scratch, "coverage.json")
        files = [os.path.join(self._snapshot, path) for path in self._files]
        try:
            self._coverage.json_report(morfs=files, outfile=report, ignore_errors=True)
        except CoverageException:  # no traced file can be parsed
            return {}
        with open(report, encoding="utf-8") as file:
            found = json.load(file)["files"]
        return {name.replace(os.sep, "/"): entry for name, entry in found.items()}

    def _message(self, path: str, branches: dict[str, Any]) -> dict[str, object] | None:
        absolute = os.path.join(self._snapshot, path)
        try:
            _, executable, _, missing, _ = self._coverage.analysis2(absolute)
        except CoverageException:  # not Python, to this interpreter
            return None
        contexts = self._coverage.get_data().contexts_by_lineno(absolute)
        return {
            "kind": "coverage",
            "path": path,
            "executable": sorted(executable),
            "missing": sorted(missing),
            "executed_branches": branches.get("executed_branches", []),
            "missing_branches": branches.get("missing_branches", []),
            **self._tests_by_line(contexts),
        }

    def _tests_by_line(self, contexts: dict[int, list[str]]) -> dict[str, object]:
        """Return ``sets`` of nodes, as ranges of their numbers, and for each line its set.

        The lines of a function share theirs, and the variants of a test follow one another.
        """
        sets: dict[tuple[tuple[int, int], ...], int] = {}
        lines = {}
        for line, names in sorted(contexts.items()):
            ranges = _ranges(sorted(self._nodes[name] for name in names if name in self._nodes))
            if ranges and line > 0:
                lines[str(line)] = sets.setdefault(ranges, len(sets))
        return {"sets": list(sets), "lines": lines}


def _ranges(numbers: list[int]) -> tuple[tuple[int, int], ...]:
    """Return sorted numbers as ranges, both ends included: 1 2 3 7 is (1, 3) (7, 7)."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return tuple(found)


def _pattern(path: str) -> str:
    """Return a glob that matches the path; its own special characters match any one."""
    return "".join("?" if letter in "*?[]{}" else letter for letter in path)


def _has_c_tracer() -> bool:
    try:
        from coverage import tracer
    except ImportError:
        return False
    return hasattr(tracer, "CTracer")
