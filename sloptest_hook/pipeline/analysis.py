"""How good the tests of a project are, symbol by symbol: covered, noticed, and their smells."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from sloptest_hook.pipeline.changes import symbols_in_question
from sloptest_hook.pipeline.class_mutation import class_exercises
from sloptest_hook.pipeline.edges import Edges
from sloptest_hook.pipeline.mutation import Exercise, Mutating, exercises, mutate
from sloptest_hook.pipeline.mutation_memory import MutationMemory, fingerprints
from sloptest_hook.pipeline.tree import source_file
from sloptest_hook.pipeline.troubles import missing_tools, process_notes, run_problems
from sloptest_hook.pipeline.whole import Measurement, Project, guessed, measure_whole, opened
from sloptest_hook.pipeline.workshop import Mutator, Workshop
from sloptest_hook.planning import covered_reason, make_plan
from sloptest_hook.quality.smells import smells_of
from sloptest_hook.values.analysis import Analysis, AnalyzedSymbol, Smell, SmellKind
from sloptest_hook.values.coverage import CoverageStatus, CoverageVerdict
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.inventory import Tally, tally
from sloptest_hook.values.mutation import MutationRequest, MutationRun, SymbolMutation
from sloptest_hook.values.pytest_run import function_of
from sloptest_hook.values.records import dataclass, replace
from sloptest_hook.values.settings import Settings
from sloptest_hook.values.source import Symbol, SymbolKind

_NOT_EXECUTED = "no test executes it"
_NOT_WHOLLY = "no test executes all of it"
_CONFINED = (
    "{count} of the tests do not pass where mutants run, confined as generated tests are, and were "
    "not asked: {example}"
)

Wanted = Callable[[Symbol], bool]


def analyze(
    edges: Edges,
    settings: Settings,
    paths: Sequence[PurePosixPath],
    deadline: Deadline,
    *,
    changed_only: bool,
) -> Analysis:
    """Measure the staged tree and break it: the symbols below ``paths``, or all; or changed ones.

    What was measured before and has not changed since is not run again. Raises GitError,
    InterpreterError and RunnerError.
    """
    is_wanted = _wanted(edges, settings, paths, changed_only=changed_only)
    with opened(edges, settings, deadline) as (project, workshop):
        missing = missing_tools(workshop.python)
        if missing is not None:
            verdicts = _chosen(guessed(project), is_wanted)
            mutations = {s: SymbolMutation(s, not_measured=missing.message) for s in verdicts}
            found = Analysis(problems=(*project.question.problems, missing), complete=False)
            return _whole(project, verdicts, mutations, found)
        return _measured(project, workshop, is_wanted, deadline)


def _wanted(
    edges: Edges, settings: Settings, paths: Sequence[PurePosixPath], *, changed_only: bool
) -> Wanted:
    changed: frozenset[tuple[PurePosixPath, str]] | None = None
    if changed_only:
        question = symbols_in_question(edges.repo.staged_diff(), settings, edges.today)
        changed = frozenset((each.path, each.qualname) for each in question.symbols)
        # Fields have no symbol of their own: the class counts with any method of it.
        changed |= {(path, name.partition(".")[0]) for path, name in changed}

    def is_wanted(symbol: Symbol) -> bool:
        if changed is not None and (symbol.path, symbol.qualname) not in changed:
            return False
        return not paths or any(symbol.path.is_relative_to(path) for path in paths)

    return is_wanted


def _chosen(
    verdicts: Mapping[Symbol, CoverageVerdict], is_wanted: Wanted
) -> Mapping[Symbol, CoverageVerdict]:
    wanted = [symbol for symbol in verdicts if is_wanted(symbol)]
    wanted.sort(key=lambda symbol: (str(symbol.path), symbol.lines.first))
    return {symbol: verdicts[symbol] for symbol in wanted}


@dataclass(frozen=True, slots=True)
class _Heard:
    """A mutator that remembers what was run: for the notes of the analysis."""

    mutator: Mutator
    runs: list[MutationRun]

    def run(self, request: MutationRequest, deadline: Deadline) -> MutationRun:
        run = self.mutator.run(replace(request, both_orders=True), deadline)
        self.runs.append(run)
        return run


def _measured(
    project: Project, workshop: Workshop, is_wanted: Wanted, deadline: Deadline
) -> Analysis:
    done = measure_whole(project, workshop, deadline, afresh=False)
    verdicts = _chosen(done.verdicts, is_wanted)
    wanted = (*_exercises(list(verdicts), done), *_classes(project, is_wanted, done))
    heard = _Heard(workshop.mutator, [])
    memory = MutationMemory(
        workshop.mutations, project.memory.environment, fingerprints(project.tree)
    )
    project.edges.tell(f"symbols to break: {sum(bool(each.tests) for each in wanted)}")
    sources = project.question.sources
    mutations = mutate(wanted, sources, Mutating(heard, memory), deadline)
    ran = sum(len(run.statuses) for run in heard.runs)
    tried = sum(len(each.results) for each in mutations.values())
    found = Analysis(
        smells=tuple(_smells(project, wanted, heard.runs)),
        problems=(*project.question.problems, *run_problems(done.run)),
        notes=(*process_notes(done.run.process_tests), *_notes(heard.runs)),
        classes=tuple(
            each for symbol, each in mutations.items() if symbol.kind is SymbolKind.CLASS
        ),
        complete=done.sound and not any(run.problem for run in heard.runs),
        tests_run=len(done.run.results),
        mutants_run=ran,
        mutants_remembered=tried - ran,
    )
    return _whole(project, verdicts, mutations, found)


def _exercises(symbols: Sequence[Symbol], done: Measurement) -> tuple[Exercise, ...]:
    """Return who executes what, by what was run now and by what is remembered."""
    return exercises(symbols, (*done.run.coverage, *done.remembered.values()))


def _classes(project: Project, is_wanted: Wanted, done: Measurement) -> Iterator[Exercise]:
    coverage = (*done.run.coverage, *done.remembered.values())
    sources = project.question.sources
    for each in class_exercises(sources, sorted(sources), coverage, project.tree.tests):
        if is_wanted(each.symbol):
            yield each


def _smells(
    project: Project, wanted: Iterable[Exercise], runs: Iterable[MutationRun]
) -> Iterator[Smell]:
    """Yield the smells of the tests that execute what was asked for."""
    tests = frozenset(function_of(test) for each in wanted for test in each.all_tests)
    for path in project.tree.test_files:
        named = frozenset(test for test in tests if test.startswith(f"{path}::"))
        if named:
            yield from smells_of(path, project.tree.tests[path], named)
    for run in runs:
        for test in run.order_dependent:
            yield Smell(test, 0, SmellKind.ORDER, "it passes in one order of the tests only")


def _notes(runs: Iterable[MutationRun]) -> Iterator[str]:
    for run in runs:
        if run.problem:
            yield f"not all mutants were tried: {run.problem}"
        if run.failing:
            node, said = run.failing[0]
            yield _CONFINED.format(count=len(run.failing), example=f"{node}: {said}")


def _whole(
    project: Project,
    verdicts: Mapping[Symbol, CoverageVerdict],
    mutations: Mapping[Symbol, SymbolMutation],
    found: Analysis,
) -> Analysis:
    reasons = _reasons(project, verdicts)
    symbols = tuple(
        AnalyzedSymbol(verdict, mutations[symbol], reasons[symbol])
        for symbol, verdict in verdicts.items()
    )
    return replace(found, symbols=symbols, coverage=sum(map(tally, verdicts.values()), Tally()))


def _reasons(project: Project, verdicts: Mapping[Symbol, CoverageVerdict]) -> Mapping[Symbol, str]:
    """Return why each symbol would get tests if it were staged now, or why not."""
    sources = project.question.sources
    files = {path: source_file(path, sources[path], project.tree) for path in sources}
    python_files = project.tree.collected.python_files
    plan = make_plan(verdicts.values(), project.settings, files, python_files)
    found = {each.symbol: f"would get none: {each.reason}" for each in plan.skipped}
    for symbol, verdict in verdicts.items():
        if verdict.status is CoverageStatus.COVERED:
            found[symbol] = covered_reason(verdict)
        elif symbol not in found:
            executed = verdict.status is CoverageStatus.PARTIAL
            found[symbol] = f"would get tests: {_NOT_WHOLLY if executed else _NOT_EXECUTED}"
    return found
