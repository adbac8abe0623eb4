"""An outcome as what is remembered of it."""

from collections import Counter
from collections.abc import Iterator

from sloptest_hook.values.outcome import Outcome, SymbolReport, SymbolStatus
from sloptest_hook.values.past_run import PastRun, PastSymbol

_UNREMARKABLE = frozenset({SymbolStatus.COVERED, SymbolStatus.SKIPPED})


def is_worth_remembering(outcome: Outcome) -> bool:
    """Tell whether a run did, or could not do, anything: all that is covered is no event."""
    troubles = outcome.problems or outcome.broken_tests or outcome.suspected_bugs
    return bool(troubles) or any(map(_is_remarkable, outcome.symbols))


def past_run(
    outcome: Outcome, *, run_id: str, at: str, exit_code: int, elapsed_s: float
) -> PastRun:
    """Return the run; of its symbols those that got tests, or got none though they need some."""
    return PastRun(
        run_id,
        at,
        outcome.mode.value,
        outcome.decision.value,
        outcome.engine,
        int(exit_code),
        round(elapsed_s, 3),
        dict(Counter(each.status.value for each in outcome.symbols)),
        tuple(map(_past, filter(_is_remarkable, outcome.symbols))),
        tuple(_troubles(outcome)),
    )


def _troubles(outcome: Outcome) -> Iterator[str]:
    for bug in outcome.suspected_bugs:
        yield f"suspected bug: {bug.symbol}: expected {bug.expected}; {bug.call} is {bug.actual}"
    yield from (problem.message for problem in outcome.problems)
    for test in outcome.broken_tests:
        yield f"broken: {test.node_id}: {test.message}"


def _is_remarkable(report: SymbolReport) -> bool:
    return report.status not in _UNREMARKABLE


def _past(report: SymbolReport) -> PastSymbol:
    symbol = report.symbol
    return PastSymbol(
        str(symbol.path), symbol.qualname, report.status.value, report.reason, report.tests
    )
