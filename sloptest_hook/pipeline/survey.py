"""Which of the symbols in question the tests cover: measured wave by wave, else estimated."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from sloptest_hook.coverage.bodies import Body, bodies
from sloptest_hook.coverage.call_graph import call_graph
from sloptest_hook.coverage.combine import combine
from sloptest_hook.coverage.estimate import estimate
from sloptest_hook.coverage.selection import waves
from sloptest_hook.coverage.verdict import judge, never_executed
from sloptest_hook.pipeline.changes import InQuestion
from sloptest_hook.pipeline.tree import StagedTree, distances
from sloptest_hook.pipeline.workshop import PytestRunner
from sloptest_hook.values.coverage import CoverageStatus, CoverageVerdict, Evidence, FileCoverage
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.pytest_run import NodeResult, PytestRequest
from sloptest_hook.values.settings import Settings
from sloptest_hook.values.source import Symbol

_NOT_ALL_RAN = "the time for measuring ended before all that may cover the symbols had run"


@dataclass(frozen=True, slots=True)
class Survey:
    """A verdict on every symbol, what the existing tests did, and what went wrong.

    ``problem`` is one line when pytest did not come to its end; verdicts are estimates then.
    ``started`` is false when it did not even begin.
    """

    verdicts: Mapping[Symbol, CoverageVerdict] = field(default_factory=dict)
    coverage: tuple[FileCoverage, ...] = ()
    results: Mapping[str, NodeResult] = field(default_factory=dict)
    collection_errors: tuple[tuple[str, str], ...] = ()
    problem: str | None = None
    started: bool = True
    seconds: float = 0.0


def measure(
    symbols: Sequence[Symbol],
    question: InQuestion,
    tree: StagedTree,
    runner: PytestRunner,
    settings: Settings,
    deadline: Deadline,
) -> Survey:
    """Run the test files that can reach the symbols, the most promising first.

    A later wave runs only while some symbol is not yet seen as covered. What is not covered when
    the time is up, or when pytest came to grief, is an estimate and never a fact.
    """
    minimum = settings.minimum_coverage
    paths = tuple(sorted({symbol.path for symbol in symbols}))
    reach = distances(paths, tree)
    survey = Survey(judged(symbols, question.sources, (), minimum))
    for wave in waves(tree.test_files, reach, staged=question.staged_tests):
        if deadline.passed:
            survey = replace(survey, problem=_NOT_ALL_RAN)
            break
        run = runner.run(PytestRequest(tuple(map(str, wave)), trace=paths), deadline)
        coverage = (*survey.coverage, *run.coverage)
        survey = Survey(
            judged(symbols, question.sources, coverage, minimum),
            coverage,
            {**survey.results, **{result.node_id: result for result in run.results}},
            (*survey.collection_errors, *run.collection_errors),
            run.problem,
            run.started,
            survey.seconds + run.seconds,
        )
        if run.problem is not None:
            break
        if all(v.status is CoverageStatus.COVERED for v in survey.verdicts.values()):
            break
    unsound = survey.problem is not None or survey.collection_errors
    return replace(survey, verdicts=_as_estimates(survey.verdicts)) if unsound else survey


def estimated(symbols: Sequence[Symbol], question: InQuestion, tree: StagedTree) -> Survey:
    """Guess from the text of the test files, where pytest or coverage cannot run at all."""
    reach = distances(tuple(sorted({symbol.path for symbol in symbols})), tree)
    near = [path for path in tree.test_files if path in reach]
    between = [tree.sources[path] for path in sorted(reach) if path in tree.sources]
    graph = call_graph([*question.sources.values(), *between])
    names = graph.reached_from(tree.tests[path] for path in near)
    code = _bodies(symbols, question.sources)
    return Survey({symbol: estimate(symbol, code[symbol], names, near) for symbol in symbols})


def judged(
    symbols: Sequence[Symbol],
    sources: Mapping[PurePosixPath, str],
    coverage: Iterable[FileCoverage],
    minimum: float,
) -> Mapping[Symbol, CoverageVerdict]:
    """Return the verdict on each symbol that several runs together give.

    A verdict relies on the test files that execute the symbol.
    """
    seen = combine(coverage)
    return {
        symbol: _judge(symbol, body, seen.get(symbol.path), minimum)
        for symbol, body in _bodies(symbols, sources).items()
    }


def _judge(
    symbol: Symbol, body: Body, coverage: FileCoverage | None, minimum: float
) -> CoverageVerdict:
    if coverage is None:
        return never_executed(symbol, body)
    # That there is something to rely on tells `judge` that contexts were recorded.
    verdict = judge(symbol, body, coverage, minimum=minimum, relied_on=[symbol.path])
    files = sorted({test.partition("::")[0] for test in verdict.tests})
    return replace(verdict, relied_on=tuple(map(PurePosixPath, files)))


def _bodies(
    symbols: Sequence[Symbol], sources: Mapping[PurePosixPath, str]
) -> Mapping[Symbol, Body]:
    found: dict[Symbol, Body] = {}
    for path in sorted({symbol.path for symbol in symbols}):
        found |= bodies(sources[path], [symbol for symbol in symbols if symbol.path == path])
    return found


def _as_estimates(
    verdicts: Mapping[Symbol, CoverageVerdict],
) -> Mapping[Symbol, CoverageVerdict]:
    return {
        symbol: verdict
        if verdict.status is CoverageStatus.COVERED
        else replace(verdict, evidence=Evidence.ESTIMATED)
        for symbol, verdict in verdicts.items()
    }
