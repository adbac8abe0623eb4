"""Where every target ended: generated, uncovered or deferred, each with a reason."""

import re
from collections.abc import Iterator, Mapping, Sequence

from sloptest_hook.pipeline.proof import Dropped
from sloptest_hook.pipeline.reports import report_of, with_mutants
from sloptest_hook.pipeline.writing import Written
from sloptest_hook.values.candidate import Candidate, NoCandidate, Refused
from sloptest_hook.values.coverage import CoverageStatus, CoverageVerdict
from sloptest_hook.values.outcome import SymbolReport, SymbolStatus
from sloptest_hook.values.plan import Target
from sloptest_hook.values.records import dataclass
from sloptest_hook.values.source import Symbol

_OUT_OF_TIME = "the time budget ended before its turn"
_NOTES_SHOWN = 2
_NOT_REACHED = re.compile(r"line (\d+) not reached")


@dataclass(frozen=True, slots=True)
class _Ending:
    status: SymbolStatus
    reason: str


def endings(
    targets: Sequence[Target],
    verdicts: Mapping[Symbol, CoverageVerdict],
    written: Written,
    minimum: float,
) -> Iterator[SymbolReport]:
    """Yield one report a target, from the verdict after everything that was written."""
    answers = {answer.target.symbol: answer for answer in written.answers}
    bugs = {bug.symbol: bug for bug in written.bugs}
    for target in targets:
        symbol = target.symbol
        tests = [
            file.node_id(added)
            for file in written.files
            for added in file.added
            if added.symbol == symbol
        ]
        verdict = verdicts.get(symbol, target.verdict)
        answer = answers.get(symbol)
        ending = (
            _with_tests(verdict, answer, minimum)
            if tests
            else _without_tests(verdict, answer, written)
        )
        bug = bugs.get(symbol)
        if bug is not None:
            ending = _Ending(SymbolStatus.SUSPECTED_BUG, f"expected {bug.expected}; {bug.actual}")
        by_others = ending.status is SymbolStatus.COVERED
        report = report_of(
            verdict,
            ending.status,
            ending.reason,
            tests=None if by_others else tests,
            attempts=written.rounds,
        )
        yield with_mutants(report, written.mutations.get(symbol) if tests else None)


def _with_tests(
    verdict: CoverageVerdict, answer: Candidate | NoCandidate | None, minimum: float
) -> _Ending:
    total = len(verdict.executable)
    share = f"covers {total - len(verdict.missing_lines)} of {total} lines"
    if verdict.status is CoverageStatus.COVERED:
        return _Ending(SymbolStatus.GENERATED, share)
    notes = _still_true(answer.notes, verdict) if isinstance(answer, Candidate) else []
    return _Ending(
        SymbolStatus.UNCOVERED,
        "; ".join(
            [
                f"the written test {share}, less than {minimum:g} % with branches",
                *notes[:_NOTES_SHOWN],
            ]
        ),
    )


def _still_true(notes: Sequence[str], verdict: CoverageVerdict) -> list[str]:
    """Leave out lines that another symbol's tests reach."""
    return [
        note
        for note in notes
        if not (line := _NOT_REACHED.match(note)) or int(line[1]) in verdict.missing_lines
    ]


def _without_tests(
    verdict: CoverageVerdict, answer: Candidate | NoCandidate | None, written: Written
) -> _Ending:
    if verdict.status is CoverageStatus.COVERED:
        return _Ending(SymbolStatus.COVERED, f"covered by tests of this commit: {verdict.tests[0]}")
    if written.unwritten:
        return _Ending(written.status, written.unwritten)
    match answer:
        case None:
            return _Ending(SymbolStatus.DEFERRED, _OUT_OF_TIME)
        case NoCandidate():
            if answer.untestable or answer.refused:
                return _Ending(SymbolStatus.SKIPPED, answer.reason)
            return _Ending(_status(out_of_time=answer.out_of_time), answer.reason)
        case Candidate():
            dropped = [each for each in written.dropped if each.symbol == verdict.symbol]
            return _not_kept(dropped) if dropped else _not_merged(written.refused)


def _not_kept(dropped: Sequence[Dropped]) -> _Ending:
    late = any(each.out_of_time for each in dropped)
    more = f" (and {len(dropped) - 1} more)" if len(dropped) > 1 else ""
    reason = f"{dropped[0].name} was not kept: {dropped[0].reason}{more}"
    return _Ending(_status(out_of_time=late), reason)


def _not_merged(refused: Sequence[Refused]) -> _Ending:
    if not refused:
        return _Ending(
            SymbolStatus.UNCOVERED, "the tests it would get are in the test file already"
        )
    reasons = "; ".join(each.reason for each in refused)
    return _Ending(SymbolStatus.UNCOVERED, f"no test file could take its tests: {reasons}")


def _status(*, out_of_time: bool) -> SymbolStatus:
    return SymbolStatus.DEFERRED if out_of_time else SymbolStatus.UNCOVERED
