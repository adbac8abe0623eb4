"""Which lines of a symbol each test executes, as it is remembered."""

from collections.abc import Collection, Mapping
from pathlib import PurePosixPath

from sloptest_hook.coverage.memory import fits
from sloptest_hook.pipeline.ports import FactCache, StagedRepo
from sloptest_hook.pipeline.recall import placed_symbols, recall, remembered_coverage
from sloptest_hook.symbols.extract import extract_symbols
from sloptest_hook.symbols.parsing import ParseFailure
from sloptest_hook.values.source import Symbol

Names = Collection[tuple[PurePosixPath, str]]  # path and qualname
_TESTS_OF_A_SHARE = 20


def lines_by_test(
    names: Names, repo: StagedRepo, cache: FactCache
) -> Mapping[tuple[str, str], tuple[int, ...]]:
    """Return lines of the staged files by symbol (``path::qualname``) and node id.

    All rows of a parametrised test are one. Of symbols that have changed since they were measured
    there is nothing.
    """
    changes = repo.whole_files(sorted({path for path, _ in names})).changes
    sources = {change.path: change.text for change in changes}
    symbols = [
        symbol
        for path, text in sources.items()
        for symbol in _symbols(path, text)
        if (path, symbol.qualname) in names
    ]
    recalled = recall(symbols, cache, None, tests_of_a_share=_TESTS_OF_A_SHARE)
    found: dict[tuple[str, str], set[int]] = {}
    for symbol, placed in placed_symbols(recalled.facts, sources).items():
        fact = recalled.facts[symbol]
        if fits(fact, placed):
            seen = remembered_coverage(placed, fact, recalled.tests, lambda *_: True)
            for line, node_ids in seen.tests.items():
                for node_id in node_ids:
                    key = str(symbol), node_id.partition("[")[0]
                    found.setdefault(key, set()).add(line)
    return {key: tuple(sorted(each)) for key, each in found.items()}


def _symbols(path: PurePosixPath, text: str) -> tuple[Symbol, ...]:
    found = extract_symbols(path, text)
    return () if isinstance(found, ParseFailure) else found
