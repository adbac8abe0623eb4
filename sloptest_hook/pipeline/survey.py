"""Which of the symbols in question the tests cover: remembered, measured, else estimated."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath

from sloptest_hook.coverage.bodies import Body, bodies
from sloptest_hook.coverage.call_graph import call_graph
from sloptest_hook.coverage.combine import combine
from sloptest_hook.coverage.estimate import estimate
from sloptest_hook.coverage.selection import Promising, nearest, waves
from sloptest_hook.coverage.verdict import judge, never_executed
from sloptest_hook.pipeline.changes import InQuestion
from sloptest_hook.pipeline.memory import Memory
from sloptest_hook.pipeline.settled import Idle
from sloptest_hook.pipeline.tree import StagedTree, importers
from sloptest_hook.pipeline.workshop import PytestRunner
from sloptest_hook.values.coverage import CoverageStatus, CoverageVerdict, Evidence, FileCoverage
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.pytest_run import Goal, NodeResult, PytestRequest
from sloptest_hook.values.records import dataclass, field, replace
from sloptest_hook.values.source import Symbol

_TO_REPLY = 1.0  # seconds, from the last test to the last line of the answer
_Reach = Mapping[PurePosixPath, Mapping[PurePosixPath, int]]  # steps of imports, by module
_NOT_ALL_RAN = "the time for measuring ended before all that may cover the symbols had run"


@dataclass(frozen=True, slots=True)
class Survey:
    """A verdict on every symbol, what the existing tests did, and what went wrong.

    ``coverage`` is what they executed now, ``remembered`` what they did earlier and would again, by
    symbol. ``problem`` is one line when pytest did not come to its end; verdicts are
    estimates then. ``started`` is false when it did not even begin, ``complete`` when tests of
    files that have results were left out. ``process_tests`` start processes, which nobody follows.
    """

    verdicts: Mapping[Symbol, CoverageVerdict] = field(default_factory=dict)
    coverage: tuple[FileCoverage, ...] = ()
    remembered: Mapping[Symbol, FileCoverage] = field(default_factory=dict)
    results: Mapping[str, NodeResult] = field(default_factory=dict)
    collection_errors: tuple[tuple[str, str], ...] = ()
    problem: str | None = None
    started: bool = True
    complete: bool = True
    seconds: float = 0.0
    process_tests: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Means:
    """What measuring may use: who runs, until when, and what is enough, in percent.

    ``whole`` are test files that run to their end whatever is covered.
    """

    runner: PytestRunner
    minimum: float
    deadline: Deadline
    whole: tuple[str, ...] = ()


def measure(
    symbols: Sequence[Symbol], question: InQuestion, memory: Memory, means: Means
) -> Survey:
    """Run the tests that can reach the symbols, the most promising first, until all are covered.

    What is remembered and still true is not run again. What is not covered when the time is up, or
    when pytest came to grief, is an estimate and never a fact.
    """
    minimum, sources = means.minimum, question.sources
    remembered = memory.coverage(symbols, sources)
    before = judged(symbols, sources, (), minimum, remembered=remembered)
    open_ones = [s for s, v in before.items() if v.status is not CoverageStatus.COVERED]
    reach = importers({symbol.path for symbol in open_ones}, memory.tree)
    left = _reachable(open_ones, reach, question, memory.tree)
    selected, idle = _selected(left, reach, question, memory)
    if not selected and not means.whole:
        return Survey(before, remembered=remembered)
    request = PytestRequest(
        (),
        trace=tuple(sorted({symbol.path for symbol in left})),
        waves=(means.whole, *selected) if means.whole else selected,
        to_end=1 if means.whole else 0,
        goals=tuple(_goals(left, sources, minimum)),
        soft_seconds=means.deadline.remaining - _TO_REPLY,
        without=frozenset(each for each in idle if each.partition("::")[0] not in means.whole),
    )
    run = means.runner.run(request, means.deadline)
    survey = Survey(
        judged(symbols, sources, run.coverage, minimum, remembered=remembered),
        run.coverage,
        remembered,
        {result.node_id: result for result in run.results},
        run.collection_errors,
        _NOT_ALL_RAN if run.out_of_time else run.problem,
        run.started,
        not (run.stopped_early or run.out_of_time or request.without),
        run.seconds,
        run.process_tests,
    )
    if survey.problem is None and not survey.collection_errors:
        return survey
    guesses = as_estimates(survey.verdicts)
    return replace(survey, verdicts=corrected(guesses, memory, sources, minimum))


def _selected(
    symbols: Sequence[Symbol], reach: _Reach, question: InQuestion, memory: Memory
) -> tuple[tuple[tuple[str, ...], ...], frozenset[str]]:
    """Return the waves that may say more of the symbols, and the tests in them that cannot."""
    selected = _waves(symbols, reach, question, memory) if symbols else ()
    if not selected:
        return (), frozenset()
    idle = Idle(memory, symbols)
    return idle.without(selected), idle.tests


def _reachable(
    symbols: Sequence[Symbol], reach: _Reach, question: InQuestion, tree: StagedTree
) -> list[Symbol]:
    """Leave out symbols of files that no test imports, over however many others.

    A test of the same commit may reach one by name.
    """
    tests = set(tree.test_files)
    return [each for each in symbols if tests & reach[each.path].keys() or question.staged_tests]


def _waves(
    symbols: Sequence[Symbol], reach: _Reach, question: InQuestion, memory: Memory
) -> tuple[tuple[str, ...], ...]:
    near = nearest(reach[path] for path in {symbol.path for symbol in symbols})
    # The same version may have been measured elsewhere, or by tests that have changed since.
    promising = Promising(*memory.promising([*symbols, *question.before]))
    return waves(memory.tree.test_files, near, staged=question.staged_tests, promising=promising)


def _goals(
    symbols: Sequence[Symbol], sources: Mapping[PurePosixPath, str], minimum: float
) -> Iterable[Goal]:
    for symbol, body in _bodies(symbols, sources).items():
        yield Goal(symbol.path, body.lines, minimum)


def estimated(
    symbols: Sequence[Symbol], question: InQuestion, memory: Memory, minimum: float
) -> Survey:
    """Guess from the text of the test files, where pytest or coverage cannot run at all."""
    tree = memory.tree
    reach = nearest(importers({symbol.path for symbol in symbols}, tree).values())
    near = [path for path in tree.test_files if path in reach]
    between = [tree.sources[path] for path in sorted(reach) if path in tree.sources]
    graph = call_graph([*question.sources.values(), *between])
    names = graph.reached_from(tree.tests[path] for path in near)
    code = _bodies(symbols, question.sources)
    guesses = {symbol: estimate(symbol, code[symbol], names, near) for symbol in symbols}
    return Survey(corrected(guesses, memory, question.sources, minimum))


def judged(
    symbols: Sequence[Symbol],
    sources: Mapping[PurePosixPath, str],
    coverage: Iterable[FileCoverage],
    minimum: float,
    *,
    remembered: Mapping[Symbol, FileCoverage] | None = None,
    evidence: Evidence = Evidence.MEASURED,
) -> Mapping[Symbol, CoverageVerdict]:
    """Return the verdict on each symbol that several runs together give.

    ``remembered`` adds what is known of single symbols.
    """
    seen = combine(coverage)
    known = remembered or {}
    return {
        symbol: _judge(symbol, body, _of(symbol, seen, known), minimum, evidence)
        for symbol, body in _bodies(symbols, sources).items()
    }


def _of(
    symbol: Symbol,
    seen: Mapping[PurePosixPath, FileCoverage],
    remembered: Mapping[Symbol, FileCoverage],
) -> FileCoverage | None:
    """Return all that is known of a symbol; what is remembered of one says nothing of another."""
    known = [each for each in (seen.get(symbol.path), remembered.get(symbol)) if each is not None]
    return combine(known).get(symbol.path)


def _judge(
    symbol: Symbol,
    body: Body,
    coverage: FileCoverage | None,
    minimum: float,
    evidence: Evidence,
) -> CoverageVerdict:
    if coverage is None:
        return never_executed(symbol, body, evidence=evidence)
    by_test = evidence is not Evidence.IMPORTED
    return judge(symbol, body, coverage, minimum=minimum, evidence=evidence, by_test=by_test)


def _bodies(
    symbols: Sequence[Symbol], sources: Mapping[PurePosixPath, str]
) -> Mapping[Symbol, Body]:
    by_path: dict[PurePosixPath, list[Symbol]] = {}
    for symbol in symbols:
        by_path.setdefault(symbol.path, []).append(symbol)
    found: dict[Symbol, Body] = {}
    for path, here in by_path.items():
        found |= bodies(sources[path], here)
    return found


def corrected(
    guesses: Mapping[Symbol, CoverageVerdict],
    memory: Memory,
    sources: Mapping[PurePosixPath, str],
    minimum: float,
) -> Mapping[Symbol, CoverageVerdict]:
    """Return the guesses, with what was once measured in place of those that it contradicts.

    A version that tests once covered is hardly uncovered; the other way round says little, for
    tests may have been added.
    """
    guessed = [s for s, verdict in guesses.items() if verdict.evidence is Evidence.ESTIMATED]
    once = memory.stale(guessed, sources)
    known = [symbol for symbol in guessed if symbol in once]
    then = judged(known, sources, (), minimum, remembered=once, evidence=Evidence.STALE)
    covered = {s: v for s, v in then.items() if v.status is CoverageStatus.COVERED}
    return {**guesses, **covered}


def as_estimates(
    verdicts: Mapping[Symbol, CoverageVerdict],
) -> Mapping[Symbol, CoverageVerdict]:
    """Return the verdicts after a run that did not come to its end: COVERED alone is a fact."""
    return {
        symbol: verdict
        if verdict.status is CoverageStatus.COVERED
        else replace(verdict, evidence=Evidence.ESTIMATED)
        for symbol, verdict in verdicts.items()
    }
