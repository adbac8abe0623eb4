"""One run of merged test files, read: which added tests failed, and why."""

from collections.abc import Iterable, Mapping, Sequence

from sloptest_hook.values.candidate import AddedTest, MergedFile
from sloptest_hook.values.confinement import Confinement
from sloptest_hook.values.coverage import CoverageVerdict, FileCoverage
from sloptest_hook.values.pytest_run import NodeOutcome, NodeResult, PytestRun, function_of
from sloptest_hook.values.records import dataclass, field
from sloptest_hook.values.source import Symbol


@dataclass(frozen=True, slots=True)
class Trial:
    """Node ids of added tests that must go, each with a reason, and what the others executed.

    ``together``: one of them is at fault, and the run does not tell which. ``out_of_time`` means
    that the time for it ended during a run, in which ``passed`` had passed by then. ``not_started``
    is why pytest itself did not run, ``refused`` why at this confinement nothing may: no fault of a
    test.
    """

    failures: Mapping[str, str]
    together: bool = False
    passed: frozenset[str] = frozenset()
    coverage: tuple[FileCoverage, ...] = ()
    results: tuple[NodeResult, ...] = ()
    confinement: Confinement = field(default_factory=Confinement)
    out_of_time: bool = False
    not_started: str | None = None
    refused: str = ""


def failures_of(run: PytestRun, files: Sequence[MergedFile]) -> Mapping[str, str]:
    """Return why added tests must go after this run, each for itself; empty: all passed."""
    failures = {
        node: why
        for file in files
        for added in file.added
        if (why := _reason(run, node := file.node_id(added))) is not None
    }
    return _culprit_only(run, failures) if run.problem else failures


def harm_of(
    run: PytestRun, files: Sequence[MergedFile], baseline: Mapping[str, NodeResult]
) -> Mapping[str, str]:
    """Return the added tests of which one at least does harm: the run does not tell which.

    A file that cannot be collected with them, or an older test that fares worse.
    """
    worse = _worse(run, baseline)
    broken = dict(run.collection_errors)
    found: dict[str, str] = {}
    for file in files:
        why = worse
        if str(file.path) in broken:
            why = f"{file.path} cannot be collected with it: {broken[str(file.path)]}"
        if why is not None:
            found |= {file.node_id(added): why for added in file.added}
    return found


def passed_in(run: PytestRun) -> frozenset[str]:
    """Return the functions whose nodes have all passed; one that had no time is in none."""
    bad = {function_of(r.node_id) for r in run.results if r.outcome is not NodeOutcome.PASSED}
    return frozenset(function_of(r.node_id) for r in run.results) - bad


def not_found_again(
    run: PytestRun, files: Sequence[MergedFile], baseline: Mapping[str, NodeResult]
) -> Mapping[str, str]:
    """Return why the added tests of a file must go in which an older test is not found any more.

    ``run`` is one of the whole files. Parameter sets do not count: their ids may be random.
    """
    if run.problem is not None or run.out_of_time or run.stopped_early:
        return {}
    found = {function_of(result.node_id) for result in run.results}
    failures: dict[str, str] = {}
    for file in files:
        known = {function_of(node) for node in baseline if node.startswith(f"{file.path}::")}
        lost = min(known - found, default=None)
        if lost is not None:
            reason = f"{lost} is not collected any more with it"
            failures |= {file.node_id(added): reason for added in file.added}
    return failures


def not_executing(
    coverage: Iterable[FileCoverage], files: Sequence[MergedFile]
) -> Mapping[str, str]:
    """Return the added tests that execute no line of their target: green, and about nothing."""
    seen = {c.path: c for c in coverage}
    return {
        file.node_id(added): f"it does not execute {added.symbol.qualname}"
        for file in files
        for added in file.added
        if not _executes(file.node_id(added), added, seen.get(added.symbol.path))
    }


def adding_nothing(
    before: Mapping[Symbol, CoverageVerdict],
    after: Mapping[Symbol, CoverageVerdict],
    files: Sequence[MergedFile],
) -> Mapping[str, str]:
    """Return the added tests of symbols of which no line or branch is covered that was not."""
    idle = {
        symbol
        for symbol, verdict in after.items()
        if verdict.missing_lines >= before[symbol].missing_lines
        and verdict.missing_branches >= before[symbol].missing_branches
    }
    return {
        file.node_id(added): f"it covers nothing of {added.symbol.qualname} that was uncovered"
        for file in files
        for added in file.added
        if added.symbol in idle
    }


def _worse(run: PytestRun, baseline: Mapping[str, NodeResult]) -> str | None:
    """Return what an older test does that it did not do before, or None."""
    for result in run.results:
        before = baseline.get(result.node_id)
        if before is not None and _is_worse(before.outcome, result.outcome):
            return (
                f"{result.node_id} {before.outcome} without it and {result.outcome} with it: "
                f"{result.message}"
            )
    return None


def _is_worse(before: NodeOutcome, now: NodeOutcome) -> bool:
    """Return whether a new test may have spoiled another one; one that has failed may be flaky."""
    good = (NodeOutcome.PASSED, NodeOutcome.SKIPPED)
    return before in good and now is not before and now is not NodeOutcome.PASSED


def _reason(run: PytestRun, node_id: str) -> str | None:
    results = [r for r in run.results if belongs(r.node_id, node_id)]
    if not results:
        return run.problem or "pytest did not collect it"
    bad = [r for r in results if r.outcome is not NodeOutcome.PASSED]
    return f"it {bad[0].outcome}: {bad[0].message}" if bad else None


def _culprit_only(run: PytestRun, failures: Mapping[str, str]) -> Mapping[str, str]:
    """Keep real failures and the test during which the run broke off.

    The tests behind it have no result through no fault of their own: they get another round.
    """
    failed = {node: why for node, why in failures.items() if why != run.problem}
    unfinished = [node for node in failures if node not in failed]
    return {**failed, **{node: failures[node] for node in unfinished[:1]}}


def _executes(node_id: str, added: AddedTest, coverage: FileCoverage | None) -> bool:
    if coverage is None:
        return False
    return any(
        belongs(test, node_id)
        for line, tests in coverage.tests.items()
        if line in added.symbol.lines
        for test in tests
    )


def belongs(node_id: str, function: str) -> bool:
    """Return whether a node id is a test function's, or one of its parameter sets'."""
    return node_id == function or node_id.startswith(f"{function}[")
