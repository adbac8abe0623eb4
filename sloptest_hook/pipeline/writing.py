"""Targets to tests in the commit: written by the engine, merged, proved, staged."""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from sloptest_hook.errors import StagingError
from sloptest_hook.generation.docstring_claims import docstring_claims
from sloptest_hook.merging.suite import read_suite
from sloptest_hook.pipeline.claims import confirmed
from sloptest_hook.pipeline.guarding import judge_candidates
from sloptest_hook.pipeline.job import Job
from sloptest_hook.pipeline.mutation import Mutating, exercises, mutate, worthless
from sloptest_hook.pipeline.mutation_memory import MutationMemory, fingerprints
from sloptest_hook.pipeline.places import Merger
from sloptest_hook.pipeline.proof import Dropped, Proof
from sloptest_hook.pipeline.refining import Refining
from sloptest_hook.pipeline.survey import Survey, judged
from sloptest_hook.pipeline.trial import adding_nothing, not_executing
from sloptest_hook.pipeline.verify import Bench
from sloptest_hook.symbols.modules import import_root
from sloptest_hook.values.candidate import Candidate, MergedFile, NoCandidate, Refused
from sloptest_hook.values.confinement import Confinement
from sloptest_hook.values.coverage import FileCoverage
from sloptest_hook.values.mutation import SymbolMutation
from sloptest_hook.values.outcome import Mode, Problem, SuspectedBug, SymbolStatus
from sloptest_hook.values.plan import Target
from sloptest_hook.values.pytest_run import NodeResult, PytestRequest
from sloptest_hook.values.records import dataclass, field, replace
from sloptest_hook.values.settings import EngineName
from sloptest_hook.values.source import Symbol

# Shares of the time budget that a stage leaves to those behind it.
_AFTER_WRITING = 0.35
_AFTER_PROVING = 0.08
# A style is not worth a lost test: printed code is in black's style as it is.
_FORMATTING_SECONDS = 3.0
_MUTANTS_OF_A_SYMBOL = 16
_MUTATING_SHARE = 0.2  # of the budget
_MOST_COMPANY = 12  # files
_COMPANY_SHARE = 0.15  # of the budget, what measuring them may have taken
NOT_STARTED = "pytest does not start in this project, so no test can be proved"


@dataclass(frozen=True, slots=True)
class Written:
    """What came of the targets.

    ``files`` are in the commit, ``coverage`` is what their new tests executed, which had
    ``results``. ``mutations`` say what else than this code these tests would not let pass, ``bugs``
    what code contradicts its own words. ``unwritten`` is why nothing could be written at all, empty
    otherwise, and ``status`` what symbols have then.
    """

    files: tuple[MergedFile, ...] = ()
    coverage: tuple[FileCoverage, ...] = ()
    results: tuple[NodeResult, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    refused: tuple[Refused, ...] = ()
    answers: tuple[Candidate | NoCandidate, ...] = ()
    problems: tuple[Problem, ...] = ()
    unwritten: str = ""
    status: SymbolStatus = SymbolStatus.UNCOVERED
    rounds: int = 0
    confinement: Confinement = field(default_factory=Confinement)
    mutations: Mapping[Symbol, SymbolMutation] = field(default_factory=dict)
    bugs: tuple[SuspectedBug, ...] = ()


def write_tests(job: Job, targets: Sequence[Target], survey: Survey) -> Written:
    """Return the tests that are in the commit now, and what became of every other candidate.

    In a dry run: that would be in the commit.
    """
    job.edges.tell(f"symbols to write tests for: {len(targets)}")
    answers = _answers(job, targets)
    bugs = _contradictions(job, targets)
    # What the offline engine expects is what the code does: here that is known to be wrong.
    wrong = {bug.symbol for bug in bugs}
    written = [
        each
        for each in answers
        if isinstance(each, Candidate)
        and not (each.engine == EngineName.OFFLINE and each.target.symbol in wrong)
    ]
    fit = judge_candidates(written, job.tree, job.workshop.confinement)
    candidates = _formatted(job, fit.candidates)
    job.edges.tell(f"tests to prove: {sum(len(each.tests) for each in candidates)}")
    refused: dict[Refused, None] = {}
    mutations: dict[Symbol, SymbolMutation] = {}
    deadline = job.leaving(_AFTER_PROVING)
    proof = _proof(job, survey, refused, mutations)
    bench = Bench(proof, job.workshop.snapshot.write, job.workshop.runner, deadline)
    refining = Refining(job, bench, deadline, mutations)
    refining.begin(candidates)
    proved = refining.run(fit)
    if proved.refused:
        return Written(
            unwritten=proved.refused,
            status=SymbolStatus.SKIPPED,
            problems=(Problem(proved.refused),),
            confinement=proved.confinement,
        )
    if proved.not_started is not None:
        return Written(unwritten=NOT_STARTED, problems=(Problem(proved.not_started),))
    claims = [*(claim for each in answers for claim in each.claims), *refining.claims]
    claims = [claim for claim in claims if claim.symbol not in wrong]
    return _staged(
        job,
        Written(
            proved.files,
            proved.coverage,
            proved.results,
            (*fit.dropped, *refining.dropped, *proved.dropped),
            tuple(refused),
            answers,
            _too_little_confinement(answers),
            rounds=proved.rounds,
            mutations=mutations,
            confinement=proved.confinement,
            bugs=(*bugs, *confirmed(job, claims, targets, deadline)),
        ),
    )


def _contradictions(job: Job, targets: Sequence[Target]) -> tuple[SuspectedBug, ...]:
    """Return the symbols that do something else than an example in their docstring."""
    claims = [claim for target in targets for claim in docstring_claims(target)]
    return confirmed(job, claims, targets, job.leaving(_AFTER_WRITING)) if claims else ()


def _proof(
    job: Job,
    survey: Survey,
    refused: dict[Refused, None],
    mutations: dict[Symbol, SymbolMutation],
) -> Proof:
    """Return what candidates are held against; the last merge and trial fill in the two others."""
    merger = _merger(job, survey)

    def merged(kept: Sequence[Candidate]) -> tuple[MergedFile, ...]:
        files = merger.merged(kept)
        refused.clear()
        refused.update(dict.fromkeys(each for each in files if isinstance(each, Refused)))
        return tuple(each for each in files if isinstance(each, MergedFile))

    return Proof(
        merged=merged,
        baseline=lambda files: _baseline(job, files, survey),
        company=_company(survey, job.settings.time_budget),
        gate=lambda coverage, files: _gate(job, survey, coverage, files),
        last_gate=lambda coverage, files: _noticing(job, coverage, files, mutations),
    )


def _too_little_confinement(
    answers: Sequence[Candidate | NoCandidate],
) -> tuple[Problem, ...]:
    """Return the one problem that kept the engine from running any code."""
    said = [a.reason for a in answers if isinstance(a, NoCandidate) and a.refused]
    return (Problem(said[0]),) if said else ()


def _answers(job: Job, targets: Sequence[Target]) -> tuple[Candidate | NoCandidate, ...]:
    """Ask the engine; once more with build products when a module could not be imported."""
    deadline = job.leaving(_AFTER_WRITING)
    answers = list(job.workshop.engine.write(targets, deadline))
    lost = [a.target for a in answers if isinstance(a, NoCandidate) and a.not_importable]
    if lost and job.workshop.snapshot.link_build_products():
        answers = [answer for answer in answers if answer.target not in lost]
        answers += job.workshop.engine.write(lost, deadline)
    return tuple(answers)


def _formatted(job: Job, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Put candidates into the project's style, for as long as that does not cost their proof."""
    deadline = job.leaving(_AFTER_WRITING).within(_FORMATTING_SECONDS)
    return [
        each if deadline.passed else job.workshop.formatted(each, deadline) for each in candidates
    ]


def _merger(job: Job, survey: Survey) -> Merger:
    files = job.tree.files
    roots = sorted({import_root(files, path) for path in job.question.sources})
    collected = job.tree.collected
    suite = read_suite(
        files,
        {path: job.tree.tests[path] for path in job.tree.test_files},
        tests_dir=collected.directory_for(job.settings.tests_dir),
        import_roots=roots,
        python_files=collected.python_files,
    )
    broken = {path for path, _message in survey.collection_errors}

    def refusal(path: PurePosixPath) -> str | None:
        if str(path) in broken:
            return "cannot be collected by pytest"
        by_hand = job.edges.mode is Mode.BY_HAND  # then there is no commit to be out of step with
        if not (job.settings.stage or by_hand) and path in job.tree.files:
            return "would be changed without being staged"
        return job.workshop.stager.refusal(path)

    return Merger(
        suite,
        job.settings.merge.strategy,
        job.workshop.snapshot.read,
        refusal,
        replace(job.tree.style, line_length=job.workshop.line_length),
    )


def _company(survey: Survey, budget: float) -> tuple[str, ...]:
    """Return the test files whose tests execute the same modules: who spoils what for whom.

    None when they are slow: they would take the time in which new tests prove themselves.
    """
    if survey.seconds > _COMPANY_SHARE * budget:
        return ()
    known = (*survey.coverage, *survey.remembered.values())
    tests = {test for each in known for line in each.tests.values() for test in line}
    return tuple(sorted({test.partition("::")[0] for test in tests})[:_MOST_COMPANY])


def _baseline(job: Job, files: Sequence[MergedFile], survey: Survey) -> Mapping[str, NodeResult]:
    """Return what the existing tests of these files do, measured before or now."""
    seen = {node.partition("::")[0] for node in survey.results if survey.complete}
    unseen = tuple(
        str(file.path) for file in files if file.before is not None and str(file.path) not in seen
    )
    if not unseen:
        return survey.results
    run = job.workshop.runner.run(PytestRequest(unseen), job.leaving(_AFTER_PROVING))
    return {**survey.results, **{result.node_id: result for result in run.results}}


def _gate(
    job: Job, survey: Survey, coverage: Sequence[FileCoverage], files: Sequence[MergedFile]
) -> Mapping[str, str]:
    """Return the tests that are green and worth nothing: about something else, or not new."""
    idle = not_executing(coverage, files)
    if idle:
        return idle
    symbols = sorted({a.symbol for file in files for a in file.added}, key=str)
    after = judged(
        symbols,
        job.question.sources,
        (*survey.coverage, *coverage),
        job.settings.minimum_coverage,
        remembered=survey.remembered,
    )
    return adding_nothing(survey.verdicts, after, files)


def _noticing(
    job: Job,
    coverage: Sequence[FileCoverage],
    files: Sequence[MergedFile],
    mutations: dict[Symbol, SymbolMutation],
) -> Mapping[str, str]:
    """Return the tests that pass whatever their symbol does; ``mutations`` gets what was tried."""
    job.edges.tell("tests to try on broken code")
    workshop, known = job.workshop, fingerprints(job.tree.with_files(files))
    memory = MutationMemory(workshop.mutations, job.memory.environment, known)
    symbols = sorted({a.symbol for file in files for a in file.added}, key=str)
    generated = frozenset(file.node_id(added) for file in files for added in file.added)
    found = mutate(
        exercises(symbols, coverage),
        job.question.sources,
        Mutating(workshop.mutator, memory, _MUTANTS_OF_A_SYMBOL),
        job.leaving(_AFTER_PROVING).within(_MUTATING_SHARE * job.settings.time_budget),
        generated,
    )
    against = worthless(found, files)
    if not against:  # else these files are not what is kept
        mutations.clear()
        mutations |= found
    return against


def _staged(job: Job, written: Written) -> Written:
    if not written.files or job.edges.mode is Mode.DRY_RUN:
        return written
    try:
        job.workshop.stager.stage(written.files, into_index=job.settings.stage)
    except StagingError as error:
        return replace(
            written,
            files=(),
            coverage=(),
            results=(),
            problems=(Problem(str(error)),),
            unwritten="its tests could not be put into the commit",
        )
    return written
