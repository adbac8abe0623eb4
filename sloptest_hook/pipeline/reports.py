"""What became of a symbol, as its line in the report."""

from collections.abc import Sequence

from sloptest_hook.planning import covered_reason
from sloptest_hook.values.coverage import CoverageVerdict, Evidence
from sloptest_hook.values.mutation import SymbolMutation
from sloptest_hook.values.outcome import SymbolReport, SymbolStatus
from sloptest_hook.values.plan import Skipped
from sloptest_hook.values.records import replace


def covered_report(verdict: CoverageVerdict) -> SymbolReport:
    """Return the line of a symbol that the tests cover already."""
    return report_of(verdict, SymbolStatus.COVERED, covered_reason(verdict))


def skipped_report(skipped: Skipped) -> SymbolReport:
    """Return the line of a symbol that gets no tests by rule."""
    return SymbolReport(skipped.symbol, SymbolStatus.SKIPPED, skipped.reason)


def with_mutants(report: SymbolReport, mutation: SymbolMutation | None) -> SymbolReport:
    """Return the line with what the symbol's tests notice; as it is where nothing was tried."""
    if mutation is None:
        return report
    return replace(
        report,
        mutants_killed=mutation.killed,
        mutants_tried=mutation.tried,
        survivors=tuple(f"line {each.line}: {each.says}" for each in mutation.survivors),
    )


def report_of(
    verdict: CoverageVerdict,
    status: SymbolStatus,
    reason: str,
    *,
    tests: Sequence[str] | None = None,
    attempts: int = 0,
) -> SymbolReport:
    """Return a symbol's line with the lines and branches of its verdict."""
    return SymbolReport(
        verdict.symbol,
        status,
        reason,
        tests=tuple(verdict.tests if tests is None else tests),
        covered_lines=tuple(sorted(verdict.executable - verdict.missing_lines)),
        missing_lines=tuple(sorted(verdict.missing_lines)),
        missing_branches=tuple(sorted(verdict.missing_branches)),
        attempts=attempts,
        estimated=verdict.evidence in (Evidence.ESTIMATED, Evidence.STALE),
    )
