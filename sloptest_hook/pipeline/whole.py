"""The coverage of a whole project: what is remembered, and a run of the tests that matter."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import PurePosixPath

from sloptest_hook.coverage.combine import combine
from sloptest_hook.pipeline.changes import InQuestion, symbols_in_question
from sloptest_hook.pipeline.edges import Edges
from sloptest_hook.pipeline.memory import Memory, Seen, memory_of, remember
from sloptest_hook.pipeline.settled import settled_tests
from sloptest_hook.pipeline.survey import as_estimates, corrected, estimated, judged
from sloptest_hook.pipeline.tree import StagedTree, read_tree
from sloptest_hook.pipeline.troubles import missing_tools, process_notes, run_problems
from sloptest_hook.pipeline.workshop import Workshop
from sloptest_hook.symbols.module_code import ModuleCode
from sloptest_hook.values.coverage import CoverageVerdict, FileCoverage
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.inventory import Inventory, Tally, tally
from sloptest_hook.values.pytest_run import PytestRequest, PytestRun
from sloptest_hook.values.records import dataclass, replace
from sloptest_hook.values.settings import Settings
from sloptest_hook.values.source import Symbol

EVERYTHING = PurePosixPath(".")
_ALL_TESTS = 10_000  # of a share


@dataclass(frozen=True, slots=True)
class Project:
    """A staged tree, whole, and what is remembered of it."""

    edges: Edges
    settings: Settings
    question: InQuestion
    tree: StagedTree
    memory: Memory


@contextmanager
def opened(
    edges: Edges, settings: Settings, deadline: Deadline
) -> Iterator[tuple[Project, Workshop]]:
    """Yield everything that is staged, read, and what it takes to run it.

    Raises GitError, InterpreterError and RunnerError.
    """
    question = symbols_in_question(edges.repo.whole_files([EVERYTHING]), settings, edges.today)
    with edges.open_workshop(sorted(question.sources), deadline) as workshop:
        tree = read_tree(workshop.snapshot, settings.tests_dir)
        memory = memory_of(tree, edges, workshop.python, settings.runner, question.sources)
        yield Project(edges, settings, question, tree, memory), workshop


def guessed(project: Project) -> Mapping[Symbol, CoverageVerdict]:
    """Return the verdicts where nothing can be run."""
    question, minimum = project.question, project.settings.minimum_coverage
    return estimated(question.symbols, question, project.memory, minimum).verdicts


def take_inventory(
    edges: Edges,
    settings: Settings,
    paths: Sequence[PurePosixPath],
    deadline: Deadline,
    *,
    afresh: bool,
) -> Inventory:
    """Measure the staged tree and return the verdicts on the symbols below ``paths``, or on all.

    Tests of which nothing has changed since they ran are not run again, unless ``afresh``. The
    cache gets what was seen. Raises GitError, InterpreterError and RunnerError.
    """
    with opened(edges, settings, deadline) as (project, workshop):
        missing = missing_tools(workshop.python)
        if missing is not None:
            found = Inventory(problems=(missing,), complete=False)
            return inventory_of(guessed(project), paths, found)
        return _measured(project, workshop, paths, deadline, afresh=afresh)


@dataclass(frozen=True, slots=True)
class Measurement:
    """A verdict on every symbol in question; ``run`` is what was run now.

    ``settled`` are tests that were not, as nothing has changed since, and ``remembered`` is what
    those executed. ``sound`` is false when something could not be measured: then verdicts are
    estimates.
    """

    verdicts: Mapping[Symbol, CoverageVerdict]
    run: PytestRun
    settled: frozenset[str]
    remembered: Mapping[Symbol, FileCoverage]
    sound: bool


def _measured(
    project: Project,
    workshop: Workshop,
    paths: Sequence[PurePosixPath],
    deadline: Deadline,
    *,
    afresh: bool,
) -> Inventory:
    done = measure_whole(project, workshop, deadline, afresh=afresh)
    return inventory_of(
        done.verdicts,
        paths,
        Inventory(
            ran=len(done.run.results),
            remembered=len(done.settled),
            problems=(*project.question.problems, *run_problems(done.run)),
            notes=process_notes(done.run.process_tests),
            complete=done.sound,
            coverage=done.run.coverage,
        ),
    )


def measure_whole(
    project: Project, workshop: Workshop, deadline: Deadline, *, afresh: bool
) -> Measurement:
    """Run the tests that matter, and return the verdict on every symbol in question."""
    question, memory = project.question, project.memory
    everything = (*question.symbols, *(each.symbol for each in question.skipped))
    code = ModuleCode(question.sources, project.tree.files)
    settled = frozenset() if afresh else settled_tests(memory, everything, code)
    project.edges.tell(f"tests of which nothing has changed: {len(settled)}")
    run = _run(project, workshop, settled, deadline)
    remembered = _remembered(memory, question, settled - {each.node_id for each in run.results})
    verdicts = judged(
        question.symbols,
        question.sources,
        run.coverage,
        project.settings.minimum_coverage,
        remembered=remembered,
    )
    remember(memory, Seen(question.sources, combine(run.coverage), run.results), whole=code)
    sound = run.problem is None and not run.collection_errors and not run.out_of_time
    if not sound:
        minimum = project.settings.minimum_coverage
        verdicts = corrected(as_estimates(verdicts), memory, question.sources, minimum)
    return Measurement(verdicts, run, settled, remembered, sound)


def _run(
    project: Project, workshop: Workshop, settled: frozenset[str], deadline: Deadline
) -> PytestRun:
    request = PytestRequest(
        tuple(map(str, project.tree.test_files)),
        trace=tuple(sorted(project.question.sources)),
        without=settled,
    )
    if not request.select:
        return PytestRun()
    run = workshop.runner.run(request, deadline)
    if run.collection_errors and workshop.snapshot.link_build_products():
        return workshop.runner.run(request, deadline)
    return run


def _remembered(
    memory: Memory, question: InQuestion, settled: frozenset[str]
) -> Mapping[Symbol, FileCoverage]:
    """Return what the tests that were not run again executed when they were."""
    if not settled:
        return {}
    return memory.coverage(
        question.symbols, question.sources, tests_of_a_share=_ALL_TESTS, only=settled
    )


def inventory_of(
    verdicts: Mapping[Symbol, CoverageVerdict], paths: Sequence[PurePosixPath], found: Inventory
) -> Inventory:
    """Return ``found`` with the verdicts on symbols below ``paths``, all of them for no paths."""
    wanted = [
        verdict
        for symbol, verdict in verdicts.items()
        if not paths or any(symbol.path.is_relative_to(path) for path in paths)
    ]
    wanted.sort(key=lambda each: (str(each.symbol.path), each.symbol.lines.first))
    return replace(found, verdicts=tuple(wanted), total=sum(map(tally, wanted), Tally()))
