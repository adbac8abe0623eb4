"""Edge: which lines and ways each test executes, by coverage.py's tracer; before Python 3.12."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

import coverage

Arc = tuple[int, int]


class Tracer:
    """Records what is executed of the files with these absolute names, until it is ``taken``.

    It is coverage.py's own, with a data store that hands on what it is given: to write it by
    context and to read it again takes as long as half of the tracing.
    """

    def __init__(self, paths: list[str]) -> None:
        self._taken: dict[str, set[Arc]] = {name: set() for name in paths}
        # sys.monitoring knows no contexts and, before 3.14, no branches.
        os.environ["COVERAGE_CORE"] = "ctrace" if _has_c_tracer() else "pytrace"
        self._coverage = coverage.Coverage(
            branch=True,
            config_file=False,
            data_file=None,
            include=[_pattern(name) for name in paths],
        )

    def start(self) -> None:
        """Trace what begins from now on."""
        self._coverage.start()
        # The one method of the store that a tracer of branches calls with what it has seen.
        data: Any = self._coverage.get_data()
        data.add_arcs = self._add
        del os.environ["COVERAGE_CORE"]

    def stop(self) -> None:
        """Trace nothing any more."""
        self._coverage.stop()

    def taken(self, _function: str | None) -> Iterator[tuple[str, set[int], set[Arc]]]:
        """Yield path, lines and ways of what was executed, and forget it."""
        self._coverage.switch_context("")  # has everything added
        for path, arcs in self._taken.items():
            if arcs:
                yield path, {line for arc in arcs for line in arc if line > 0}, arcs
                self._taken[path] = set()

    def told(self, _path: str) -> Iterator[tuple[Arc, int]]:
        """Yield nothing: every way was seen."""
        return iter(())

    def doubtful(self, _path: str) -> Iterator[Arc]:
        """Yield nothing: no way was unseen."""
        return iter(())

    def _add(self, found: Mapping[str, Any]) -> None:
        """Take what coverage.py wants to have stored."""
        for path in self._taken.keys() & found.keys():
            self._taken[path].update(found[path])


def _pattern(path: str) -> str:
    """Return a glob that matches the path; its own special characters match any one."""
    return "".join("?" if letter in "*?[]{}" else letter for letter in path)


def _has_c_tracer() -> bool:
    try:
        from coverage import tracer
    except ImportError:
        return False
    return hasattr(tracer, "CTracer")
