"""Judges from the lines that tests executed how far a symbol is covered."""

from pathlib import PurePosixPath

from sloptest_hook.coverage.bodies import Body
from sloptest_hook.values.coverage import (
    CoverageStatus,
    CoverageVerdict,
    Evidence,
    FileCoverage,
)
from sloptest_hook.values.records import dataclass
from sloptest_hook.values.source import Symbol


def judge(
    symbol: Symbol,
    body: Body,
    coverage: FileCoverage,
    *,
    minimum: float,
    evidence: Evidence = Evidence.MEASURED,
    by_test: bool = True,
) -> CoverageVerdict:
    """Return the verdict that the lines and branches of the body give.

    A line is covered when a test executed it: what importing the module executes proves nothing.
    Only where nobody noted which test it was (``by_test`` false and no test named, as in a data
    file without contexts) does any execution count. ``minimum`` is in percent of executable lines
    and branches together. A symbol nothing of which was executed is UNCOVERED whatever the minimum;
    one without an executable line (``# pragma: no cover``) is COVERED, with ``executable`` empty.
    """
    executable = body.lines & coverage.executable
    covered = executable & _executed(body, coverage, contexts=by_test or bool(coverage.tests))
    # From the line of `def f(): return 1` coverage.py sees two ways, on and out: no branch.
    deciding = frozenset() if body.shares_def_line else executable
    missing_branches = _missing_branches(deciding, covered, coverage)
    branches = _from(coverage.executed_branches | coverage.missing_branches, deciding)
    share = _Share(len(covered) + len(branches - missing_branches), len(executable) + len(branches))
    tests = _tests(covered, coverage)
    return CoverageVerdict(
        symbol=symbol,
        status=_status(share, minimum, touched=bool(covered)),
        evidence=evidence,
        executable=executable,
        missing_lines=executable - covered,
        missing_branches=missing_branches,
        tests=tests,
        relied_on=_files(tests),
        branches=len(branches),
    )


def never_executed(
    symbol: Symbol, body: Body, *, evidence: Evidence = Evidence.MEASURED
) -> CoverageVerdict:
    """Return the verdict on a symbol whose file no test imported, so that no run knows its lines.

    The statements of the source stand in for what coverage.py would call executable; without any
    (``# pragma: no cover``) the symbol is COVERED.
    """
    return CoverageVerdict(
        symbol=symbol,
        status=CoverageStatus.UNCOVERED if body.statements else CoverageStatus.COVERED,
        evidence=evidence,
        executable=body.statements,
        missing_lines=body.statements,
    )


@dataclass(frozen=True, slots=True)
class _Share:
    covered: int
    total: int

    @property
    def percent(self) -> float:
        return 100.0 * self.covered / self.total if self.total else 100.0


def _executed(body: Body, coverage: FileCoverage, *, contexts: bool) -> frozenset[int]:
    if contexts:
        return frozenset(line for line, tests in coverage.tests.items() if tests)
    executed = coverage.executable - coverage.missing
    # The import executes the line of `def f(): return 1`, and nobody can tell it from a call.
    return frozenset() if body.shares_def_line else executed


def _missing_branches(
    executable: frozenset[int], covered: frozenset[int], coverage: FileCoverage
) -> frozenset[tuple[int, int]]:
    """Return branches not taken; one out of a line that only the import executed was not either."""
    unproven = _from(coverage.executed_branches, executable - covered)
    if coverage.branch_tests:
        taken = frozenset(branch for branch, tests in coverage.branch_tests.items() if tests)
        unproven |= _from(coverage.executed_branches, executable) - taken
    return _from(coverage.missing_branches, executable) | unproven


def _from(
    branches: frozenset[tuple[int, int]], lines: frozenset[int]
) -> frozenset[tuple[int, int]]:
    return frozenset(branch for branch in branches if branch[0] in lines)


def _status(share: _Share, minimum: float, *, touched: bool) -> CoverageStatus:
    if share.total and not touched:
        return CoverageStatus.UNCOVERED
    return CoverageStatus.COVERED if share.percent >= minimum else CoverageStatus.PARTIAL


def _tests(covered: frozenset[int], coverage: FileCoverage) -> tuple[str, ...]:
    return tuple(sorted({test for line in covered for test in coverage.tests.get(line, ())}))


def _files(tests: tuple[str, ...]) -> tuple[PurePosixPath, ...]:
    return tuple(map(PurePosixPath, sorted({test.partition("::")[0] for test in tests})))
