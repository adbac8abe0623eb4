"""What the tests of a session executed, as messages: who executed which line and branch."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Callable

if TYPE_CHECKING:
    from .analysis import FileAnalysis

Resolve = Callable[[Any, "FileAnalysis"], "tuple[int, int] | None"]

Told = Callable[[], "Iterable[tuple[tuple[int, int], int]]"]

Unseen = Callable[[], "set[int]"]


class SeenFile:
    """What was executed of one file, as recorded: lines and jumps with the numbers of tests.

    ``resolve`` tells the branch that a jump takes, in lines that begin a statement. ``told`` yields
    branches, in lines as recorded, with the line that is executed only if one is taken; ``unseen``
    returns lines out of which a way leads that nothing tells of. Without them coverage.py has seen
    all that there is.
    """

    def __init__(
        self, resolve: Resolve, told: Told | None = None, unseen: Unseen | None = None
    ) -> None:
        self.is_inferred = told is not None
        self._told = told or tuple
        self._unseen = unseen or set
        self._lines: dict[int, list[int]] = {}
        self._jumps: dict[Any, list[int]] = {}
        self._costly: dict[Any, list[int]] = {}
        self._resolve = resolve

    def add(
        self,
        test: int | None,
        lines: Iterable[int],
        jumps: Iterable[Any] = (),
        costly: Iterable[Any] = (),
    ) -> None:
        """Note what one test executed; None: it was executed while no test ran."""
        tests = [] if test is None else [test]
        for into, found in ((self._lines, lines), (self._jumps, jumps), (self._costly, costly)):
            for each in found:
                into.setdefault(each, []).extend(tests)

    def lines(self, found: FileAnalysis) -> dict[int, set[int]]:
        """Return tests by executable line."""
        lines: dict[int, set[int]] = {}
        for raw, tests in self._lines.items():
            at = found.line(raw)
            if at is not None:
                lines.setdefault(at, set()).update(tests)
        return lines

    def branches(self, found: FileAnalysis) -> dict[tuple[int, int], set[int]]:
        """Return tests by branch; some may be none that coverage.py knows."""
        branches = self._resolved(self._jumps, found)
        for (start, end), line in self._told():
            first, last = found.line(start), found.line(end)
            if line in self._lines and first is not None and last is not None and first != last:
                branches.setdefault((first, last), set()).update(self._lines[line])
        return branches

    def costly(self, found: FileAnalysis) -> dict[int, set[int]]:
        """Return by line the tests that may have taken other branches out of it too."""
        lines: dict[int, set[int]] = {}
        for branch, tests in self._resolved(self._costly, found).items():
            lines.setdefault(branch[0], set()).update(tests)
        for raw in self._unseen():
            at = found.line(raw)
            if at is not None:
                lines.setdefault(at, set()).update(self._lines.get(raw, ()))
        return lines

    def _resolved(
        self, jumps: dict[Any, list[int]], found: FileAnalysis
    ) -> dict[tuple[int, int], set[int]]:
        branches: dict[tuple[int, int], set[int]] = {}
        for jump, tests in jumps.items():
            branch = self._resolve(jump, found)
            if branch is not None and branch[0] != branch[1]:
                branches.setdefault(branch, set()).update(tests)
        return branches


def messages(
    nodes: dict[str, int],
    files: dict[str, str],
    seen: dict[str, SeenFile],
    found: dict[str, FileAnalysis],
) -> Iterator[dict[str, object]]:
    """Yield a message that names the nodes, then one a file: it refers to them by number.

    ``found`` has what coverage.py itself has seen; what ``seen`` has beyond it is added.
    """
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
    found.executed(lines, branches)
    _complete(branches, found, lines)
    unknown = _settle(seen, found, branches, lines) if seen.is_inferred else set()
    sets: dict[tuple[tuple[int, int], ...], int] = {}
    named = {
        str(line): sets.setdefault(_ranges(tests), len(sets))
        for line, tests in sorted(lines.items())
        if tests
    }
    taken = [
        [*branch, sets.setdefault(_ranges(tests), len(sets))]
        for branch, tests in sorted(branches.items())
        if tests and branch in found.executed_branches
    ]
    return {
        "kind": "coverage",
        "path": path,
        "executable": sorted(found.executable),
        "missing": sorted(found.missing),
        "executed_branches": sorted(found.executed_branches),
        "missing_branches": sorted(found.missing_branches - unknown),
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


def _complete(
    branches: dict[tuple[int, int], set[int]], found: FileAnalysis, lines: dict[int, set[int]]
) -> None:
    """Give a branch that coverage.py alone has seen to the tests that executed both its ends."""
    for start, end in found.executed_branches - branches.keys():
        ran = lines.get(start, set())
        branches[start, end] = ran & lines.get(end, set()) if end > 0 else set(ran)


def _settle(
    seen: SeenFile,
    found: FileAnalysis,
    branches: dict[tuple[int, int], set[int]],
    lines: dict[int, set[int]],
) -> set[tuple[int, int]]:
    """Give a jump that coverage.py does not know to the way that is left; return the unknown.

    The end of a ``with`` and the copies of a ``finally`` are jumped to from afar.
    """
    unknown: set[tuple[int, int]] = set()
    costly = seen.costly(found)
    possible = found.branches
    for start in {branch[0] for branch in found.missing_branches}:
        missing = [each for each in found.missing_branches if each[0] == start]
        odd = [each for each in branches if each[0] == start and each not in possible]
        if odd and len(odd) >= len(missing):
            tests = set().union(*(branches[each] for each in odd))
            for each in missing:
                branches[each] = tests
                found.executed_branches.add(each)
            found.missing_branches.difference_update(missing)
        elif odd:
            unknown.update(missing)
        elif start in costly:
            ran = costly[start]
            unknown.update(
                each for each in missing if each[1] < 0 or ran & lines.get(each[1], set())
            )
    return unknown


def absolute(snapshot: str, paths: Iterable[str]) -> dict[str, str]:
    """Return the paths of files that exist, by their absolute names."""
    names = {os.path.join(snapshot, path): path for path in paths}
    return {name: path for name, path in names.items() if os.path.isfile(name)}


def is_reached(goal: dict[str, Any], found: FileAnalysis, seen: SeenFile) -> bool:
    """Say whether tests have executed enough of a goal's lines and the branches out of them."""
    wanted = set(goal["lines"]) & set(found.executable)
    ran = wanted & {line for line, tests in seen.lines(found).items() if tests}
    branches = {each for each in found.branches if each[0] in wanted}
    took = branches & {each for each, tests in seen.branches(found).items() if tests}
    total = len(wanted) + len(branches)
    if not total:
        return True
    return bool(ran) and 100.0 * (len(ran) + len(took)) / total >= float(goal["minimum"])
