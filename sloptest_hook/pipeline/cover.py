"""The symbols that nothing is known to cover: measured, tested, proved, staged."""

from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import PurePosixPath

from sloptest_hook.coverage.combine import combine
from sloptest_hook.pipeline.broken import broken_by, broken_report
from sloptest_hook.pipeline.changes import InQuestion
from sloptest_hook.pipeline.decision import decide, with_broken, with_bugs
from sloptest_hook.pipeline.edges import Edges
from sloptest_hook.pipeline.endings import endings
from sloptest_hook.pipeline.job import Job
from sloptest_hook.pipeline.known import unsettled
from sloptest_hook.pipeline.memory import Memory, Seen, memory_of, remember
from sloptest_hook.pipeline.reports import covered_report, skipped_report
from sloptest_hook.pipeline.survey import Means, Survey, estimated, judged, measure
from sloptest_hook.pipeline.tree import read_tree, source_file
from sloptest_hook.pipeline.troubles import (
    confinement_notes,
    missing_tools,
    placement_notes,
    process_notes,
    run_problems,
)
from sloptest_hook.pipeline.workshop import Workshop
from sloptest_hook.pipeline.writing import NOT_STARTED, Written, write_tests
from sloptest_hook.planning import make_plan
from sloptest_hook.report.patch import patch_of
from sloptest_hook.symbols.closures import Closures
from sloptest_hook.values.candidate import MergedFile
from sloptest_hook.values.confinement import Confinement
from sloptest_hook.values.coverage import CoverageStatus, CoverageVerdict
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.outcome import Mode, Outcome, Problem, SymbolReport, SymbolStatus
from sloptest_hook.values.plan import Plan
from sloptest_hook.values.pytest_run import NodeOutcome
from sloptest_hook.values.records import replace
from sloptest_hook.values.settings import SandboxLevel, Settings
from sloptest_hook.values.source import Symbol

# The rest of the time budget is for writing, proving and staging.
_AFTER_MEASURING = 0.6
_READ_ONLY = "a range of commits is looked at and not written to"
_NO_TOOLS = "without pytest and coverage in the project's environment no test can be proved"


def cover_symbols(  # the commit, whole
    edges: Edges,
    workshop: Workshop,
    settings: Settings,
    question: InQuestion,
    settled: Sequence[SymbolReport],
    deadline: Deadline,
) -> Outcome:
    """Return the outcome of a commit in which not all symbols are ``settled``."""
    missing = missing_tools(workshop.python)
    symbols = unsettled(question, settled)
    job, survey = _begun(edges, workshop, settings, question, symbols, deadline)
    stale = _dropped_leftovers(job, survey)
    if stale:  # what rests on them is in question again
        settled = [report for report in settled if report.symbol not in question.symbols]
        job, survey = _begun(edges, workshop, settings, question, question.symbols, deadline)
    broken = broken_by(question, survey, job.memory)
    plan = _planned(job, survey)
    spoilt = [each for each in plan.targets if each.symbol in broken]
    plan = replace(plan, targets=tuple(t for t in plan.targets if t not in spoilt))
    if edges.planned:
        edges.planned(plan)
    written = Written(unwritten=_NO_TOOLS) if missing else _written(job, plan, survey)
    problems = [*question.problems, *run_problems(survey), *written.problems]
    problems += [missing] if missing else []
    problems += map(_stale, sorted(stale - {file.path for file in written.files}))
    verdicts = _verdicts_after(survey, written, job)
    _remember(job, survey, written)
    covered = [v for v in survey.verdicts.values() if _is_known_covered(v)]
    skipped = [each for each in plan.skipped if each.symbol not in {v.symbol for v in covered}]
    outcome = decide(
        settings,
        symbols=[
            *settled,
            *map(covered_report, covered),
            *map(skipped_report, skipped),
            *(broken_report(each.verdict, broken[each.symbol]) for each in spoilt),
            *endings(plan.targets, verdicts, written, settings.minimum_coverage),
        ],
        problems=problems,
        files=[file.path for file in written.files if job.stages],
        confinement=_confinement(settings, written),
    )
    outcome = with_bugs(outcome, written.bugs, settings.on_suspected_bug)
    outcome = with_broken(outcome, chain.from_iterable(broken.values()), settings.policy)
    uncovered = any(each.status is SymbolStatus.UNCOVERED for each in outcome.symbols)
    account = workshop.engine.account
    return replace(
        outcome,
        spent=account.spent,
        notes=(
            *account.notes,
            *placement_notes(written.files),
            *confinement_notes(written.answers),
            *(process_notes(survey.process_tests) if uncovered else ()),
        ),
        patch=patch_of(written.files) if edges.mode is Mode.DRY_RUN else b"",
    )


def _confinement(settings: Settings, written: Written) -> Confinement:
    """Return what generated code was run under; that it is under nothing is always said."""
    if written.confinement.level or settings.sandbox.level is not SandboxLevel.OFF:
        return written.confinement
    return Confinement(settings.sandbox.level.value)


def _begun(
    edges: Edges,
    workshop: Workshop,
    settings: Settings,
    question: InQuestion,
    symbols: Sequence[Symbol],
    deadline: Deadline,
) -> tuple[Job, Survey]:
    tree = read_tree(workshop.snapshot, settings.tests_dir)
    memory = memory_of(tree, edges, workshop.python, settings.runner, question.sources)
    job = Job(edges, workshop, settings, question, tree, memory, deadline)
    if missing_tools(workshop.python) is None:
        return job, _surveyed(job, symbols)
    return job, estimated(symbols, question, memory, settings.minimum_coverage)


def _dropped_leftovers(job: Job, survey: Survey) -> frozenset[PurePosixPath]:
    """Take out of the snapshot what an earlier try has staged and what does not pass any more.

    Between the two the user has changed the code, and the tests say what it did before.
    """
    if not job.stages:
        return frozenset()
    bad = (NodeOutcome.FAILED, NodeOutcome.ERROR)
    failing = {n.partition("::")[0] for n, r in survey.results.items() if r.outcome in bad}
    failing.update(path for path, _message in survey.collection_errors)
    paths = sorted(map(PurePosixPath, failing))
    return job.workshop.snapshot.drop_leftovers(paths, job.deadline) if paths else frozenset()


def _stale(path: PurePosixPath) -> Problem:
    return Problem(
        f"{path}: the tests that an earlier run has staged fail now, and none took their place. "
        "Take them out with: sloptest undo"
    )


def _surveyed(job: Job, symbols: Sequence[Symbol]) -> Survey:
    job.edges.tell(f"symbols to measure: {len(symbols)}")
    deadline = job.leaving(_AFTER_MEASURING)
    # Tests of ours that no commit holds yet may fail by now: all of them run, whatever is covered.
    ours = job.stages and bool(job.question.staged_tests)
    left = job.workshop.snapshot.leftovers() if ours else frozenset()
    whole = tuple(str(path) for path in job.tree.test_files if path in left)
    means = Means(job.workshop.runner, job.settings.minimum_coverage, deadline, whole)

    def attempt() -> Survey:
        return measure(symbols, job.question, job.memory, means)

    survey = attempt()
    if survey.collection_errors and job.workshop.snapshot.link_build_products():
        return attempt()  # an extension module or a generated version file may have been missing
    return survey


def _planned(job: Job, survey: Survey) -> Plan:
    sources = job.question.sources
    files = {path: source_file(path, sources[path], job.tree) for path in sources}
    python_files = job.tree.collected.python_files
    return make_plan(survey.verdicts.values(), job.settings, files, python_files)


def _written(job: Job, plan: Plan, survey: Survey) -> Written:
    if not plan.targets:
        return Written()
    if not survey.started:
        return Written(unwritten=NOT_STARTED)
    if job.edges.mode is Mode.RANGE:
        return Written(unwritten=_READ_ONLY)
    return write_tests(job, plan.targets, survey)


def _verdicts_after(survey: Survey, written: Written, job: Job) -> Mapping[Symbol, CoverageVerdict]:
    """Return what old and new tests cover together; an estimate stays one unless settled now."""
    after = judged(
        tuple(survey.verdicts),
        job.question.sources,
        (*survey.coverage, *written.coverage),
        job.settings.minimum_coverage,
        remembered=survey.remembered,
    )
    return {
        symbol: verdict
        if verdict.status is CoverageStatus.COVERED
        else replace(verdict, evidence=survey.verdicts[symbol].evidence)
        for symbol, verdict in after.items()
    }


def _is_known_covered(verdict: CoverageVerdict) -> bool:
    return verdict.status is CoverageStatus.COVERED


def _remember(job: Job, survey: Survey, written: Written) -> None:
    """Keep what was seen of tests that are in the index now."""
    added = written.files if job.stages else ()
    # What was proved on bytes that are not in the index says nothing of the index.
    coverage = combine((*survey.coverage, *(written.coverage if added else ())))
    results = [*survey.results.values(), *(written.results if added else ())]
    memory = _with(added, job) if added else job.memory
    remember(memory, Seen(job.question.sources, coverage, results))


def _with(added: Sequence[MergedFile], job: Job) -> Memory:
    """Return the cache as the tree with the new tests sees it."""
    tree = job.tree.with_files(added)
    return replace(job.memory, tree=tree, closures=Closures(tree.tests, tree.files))
