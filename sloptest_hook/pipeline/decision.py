"""Reports and problems to the decision on the commit."""

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from sloptest_hook.values.confinement import Confinement
from sloptest_hook.values.outcome import (
    BrokenTest,
    Decision,
    Outcome,
    Problem,
    SuspectedBug,
    SymbolReport,
    SymbolStatus,
)
from sloptest_hook.values.records import replace
from sloptest_hook.values.settings import Policy, Settings


def decide(
    settings: Settings,
    *,
    symbols: Iterable[SymbolReport] = (),
    problems: Iterable[Problem] = (),
    files: Sequence[PurePosixPath] = (),
    confinement: Confinement | None = None,
    quiet: str | None = None,
) -> Outcome:
    """Return the outcome with the decision that the settings make of it.

    An estimate never blocks, and neither does what was put off: that is ``on-error``'s, as is every
    problem. ``review`` stops the commit once: at the next one the tests are there.
    """
    reports = tuple(sorted(symbols, key=lambda r: (str(r.symbol.path), r.symbol.lines.first)))
    troubles = tuple(problems)
    review = settings.review and bool(files)
    return Outcome(
        _decision(settings, reports, troubles, review=review),
        symbols=reports,
        problems=troubles,
        files_staged=tuple(files),
        review=review,
        engine=settings.engine,
        confinement=confinement or Confinement(),
        quiet=quiet,
    )


def with_broken(outcome: Outcome, tests: Iterable[BrokenTest], policy: Policy) -> Outcome:
    """Return the outcome with tests that the change broke: as grave as a symbol uncovered."""
    broken = tuple(sorted(set(tests), key=lambda each: each.node_id))
    if not broken or outcome.decision is Decision.BLOCK:
        return replace(outcome, broken_tests=broken)
    decision = Decision.BLOCK if policy is Policy.BLOCK else Decision.WARN
    return replace(outcome, decision=decision, broken_tests=broken)


def with_bugs(outcome: Outcome, bugs: Iterable[SuspectedBug], policy: Policy) -> Outcome:
    """Return the outcome with code that contradicts its own words; ``on-suspected-bug`` decides."""
    found = tuple(sorted(bugs, key=lambda b: (str(b.symbol.path), b.symbol.lines.first)))
    if not found or outcome.decision is Decision.BLOCK:
        return replace(outcome, suspected_bugs=found)
    decision = Decision.BLOCK if policy is Policy.BLOCK else Decision.WARN
    return replace(outcome, decision=decision, suspected_bugs=found)


def _decision(
    settings: Settings,
    reports: Sequence[SymbolReport],
    problems: Sequence[Problem],
    *,
    review: bool,
) -> Decision:
    uncovered = [r for r in reports if r.status is SymbolStatus.UNCOVERED]
    measured = [r for r in uncovered if not r.estimated]
    failures = bool(problems) or any(r.status is SymbolStatus.DEFERRED for r in reports)
    if review or (measured and settings.policy is Policy.BLOCK):
        return Decision.BLOCK
    if failures and settings.on_error is Policy.BLOCK:
        return Decision.BLOCK
    return Decision.WARN if uncovered or failures else Decision.ALLOW
