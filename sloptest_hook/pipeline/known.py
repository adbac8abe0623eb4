"""What can be said of the staged symbols without running anything."""

from sloptest_hook.pipeline.changes import InQuestion, symbols_in_question
from sloptest_hook.pipeline.edges import Edges
from sloptest_hook.pipeline.reports import covered_report, skipped_report
from sloptest_hook.values.coverage import CoverageStatus
from sloptest_hook.values.outcome import SymbolReport
from sloptest_hook.values.settings import Settings
from sloptest_hook.values.source import StagedDiff


def settle(
    diff: StagedDiff, edges: Edges, settings: Settings
) -> tuple[InQuestion, list[SymbolReport]]:
    """Return the symbols in question, and a report on those that are settled already.

    Settled is what gets no tests by rule, and what was measured as covered in this very version by
    test files that have not changed since.
    """
    question = symbols_in_question(diff, settings)
    known = edges.open_cache().known(question.symbols, edges.repo.blobs_of)
    covered = [each for each in known.values() if each.status is CoverageStatus.COVERED]
    return question, [*map(covered_report, covered), *map(skipped_report, question.skipped)]
