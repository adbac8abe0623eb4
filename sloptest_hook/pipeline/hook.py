"""The story of one commit: staged changes in, an outcome out.

This module and what it imports are loaded at every commit; whatever is needed only when there is
something to do is imported by ``_cover``.
"""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from sloptest_hook.errors import SloptestError
from sloptest_hook.pipeline.decision import decide
from sloptest_hook.pipeline.edges import Edges
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.outcome import Outcome, Problem, SymbolReport, SymbolStatus
from sloptest_hook.values.records import replace
from sloptest_hook.values.settings import Settings
from sloptest_hook.values.source import StagedDiff, Symbol

_UNKNOWN = "nothing could be run to know whether it is covered"


def cover_commit(
    edges: Edges, settings: Settings, files: Sequence[PurePosixPath], deadline: Deadline
) -> Outcome:
    """Write, prove and stage tests for every staged symbol that none covers.

    ``files`` outside the staged diff are backfilled: all their symbols are in question. By hand
    nothing else is looked at where files are named.
    """
    quiet = edges.repo.quiet_reason()
    if quiet is not None:
        return decide(settings, quiet=quiet)
    diff = _diff_with(files, edges)
    if not diff.changes and not diff.unreadable:
        return decide(settings)

    # Python is staged: only now is it parsed.
    from sloptest_hook.pipeline.known import settle, unsettled

    question, settled = settle(diff, edges, settings)
    left = unsettled(question, settled)
    if not left:
        return decide(settings, symbols=settled, problems=question.problems)

    try:
        with edges.open_workshop(sorted(question.sources), deadline) as workshop:
            # Only now is there work to do, and while this loads the project's pytest does too.
            from sloptest_hook.pipeline.cover import cover_symbols

            outcome = cover_symbols(edges, workshop, settings, question, settled, deadline)
            return _remarked(outcome, question.remarks)
    except SloptestError as error:
        # No interpreter, no snapshot: nobody's fault here, and not a word on coverage.
        unknown = [SymbolReport(s, SymbolStatus.UNCOVERED, _UNKNOWN, estimated=True) for s in left]
        problems = [*question.problems, Problem(str(error))]
        outcome = decide(settings, symbols=[*settled, *unknown], problems=problems)
        return _remarked(outcome, question.remarks)


def _remarked(outcome: Outcome, remarks: Mapping[Symbol, str]) -> Outcome:
    """Say of a symbol that needs somebody why a waiver of it does not count."""
    if not remarks:
        return outcome
    reports = (
        replace(each, reason=f"{each.reason}; {remarks[each.symbol]}")
        if each.symbol in remarks and each.status in (SymbolStatus.UNCOVERED, SymbolStatus.DEFERRED)
        else each
        for each in outcome.symbols
    )
    return replace(outcome, symbols=tuple(reports))


def _diff_with(files: Sequence[PurePosixPath], edges: Edges) -> StagedDiff:
    if files and edges.named_alone:
        return edges.repo.whole_files(files)
    diff = edges.repo.staged_diff()
    beyond = [path for path in files if path not in diff.paths and path.suffix in ("", ".py")]
    if not beyond:
        return diff
    whole = edges.repo.whole_files(beyond)
    # A directory that is named holds files of the diff too.
    more = tuple(each for each in whole.changes if each.path not in diff.paths)
    return StagedDiff(
        diff.changes + more,
        diff.unreadable + whole.unreadable,
        diff.paths | whole.paths,
    )
