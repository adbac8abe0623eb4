"""What is known of the lines of a symbol, and the verdict on it."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import PurePosixPath

from sloptest_hook.values.records import dataclass, field
from sloptest_hook.values.source import Symbol


class Evidence(StrEnum):
    """Where a statement about coverage comes from; only what was measured may block a commit.

    IMPORTED is out of a coverage data file that somebody else measured, STALE was measured in
    another environment or with tests that have changed since.
    """

    MEASURED = "measured"
    IMPORTED = "imported"
    STALE = "stale"
    ESTIMATED = "estimated"


@dataclass(frozen=True, slots=True)
class FileCoverage:
    """What one run saw of one file, in coverage.py's words.

    Lines are counted from 1. A branch is ``(from line, to line)``; a negative ``to`` leaves the
    function, as in coverage.py. ``tests`` maps an executed line to the node ids that executed it;
    a line executed only by importing the module has none. ``branch_tests`` does the same for
    executed branches.
    """

    path: PurePosixPath
    executable: frozenset[int]
    missing: frozenset[int]
    executed_branches: frozenset[tuple[int, int]] = frozenset()
    missing_branches: frozenset[tuple[int, int]] = frozenset()
    tests: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    branch_tests: Mapping[tuple[int, int], tuple[str, ...]] = field(default_factory=dict)


class CoverageStatus(StrEnum):
    """The verdict on a symbol."""

    COVERED = "covered"
    PARTIAL = "partial"
    UNCOVERED = "uncovered"


@dataclass(frozen=True, slots=True)
class CoverageVerdict:
    """How far the tests execute one symbol, and on what evidence.

    Lines and branches are those of the version of the file that ``symbol`` belongs to; the line of
    ``def`` itself does not count, importing the module executes it. ``branches`` is how many there
    are. ``tests`` are the node ids that execute the body, ``relied_on`` the test files whose
    content the verdict rests on.
    """

    symbol: Symbol
    status: CoverageStatus
    evidence: Evidence
    executable: frozenset[int] = frozenset()
    missing_lines: frozenset[int] = frozenset()
    missing_branches: frozenset[tuple[int, int]] = frozenset()
    tests: tuple[str, ...] = ()
    relied_on: tuple[PurePosixPath, ...] = ()
    branches: int = 0
