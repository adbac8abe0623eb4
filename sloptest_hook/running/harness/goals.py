"""Which of the lines that somebody waits for have been executed well enough."""

from __future__ import annotations

import os
from typing import Any

from .seen import SeenFile, absolute, is_reached


class Goals:
    """Which goals are not reached yet."""

    def __init__(self, snapshot: str, goals: list[dict[str, Any]]) -> None:
        self.left = [{**goal, "path": os.path.join(snapshot, goal["path"])} for goal in goals]
        files = absolute(snapshot, sorted({goal["path"] for goal in goals}))
        self._known = _analyses(list(files)) if files else {}

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


def _analyses(files: list[str]) -> dict[str, Any]:
    from .analysis import analyses  # coverage.py, 50 ms

    return analyses(files)
