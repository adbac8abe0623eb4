"""Edge: coverage.py's word on source files: what is executable, excluded and a branch."""

from __future__ import annotations

import json
import os
import warnings
from bisect import bisect_right
from collections.abc import Iterable
from typing import Any

import coverage
from coverage.exceptions import CoverageException


class FileAnalysis:
    """Lines and branches of one file, executed or not."""

    def __init__(
        self, executable: list[int], excluded: list[int], missing: list[int], entry: dict[str, Any]
    ) -> None:
        self.executable = executable
        self.missing = missing
        self.executed_branches = {(a, b) for a, b in entry.get("executed_branches", ())}
        self.missing_branches = {(a, b) for a, b in entry.get("missing_branches", ())}
        self._known = set(executable)
        self._starts = sorted({*executable, *excluded})

    @property
    def branches(self) -> set[tuple[int, int]]:
        """Return all branches there are."""
        return self.executed_branches | self.missing_branches

    def line(self, line: int) -> int | None:
        """Return the executable line that a line of a statement stands for, None if excluded.

        Python reports every line of a call that is spread over several.
        """
        at = bisect_right(self._starts, line)
        first = self._starts[at - 1] if at else 0
        return first if first in self._known else None

    def executed(self, lines: Iterable[int], branches: Iterable[tuple[int, int]]) -> None:
        """Note that these lines and branches were executed."""
        self.missing = sorted(set(self.missing).difference(lines))
        self.executed_branches |= self.missing_branches.intersection(branches)
        self.missing_branches -= self.executed_branches


def analyses(files: list[str], scratch: str) -> dict[str, FileAnalysis]:
    """Return the analysis of each file, by its absolute path, as if nothing had been executed.

    Files that are not Python are left out.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tool = coverage.Coverage(branch=True, config_file=False, data_file=None)
        tool.get_data().add_arcs({file: [] for file in files})
        return read_analyses(tool, files, scratch)


def read_analyses(tool: Any, files: list[str], scratch: str) -> dict[str, FileAnalysis]:
    """Return what coverage.py says of files that it has data on."""
    entries = _entries(tool, files, scratch)
    found = {}
    for file in files:
        try:
            _, executable, excluded, missing, _ = tool.analysis2(file)
        except CoverageException:  # not Python, to this interpreter
            continue
        found[file] = FileAnalysis(executable, excluded, missing, entries.get(file, {}))
    return found


def _entries(tool: Any, files: list[str], scratch: str) -> dict[str, dict[str, Any]]:
    """Return the JSON report a file: the one public place that names branches."""
    report = os.path.join(scratch, "coverage.json")
    try:
        tool.json_report(morfs=files, outfile=report, ignore_errors=True)
    except CoverageException:  # no file can be parsed
        return {}
    with open(report, encoding="utf-8") as file:
        found = json.load(file)["files"]
    return {os.path.abspath(name): entry for name, entry in found.items()}
