"""What the tests of a session executed, as messages: who executed which line and branch."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Callable

if TYPE_CHECKING:
    from .analysis import FileAnalysis

Arc = tuple[int, int]
Told = Callable[[], Iterable[tuple[Arc, int]]]
Doubtful = Callable[[], Iterable[Arc]]


class SeenFile:
    """What was executed of one file, as recorded: lines and pairs of them, with numbers of tests.

    ``told`` yields pairs of lines with the line that is executed only if the one follows the other;
    ``doubtful`` yields pairs of which one may have followed the other unseen. Without them all that
    there is was seen. ``growth`` counts the lines and pairs that some test executed.
    """

    def __init__(self, told: Told = tuple, doubtful: Doubtful = tuple) -> None:
        self._told = told
        self._doubtful = doubtful
        self._lines: dict[int, list[int]] = {}
        self._arcs: dict[Arc, list[int]] = {}
        self.growth = 0

    def add(self, test: int | None, lines: Iterable[int], arcs: Iterable[Arc]) -> None:
        """Note what one test executed; None: it was executed while no test ran."""
        for line in lines:
            tests = self._lines.setdefault(line, [])
            if test is not None:
                self.growth += not tests
                tests.append(test)
        for arc in arcs:
            tests = self._arcs.setdefault(arc, [])
            if test is not None:
                self.growth += not tests
                tests.append(test)

    def lines(self, found: FileAnalysis) -> dict[int, set[int]]:
        """Return tests by executable line."""
        lines: dict[int, set[int]] = {}
        for raw, tests in self._lines.items():
            at = found.line(raw)
            if at is not None:
                lines.setdefault(at, set()).update(tests)
        return lines

    def branches(self, found: FileAnalysis) -> dict[Arc, set[int]]:
        """Return tests by branch."""
        branches: dict[Arc, set[int]] = {}
        told = ((arc, self._lines[line]) for arc, line in self._told() if line in self._lines)
        for arc, tests in (*self._arcs.items(), *told):
            branch = found.branch(arc)
            if branch is not None:
                branches.setdefault(branch, set()).update(tests)
        return branches

    def unknown(self, found: FileAnalysis) -> set[Arc]:
        """Return branches that may have been taken unseen: both ends were executed."""
        ran = self.lines(found)
        maybe = {found.branch(arc) for arc in self._doubtful()} - {None}
        return {arc for arc in maybe if arc and arc[0] in ran and (arc[1] < 0 or arc[1] in ran)}


def messages(
    nodes: dict[str, int],
    files: dict[str, str],
    seen: dict[str, SeenFile],
    found: dict[str, FileAnalysis],
) -> Iterator[dict[str, object]]:
    """Yield a message that names the nodes, then one a file: it refers to them by number."""
    yield {"kind": "nodes", "names": list(nodes)}
    for name, path in files.items():
        if name in found:
            yield _message(path, seen[name], found[name])


def _message(path: str, seen: SeenFile, found: FileAnalysis) -> dict[str, object]:
    """Return what is said of one file.

    ``branches`` are ``[from, to, set]``; branches of which nobody knows whether they were taken are
    in none of the lists.
    """
    lines, branches = seen.lines(found), seen.branches(found)
    unknown = seen.unknown(found)
    sets: dict[tuple[tuple[int, int], ...], int] = {}
    named = {
        str(line): sets.setdefault(_ranges(tests), len(sets))
        for line, tests in sorted(lines.items())
        if tests
    }
    taken = [
        [*branch, sets.setdefault(_ranges(tests), len(sets))]
        for branch, tests in sorted(branches.items())
        if tests
    ]
    return {
        "kind": "coverage",
        "path": path,
        "executable": sorted(found.executable),
        "missing": sorted(found.executable - lines.keys()),
        "executed_branches": sorted(branches),
        "missing_branches": sorted(found.branches - branches.keys() - unknown),
        "branches": taken,
        "sets": list(sets),
        "lines": named,
    }


def _ranges(numbers: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """Return numbers as ranges, both ends included: 1 2 3 7 is (1, 3) (7, 7).

    The lines of a function share their tests, and the variants of a test follow one another.
    """
    found: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return tuple(found)


def absolute(snapshot: str, paths: Iterable[str]) -> dict[str, str]:
    """Return the paths of files that exist, by their absolute names."""
    names = {os.path.join(snapshot, path): path for path in paths}
    return {name: path for name, path in names.items() if os.path.isfile(name)}
