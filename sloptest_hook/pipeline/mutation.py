"""Whether tests notice when the code they execute is broken: mutants made, tried, remembered."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from sloptest_hook.pipeline.mutation_memory import MutationMemory
from sloptest_hook.pipeline.workshop import Mutator
from sloptest_hook.quality.mutants import MOST, mutants_of, mutants_of_class
from sloptest_hook.quality.text import SourceText
from sloptest_hook.values.candidate import MergedFile
from sloptest_hook.values.coverage import FileCoverage
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.mutation import (
    COUNTED,
    Mutant,
    MutantResult,
    MutantSet,
    MutantStatus,
    MutationRequest,
    MutationRun,
    SymbolMutation,
    Trial,
)
from sloptest_hook.values.records import dataclass, replace
from sloptest_hook.values.source import Symbol, SymbolKind

# So few survivors say nothing of a test when the time was up before the others were tried.
_ENOUGH = 8
_NOT_EXECUTED = "no test executes it"
_NO_MUTANTS = "nothing in it can be broken in a way that a test could notice"
_NOT_REACHED = "the time was up before its mutants were tried"
_TESTS_FAIL = "the tests that execute it do not pass unmutated, confined as they are"


@dataclass(frozen=True, slots=True)
class Exercise:
    """A symbol and the tests that execute each of its lines, by node id."""

    symbol: Symbol
    tests: Mapping[int, tuple[str, ...]]

    def tests_of(self, mutant: Mutant) -> tuple[str, ...]:
        """Return the tests that execute a mutant: all of the symbol's for its definition."""
        return self.all_tests if mutant.anchor == 0 else self.tests.get(mutant.anchor, ())

    @property
    def all_tests(self) -> tuple[str, ...]:
        """Return every test that executes a line of the symbol."""
        return tuple(sorted({test for tests in self.tests.values() for test in tests}))


@dataclass(frozen=True, slots=True)
class Mutating:
    """What measuring needs: who tries mutants, what was tried before, at most how many a symbol."""

    mutator: Mutator
    memory: MutationMemory
    most: int = MOST


def exercises(symbols: Iterable[Symbol], coverage: Iterable[FileCoverage]) -> tuple[Exercise, ...]:
    """Return who executes what of each symbol, from runs that may be several of one file."""
    by_path: dict[PurePosixPath, list[FileCoverage]] = {}
    for each in coverage:
        by_path.setdefault(each.path, []).append(each)
    return tuple(
        Exercise(symbol, _tests_in(symbol, by_path.get(symbol.path, ()))) for symbol in symbols
    )


def _tests_in(symbol: Symbol, coverage: Iterable[FileCoverage]) -> Mapping[int, tuple[str, ...]]:
    found: dict[int, set[str]] = {}
    for each in coverage:
        for line, tests in each.tests.items():
            if tests and line in symbol.lines:
                found.setdefault(line, set()).update(tests)
    return {line: tuple(sorted(tests)) for line, tests in found.items()}


def mutate(
    wanted: Sequence[Exercise],
    sources: Mapping[PurePosixPath, str],
    means: Mutating,
    deadline: Deadline,
    generated: frozenset[str] = frozenset(),
) -> Mapping[Symbol, SymbolMutation]:
    """Return what became of the mutants of every symbol, or why there is no score.

    What was tried before of the same symbol with the same tests is not tried again.
    """
    found: dict[Symbol, SymbolMutation] = {}
    left: list[tuple[Exercise, MutantSet]] = []
    texts = _SourceTexts(sources)
    for each in wanted:
        text = texts.of(each.symbol.path)
        if text is None or not each.tests:
            found[each.symbol] = SymbolMutation(each.symbol, not_measured=_NOT_EXECUTED)
            continue
        made = _mutants(text, each, means.most)
        known = means.memory.recalled(made, each.all_tests)
        if known is not None:
            found[each.symbol] = known
        elif made.mutants:
            left.append((each, made))
        else:
            found[each.symbol] = replace(_begun(made), not_measured=_NO_MUTANTS)
    found |= _tried(left, sources, means, deadline, generated)
    return {each.symbol: found[each.symbol] for each in wanted}


def _mutants(text: SourceText, exercise: Exercise, most: int) -> MutantSet:
    if exercise.symbol.kind is SymbolKind.CLASS:
        return mutants_of_class(text, exercise.symbol, most)
    return mutants_of(text, exercise.symbol, exercise.tests.keys(), most)


def worthless(
    mutations: Mapping[Symbol, SymbolMutation], files: Sequence[MergedFile]
) -> Mapping[str, str]:
    """Return why added tests must go: nothing that breaks their symbol is noticed by any of them.

    A test that notices nothing alone stays where another of the symbol does. Where nothing was
    measured nothing is held against anybody.
    """
    vacuous = {
        symbol: each.tried
        for symbol, each in mutations.items()
        if each.tried and not each.killed and (is_whole(each) or each.tried >= _ENOUGH)
    }
    return {
        file.node_id(added): _vacuous(added.symbol, vacuous[added.symbol])
        for file in files
        for added in file.added
        if added.symbol in vacuous
    }


def is_whole(mutation: SymbolMutation) -> bool:
    """Return whether each mutant of the symbol was tried."""
    return all(each.status is not MutantStatus.UNTRIED for each in mutation.results)


def _vacuous(symbol: Symbol, tried: int) -> str:
    mutants = "the only mutant" if tried == 1 else f"none of {tried} mutants"
    noticed = "is not noticed" if tried == 1 else "is noticed"
    return f"it passes whatever the code does: {mutants} of {symbol.qualname} {noticed}"


class _SourceTexts:
    """The files in question, each parsed once, when it is asked for."""

    def __init__(self, sources: Mapping[PurePosixPath, str]) -> None:
        self._sources = sources
        self._texts: dict[PurePosixPath, SourceText | None] = {}

    def of(self, path: PurePosixPath) -> SourceText | None:
        if path not in self._texts:
            self._texts[path] = self._parsed(path)
        return self._texts[path]

    def _parsed(self, path: PurePosixPath) -> SourceText | None:
        try:
            return SourceText(self._sources[path])
        except (KeyError, SyntaxError, ValueError, RecursionError):
            return None


def _begun(made: MutantSet) -> SymbolMutation:
    return SymbolMutation(made.symbol, total=made.total, avoided=made.avoided)


def _tried(
    left: Sequence[tuple[Exercise, MutantSet]],
    sources: Mapping[PurePosixPath, str],
    means: Mutating,
    deadline: Deadline,
    generated: frozenset[str],
) -> Iterable[tuple[Symbol, SymbolMutation]]:
    if not left:
        return []
    turns = list(_in_turns(left))
    trials = tuple(Trial(e.symbol.path, mutant, e.tests_of(mutant)) for e, mutant in turns)
    paths = sorted({trial.path for trial in trials})
    request = MutationRequest({path: sources[path] for path in paths}, trials, generated)
    run = means.mutator.run(request, deadline)
    statuses = run.statuses or ((MutantStatus.UNTRIED, ""),) * len(trials)
    results: dict[Symbol, list[MutantResult]] = {each.symbol: [] for each, _ in left}
    for (exercise, mutant), (status, by) in zip(turns, statuses, strict=True):
        results[exercise.symbol].append(MutantResult(mutant, status, by))
    done = [_done(exercise, made, results[exercise.symbol], run) for exercise, made in left]
    for (exercise, _), each in zip(left, done, strict=True):
        if is_whole(each) and each.tried:
            means.memory.remember(each, exercise.all_tests)
    return [(each.symbol, each) for each in done]


def _in_turns(
    left: Sequence[tuple[Exercise, MutantSet]],
) -> Iterator[tuple[Exercise, Mutant]]:
    """Yield one mutant of each symbol in turn: when the time is up every symbol has had some."""
    most = max(len(made.mutants) for _, made in left)
    for at in range(most):
        for exercise, made in left:
            if at < len(made.mutants):
                yield exercise, made.mutants[at]


def _done(
    exercise: Exercise, made: MutantSet, results: Sequence[MutantResult], run: MutationRun
) -> SymbolMutation:
    mutation = replace(_begun(made), results=tuple(results))
    if any(each.status in COUNTED for each in results):
        return mutation
    failing = {node for node, _ in run.failing}
    if run.problem:
        return replace(mutation, not_measured=run.problem)
    if failing.issuperset(exercise.all_tests):
        said = next(said for node, said in run.failing if node in exercise.all_tests)
        return replace(mutation, not_measured=f"{_TESTS_FAIL}: {said}")
    untried = any(each.status is MutantStatus.UNTRIED for each in results)
    return replace(mutation, not_measured=_NOT_REACHED if untried else _NO_MUTANTS)
