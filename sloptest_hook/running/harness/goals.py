"""Which of the lines that somebody waits for have been executed well enough."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from . import ahead
from .seen import Arc, SeenFile, absolute

if TYPE_CHECKING:
    from .analysis import FileAnalysis


class Goals:
    """Which goals are not reached yet."""

    def __init__(self, snapshot: str, goals: list[dict[str, Any]]) -> None:
        self.left = [{**goal, "path": os.path.join(snapshot, goal["path"])} for goal in goals]
        files = absolute(snapshot, sorted({goal["path"] for goal in goals}))
        self._known = ahead.here(list(files)) if files else {}
        self._growth: dict[str, int] = {}

    def paths(self) -> set[str]:
        return {goal["path"] for goal in self.left}

    def check(self, path: str, seen: SeenFile) -> None:
        """Drop the goals in a file that are reached by what tests executed of it.

        A test that executed nothing new is not looked at twice: there may be hundreds of goals, and
        thousands of tests.
        """
        found = self._known.get(path)
        if found is None or self._growth.get(path) == seen.growth:
            return
        self._growth[path] = seen.growth
        ran = {line for line, tests in seen.lines(found).items() if tests}
        took = {branch for branch, tests in seen.branches(found).items() if tests}
        self.left = [
            goal
            for goal in self.left
            if goal["path"] != path or not _is_reached(goal, found, ran, took)
        ]


def _is_reached(goal: dict[str, Any], found: FileAnalysis, ran: set[int], took: set[Arc]) -> bool:
    """Say whether tests have executed enough of a goal's lines and the branches out of them."""
    wanted = found.executable.intersection(goal["lines"])
    branches = {each for each in found.branches if each[0] in wanted}
    total = len(wanted) + len(branches)
    if not total:
        return True
    done = len(wanted & ran) + len(branches & took)
    return not wanted.isdisjoint(ran) and 100.0 * done / total >= float(goal["minimum"])
