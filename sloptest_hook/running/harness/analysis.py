"""Edge: coverage.py's word on source files: what is executable, excluded and a branch."""

from __future__ import annotations

import warnings
from typing import Any

import coverage
from coverage.exceptions import CoverageException
from coverage.python import PythonFileReporter

Branch = tuple[int, int]


class FileAnalysis:
    """What coverage.py knows of one file without running it.

    ``executable`` are its lines that count, ``branches`` those that count when they are not taken.
    """

    def __init__(self, reporter: Any) -> None:
        self.executable = set(reporter.lines())
        excluded, no_branch = reporter.excluded_lines(), reporter.no_branch_lines()
        exits = reporter.exit_counts()
        self._possible = {arc for arc in reporter.arcs() if exits.get(arc[0], 0) > 1}
        self.branches = {
            (start, end)
            for start, end in self._possible
            if start not in no_branch and end not in excluded
        }
        self._parser = reporter.parser
        # Of no further use, and most of what would travel from one process to another.
        vars(self._parser).pop("_ast_root", None)
        self._lines: dict[int, int | None] = {}
        self._branches: dict[Branch, Branch | None] = {}

    def line(self, line: int) -> int | None:
        """Return the executable line that a reported one stands for; None if it does not count.

        Python reports every line of a call that is spread over several.
        """
        if line not in self._lines:
            found = self.executable.intersection(self._parser.translate_lines([line]))
            self._lines[line] = min(found, default=None)
        return self._lines[line]

    def branch(self, arc: Branch) -> Branch | None:
        """Return the branch that two reported lines are; None if they are none.

        The end of a ``with`` is reported as a way back to its first line.
        """
        if arc not in self._branches:
            found = self._possible.intersection(self._parser.translate_arcs([arc]))
            self._branches[arc] = min(found, default=None)
        return self._branches[arc]


def analyses(files: list[str]) -> dict[str, FileAnalysis]:
    """Return the analysis of each file, by its absolute path.

    Files that are not Python are left out.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tool = coverage.Coverage(branch=True, config_file=False, data_file=None)
        found = {file: _analysis(file, tool) for file in files}
    return {file: analysis for file, analysis in found.items() if analysis is not None}


def _analysis(file: str, tool: coverage.Coverage) -> FileAnalysis | None:
    # The JSON report, which names branches too, parses each file several times.
    try:
        return FileAnalysis(PythonFileReporter(file, tool))
    except CoverageException:  # not Python, to this interpreter
        return None
