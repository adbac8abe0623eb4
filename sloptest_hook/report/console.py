"""Tells a person what became of a commit, in as few lines as it takes."""

from collections import Counter
from collections.abc import Iterable, Iterator

from sloptest_hook.report.visible import visible
from sloptest_hook.values.confinement import STRONG
from sloptest_hook.values.outcome import (
    Decision,
    Mode,
    Outcome,
    SuspectedBug,
    SymbolReport,
    SymbolStatus,
)
from sloptest_hook.values.spans import spans

_NAME = "sloptest"
# What needs the reader first.
_ORDER = (
    SymbolStatus.SUSPECTED_BUG,
    SymbolStatus.UNCOVERED,
    SymbolStatus.DEFERRED,
    SymbolStatus.GENERATED,
    SymbolStatus.SKIPPED,
    SymbolStatus.COVERED,
)
_ALWAYS_SAID = frozenset({SymbolStatus.UNCOVERED, SymbolStatus.DEFERRED, SymbolStatus.GENERATED})
_LINES_NAMED = 6
_SURVIVORS_NAMED = 5
_PIPE = 160  # columns that are filled where nobody knows how many there are
_SAID_BY_NOBODY = ("", STRONG)


def lines(outcome: Outcome, *, verbose: bool, width: int | None = None) -> Iterator[str]:
    """Yield the lines of the report; none at all when there is nothing to say.

    Suspected bugs come first, then problems and the tests that the change broke, then one line for
    each symbol that is uncovered, deferred or has new tests, then notes, a summary, and what to do
    next. ``verbose`` adds symbols that are covered or skipped; those that were only estimated as
    covered are always named. A line of more than ``width`` columns is cut short, unless
    ``verbose``; None: nobody knows how wide it may be.
    """
    room = None if verbose else width
    yield from (_cut(line, room) for line in _all_lines(outcome, verbose=verbose, width=width))


def _all_lines(outcome: Outcome, *, verbose: bool, width: int | None) -> Iterator[str]:
    if outcome.quiet is not None:
        yield f"{_NAME}: nothing was looked at: {visible(outcome.quiet)}"
        return
    yield from _grave(outcome)
    said = [each for each in outcome.symbols if verbose or _is_said(each)]
    for each in sorted(said, key=_rank):
        yield _symbol_line(each, width or _PIPE)
        yield from _unnoticed(each) if verbose else ()
    for note in outcome.notes:
        yield f"{_NAME}: note: {visible(note)}"
    if outcome.confinement.level not in _SAID_BY_NOBODY:
        yield f"{_NAME}: confinement of generated code: {visible(outcome.confinement.told)}"
    if said or any(_grave(outcome)):
        yield f"{_NAME}: {_summary(outcome)}"
    yield from (f"{_NAME}: {advice}" for advice in _next(outcome))


def _grave(outcome: Outcome) -> Iterator[str]:
    for bug in outcome.suspected_bugs:
        yield from _bug_lines(bug)
    for problem in outcome.problems:
        yield f"{_NAME}: problem: {visible(problem.message)}"
    for test in outcome.broken_tests:
        yield f"broken  {visible(test.node_id)}: it passed before; {visible(test.message)}"


def _bug_lines(bug: SuspectedBug) -> Iterator[str]:
    place = f"{bug.symbol.path}:{bug.symbol.lines.first} {bug.symbol.qualname}"
    why = f" ({visible(bug.why)})" if bug.why else ""
    yield f"suspected bug  {visible(place)}: expected {visible(bug.expected)}{why}"
    yield f"  {visible(bug.call)}  # {visible(bug.actual)}"


def _unnoticed(report: SymbolReport) -> Iterator[str]:
    """Yield how the code can be broken without that a new test of it notices."""
    if report.mutants_tried:
        yield f"  its tests notice {report.mutants_killed} of {report.mutants_tried} mutants"
    for survivor in report.survivors[:_SURVIVORS_NAMED]:
        yield f"  {visible(survivor)}, and no test notices"
    more = len(report.survivors) - _SURVIVORS_NAMED
    if more > 0:
        yield f"  and {more} more"


def _is_said(report: SymbolReport) -> bool:
    return report.status in _ALWAYS_SAID or report.estimated


def _rank(report: SymbolReport) -> tuple[int, str, int]:
    symbol = report.symbol
    return _ORDER.index(report.status), str(symbol.path), symbol.lines.first


def _cut(line: str, width: int | None) -> str:
    return line if width is None or len(line) <= width else f"{line[: max(width - 3, 0)]}..."


def _symbol_line(report: SymbolReport, width: int) -> str:
    symbol = report.symbol
    place = visible(f"{symbol.path}:{symbol.lines.first} {symbol.qualname}")
    estimated = " (estimated, not measured)" if report.estimated else ""
    line = f"{report.status.value}{estimated}  {place}{_what(report)}"
    if report.status is not SymbolStatus.GENERATED:
        return line
    return line + _names(report.tests, width - len(line))


def _names(node_ids: Iterable[str], room: int) -> str:
    """Return the names of tests, as many as there is room for; none at all if not one fits."""
    names = [visible(node_id.rpartition("::")[2]) for node_id in node_ids]
    for shown in range(len(names), 0, -1):
        more = ", ..." if shown < len(names) else ""
        text = f" ({', '.join(names[:shown])}{more})"
        if len(text) <= room:
            return text
    return ""


def _what(report: SymbolReport) -> str:
    parts = []
    if report.status is SymbolStatus.GENERATED:
        parts.append(_tests_written(report.tests))
    if report.reason:
        parts.append(visible(report.reason))
    if report.status in _ALWAYS_SAID and report.missing_lines:
        parts.append(f"not executed: {_spans(report.missing_lines)}")
    return "".join(f"; {part}" if index else f": {part}" for index, part in enumerate(parts))


def _tests_written(node_ids: Iterable[str]) -> str:
    """Return ``2 tests in tests/test_a.py``; a node id begins with its file."""
    files = Counter(node_id.partition("::")[0] for node_id in node_ids)
    return ", ".join(f"{_count(files[file], 'test')} in {visible(file)}" for file in sorted(files))


def _spans(numbers: Iterable[int]) -> str:
    """Return ``lines 3-5, 9``."""
    found = spans(numbers)
    named = ", ".join(found[:_LINES_NAMED])
    more = ", ..." if len(found) > _LINES_NAMED else ""
    return f"line {named}" if named.isdigit() else f"lines {named}{more}"


def _summary(outcome: Outcome) -> str:
    by_status = Counter(each.status for each in outcome.symbols)
    counts = [
        f"{by_status[status]} {status.value}"
        for status in _ORDER
        if by_status[status] and status is not SymbolStatus.GENERATED
    ]
    if outcome.broken_tests:
        counts.insert(0, _count(len(outcome.broken_tests), "broken test"))
    parts = [*_written(outcome), *counts]
    decision = _DECISIONS[outcome.mode][outcome.decision]
    return "; ".join([", ".join(parts), decision]).removeprefix("; ")


def _written(outcome: Outcome) -> Iterator[str]:
    generated = [each for each in outcome.symbols if each.status is SymbolStatus.GENERATED]
    if generated:
        tests = _count(len({test for each in generated for test in each.tests}), "test")
        staged = " and staged" if outcome.files_staged else ""
        would = "would be " if outcome.mode is Mode.DRY_RUN else ""
        yield f"{tests} {would}written{staged} for {_count(len(generated), 'symbol')}"


_ON_COMMIT = {
    Decision.ALLOW: "the commit goes on",
    Decision.WARN: "the commit goes on, with this warning",
    Decision.BLOCK: "the commit is stopped",
}
_ON_RANGE = {
    Decision.ALLOW: "the range passes",
    Decision.WARN: "the range passes, with this warning",
    Decision.BLOCK: "the range does not pass",
}
_ON_DRY_RUN = {
    Decision.ALLOW: "nothing was changed; the commit would go on",
    Decision.WARN: "nothing was changed; the commit would go on, with this warning",
    Decision.BLOCK: "nothing was changed; the commit would be stopped",
}
_BY_HAND = {
    Decision.ALLOW: "done",
    Decision.WARN: "done, with this warning",
    Decision.BLOCK: "done; a commit would be stopped",
}
_DECISIONS = {
    Mode.HOOK: _ON_COMMIT,
    Mode.RANGE: _ON_RANGE,
    Mode.DRY_RUN: _ON_DRY_RUN,
    Mode.BY_HAND: _BY_HAND,
}


def _next(outcome: Outcome) -> Iterator[str]:
    """Yield what to do where the commit was stopped."""
    if outcome.review:
        yield "tests were written; read them and commit again"
    stopped = outcome.decision is Decision.BLOCK
    if stopped and outcome.broken_tests:
        yield "mend what is broken, or the test, where it is the test that is wrong now"
    if stopped and any(each.status is SymbolStatus.UNCOVERED for each in outcome.symbols):
        yield "write a test for what is uncovered, or waive it: `# sloptest: no test - why`"
    if stopped and any(each.status is SymbolStatus.DEFERRED for each in outcome.symbols):
        yield "commit again for what is deferred, or raise `time-budget`"
    if stopped and not outcome.review and outcome.mode is Mode.HOOK:
        yield "`git commit --no-verify` commits without this check"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
