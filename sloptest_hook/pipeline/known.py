"""What can be said of the staged symbols without running anything."""

from collections.abc import Iterable

from sloptest_hook.pipeline.changes import InQuestion, symbols_in_question
from sloptest_hook.pipeline.edges import Edges
from sloptest_hook.pipeline.recall import covered_by_unchanged, recall
from sloptest_hook.pipeline.reports import covered_report, skipped_report
from sloptest_hook.values.coverage import CoverageStatus
from sloptest_hook.values.outcome import SymbolReport
from sloptest_hook.values.settings import Settings
from sloptest_hook.values.source import StagedDiff, Symbol


def settle(
    diff: StagedDiff, edges: Edges, settings: Settings
) -> tuple[InQuestion, list[SymbolReport]]:
    """Return the symbols in question, and a report on those that are settled already.

    Settled is what gets no tests by rule, and what was measured as covered in this very version,
    in this environment, by tests whose files have not changed since.
    """
    question = symbols_in_question(diff, settings, edges.today)
    settled = [skipped_report(each) for each in question.skipped]
    if not question.symbols:
        return question, settled
    cache = edges.open_cache()
    environment = cache.environment_of(edges.witness())
    if environment is None:
        return question, settled
    recalled = recall(question.symbols, cache, environment, tests_of_a_share=1)
    known = covered_by_unchanged(
        question.sources, recalled, edges.repo.blobs_of, settings.minimum_coverage
    )
    covered = [each for each in known.values() if each.status is CoverageStatus.COVERED]
    return question, [*map(covered_report, covered), *settled]


def unsettled(question: InQuestion, settled: Iterable[SymbolReport]) -> tuple[Symbol, ...]:
    """Return the symbols in question that no report speaks of."""
    known = {report.symbol for report in settled}
    return tuple(symbol for symbol in question.symbols if symbol not in known)
