"""Older tests that the change broke: known to have executed a symbol as it was, and failing now."""

from collections.abc import Mapping
from itertools import chain

from sloptest_hook.pipeline.changes import InQuestion
from sloptest_hook.pipeline.memory import Memory
from sloptest_hook.pipeline.reports import report_of
from sloptest_hook.pipeline.survey import Survey
from sloptest_hook.values.coverage import CoverageVerdict
from sloptest_hook.values.outcome import BrokenTest, SymbolReport, SymbolStatus
from sloptest_hook.values.pytest_run import NodeOutcome
from sloptest_hook.values.source import Symbol

Broken = Mapping[Symbol, tuple[BrokenTest, ...]]


def broken_by(question: InQuestion, survey: Survey, memory: Memory) -> Broken:
    """Return, for each symbol that has some, the tests that ran now, failed, and passed before.

    Only a test that passes is ever remembered. One that nobody has seen pass is nobody's fault.
    """
    failing = {
        node: BrokenTest(node, result.message)
        for node, result in survey.results.items()
        if result.outcome in (NodeOutcome.FAILED, NodeOutcome.ERROR)
    }
    if not failing:
        return {}
    found = {}
    for symbol in survey.verdicts:
        known = chain(*memory.promising(_earlier(symbol, question)))
        tests = tuple(failing[node] for node in known if node in failing)
        if tests:
            found[symbol] = tests
    return found


def _earlier(symbol: Symbol, question: InQuestion) -> list[Symbol]:
    """Return the version that a symbol had, also in a file that was renamed."""
    return [
        each
        for each in question.before
        if each.qualname == symbol.qualname
        and (each.path == symbol.path or each.path not in question.sources)
    ]


def broken_report(verdict: CoverageVerdict, tests: tuple[BrokenTest, ...]) -> SymbolReport:
    """Return the line of a symbol for which nothing is written: it would be tests of the break."""
    more = f" and {len(tests) - 1} more" if len(tests) > 1 else ""
    reason = f"{tests[0].node_id}{more} passed before this change and fails now"
    return report_of(verdict, SymbolStatus.UNCOVERED, reason)
