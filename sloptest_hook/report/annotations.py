"""An outcome as workflow commands of GitHub, which shows each beside the lines it is about."""

from collections.abc import Iterator

from sloptest_hook.report.visible import visible
from sloptest_hook.values.outcome import (
    Decision,
    Outcome,
    SuspectedBug,
    SymbolReport,
    SymbolStatus,
)
from sloptest_hook.values.spans import spans

_LEVELS = {
    SymbolStatus.SUSPECTED_BUG: "error",
    SymbolStatus.UNCOVERED: "warning",
    SymbolStatus.DEFERRED: "notice",
}
_LINES_NAMED = 6


def annotations(outcome: Outcome) -> Iterator[str]:
    """Yield one command for each suspected bug, symbol that needs somebody, broken test, problem.

    A message cannot hold a line end, and no text from outside can begin a command of its own.
    https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
    """
    bugs = {bug.symbol: bug for bug in outcome.suspected_bugs}
    for report in outcome.symbols:
        level = _LEVELS.get(report.status)
        if level:
            bug = bugs.get(report.symbol)
            said = _of_bug(bug) if bug else _said(report)
            yield _command(level, _place(report), f"{report.symbol.qualname}: {said}")
    level = "error" if outcome.decision is Decision.BLOCK else "warning"
    for test in outcome.broken_tests:
        place = {"file": test.node_id.partition("::")[0], "title": "sloptest: broken test"}
        yield _command(level, place, f"{test.node_id}: it passed before; {test.message}")
    for problem in outcome.problems:
        yield _command(level, {"title": "sloptest"}, problem.message)


def _place(report: SymbolReport) -> dict[str, str]:
    symbol = report.symbol
    status = report.status.value.replace("_", " ")
    estimated = " (estimated)" if report.estimated else ""
    return {
        "file": str(symbol.path),
        "line": str(symbol.lines.first),
        "endLine": str(symbol.lines.last),
        "title": f"sloptest: {status}{estimated}",
    }


def _of_bug(bug: SuspectedBug) -> str:
    return f"expected {bug.expected}; {bug.call} is {bug.actual}"


def _said(report: SymbolReport) -> str:
    found = spans(report.missing_lines)
    if not found:
        return report.reason
    more = ", ..." if len(found) > _LINES_NAMED else ""
    return f"{report.reason}; not executed: {', '.join(found[:_LINES_NAMED])}{more}"


def _command(level: str, properties: dict[str, str], message: str) -> str:
    named = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{level} {named}::{_text(message)}"


def _text(value: str) -> str:
    return visible(value).replace("%", "%25")


def _property(value: str) -> str:
    return _text(value).replace(":", "%3A").replace(",", "%2C")
