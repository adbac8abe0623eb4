"""Which tests need not run: what they do, and all that they execute, is what it was."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import PurePosixPath

from sloptest_hook.pipeline.memory import Memory
from sloptest_hook.symbols.extract import extract_symbols
from sloptest_hook.symbols.module_code import ModuleCode, code_fingerprints, code_key
from sloptest_hook.symbols.parsing import ParseFailure
from sloptest_hook.symbols.suite_names import suite_names
from sloptest_hook.values.facts import Share, key_of
from sloptest_hook.values.pytest_run import function_of
from sloptest_hook.values.source import Symbol

# So many tests of a symbol are known with all that they execute of it. Of more the harness may have
# noted only that they enter its code; ``running/harness/watched.py`` has the same number.
_KNOWN_IN_FULL = 8
# Characters of source: to read 40,000 lines takes half a second, which running tests may not take.
_MOST_TEXT = 1_500_000


def settled_tests(memory: Memory, symbols: Iterable[Symbol], code: ModuleCode) -> frozenset[str]:
    """Return the tests that would execute what is remembered of them, line by line.

    ``symbols`` and ``code`` are all of the project.
    """
    versions = list(symbols)
    suite = memory.cache.suite(memory.environment)
    current = _keys(versions, code)
    is_unchanged = memory.unchanged(test for test, _ in suite)
    settled = frozenset(
        test.node_id for test, uses in suite if uses <= current and is_unchanged(test)
    )
    return settled - _doubtful(memory, versions, settled)


def _doubtful(memory: Memory, symbols: Sequence[Symbol], settled: frozenset[str]) -> set[str]:
    """Return settled tests that may execute what only tests that must run are known for."""
    shares = [
        fact.shares
        for symbol, facts in memory.cache.facts(symbols).items()
        for fact in facts
        if fact.path == symbol.path and fact.environment == memory.environment
    ]
    hubs = [each for each in shares if sum(len(s.tests) for s in each) > _KNOWN_IN_FULL]
    known = memory.cache.tests({test for hub in hubs for share in hub for test in share.tests})
    is_unchanged = memory.unchanged(known.values())
    kept = {row for row, test in known.items() if test.node_id in settled and is_unchanged(test)}
    left = {row for row, test in known.items() if test.node_id not in settled}
    return {
        known[row].node_id
        for hub in hubs
        if not _executed(hub, left) <= _executed(hub, kept)
        for share in hub
        for row in kept.intersection(share.tests)
    }


def _executed(shares: Iterable[Share], tests: Collection[int]) -> set[object]:
    """Return the lines and branches that some of the tests are known for."""
    known = (each for each in shares if any(row in tests for row in each.tests))
    return {each for share in known for each in (*share.lines, *share.branches)}


def _keys(symbols: Iterable[Symbol], code: ModuleCode) -> set[bytes]:
    keys = {key_of(symbol) for symbol in symbols}
    return keys | {code.key(path) for path in code.fingerprints}


class Idle:
    """The tests that cannot execute some symbols: all that they execute is known, and is else.

    Nothing is known where the whole suite has never been measured, and of a tree so large that
    reading it takes longer than running tests.
    """

    def __init__(self, memory: Memory, symbols: Iterable[Symbol]) -> None:
        self.tests, others = _idle_and_others(memory, symbols)
        self._functions = {function_of(each) for each in self.tests}
        self._functions -= {function_of(each) for each in others}
        self._texts = memory.tree.tests
        table = dict(memory.tree.collected.table)
        self._is_plain = not {"python_functions", "python_classes"} & table.keys()

    def without(self, waves: Iterable[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
        """Return waves of paths and node ids without those in which every test is idle."""
        busy = (tuple(each for each in wave if not self._is_idle(each)) for wave in waves)
        return tuple(wave for wave in busy if wave)

    def _is_idle(self, selected: str) -> bool:
        if "::" in selected or not self.tests:
            return selected in self.tests
        if not self._is_plain:
            return False
        names = suite_names(self._texts.get(PurePosixPath(selected), "")) or ()
        return bool(names) and all(f"{selected}::{name}" in self._functions for name in names)


def _idle_and_others(
    memory: Memory, symbols: Iterable[Symbol]
) -> tuple[frozenset[str], frozenset[str]]:
    """Return the node ids of idle tests, and of those that are not."""
    suite = memory.cache.suite(memory.environment)
    current = _current(memory) if suite else None
    if current is None:
        return frozenset(), frozenset()
    asked = {key_of(symbol) for symbol in symbols}
    is_unchanged = memory.unchanged(test for test, _ in suite)
    ways: dict[str, list[frozenset[bytes]]] = {}
    for test, uses in suite:
        found = ways.setdefault(test.node_id, [])
        if uses <= current and is_unchanged(test):
            found.append(uses)
    idle = {n for n, found in ways.items() if found and all(map(asked.isdisjoint, found))}
    return frozenset(idle), frozenset(ways.keys() - idle)


def _current(memory: Memory) -> frozenset[bytes] | None:
    """Return the keys of all that is in the sources now, None where reading them takes too long."""
    sources = memory.tree.sources
    known = memory.cache.keys_of(memory.blobs_of(sorted(sources)))
    unknown = {path: text for path, text in sources.items() if path not in known}
    if sum(map(len, unknown.values())) > _MOST_TEXT:
        return None
    code = code_fingerprints(unknown, sources.values())
    return frozenset().union(
        *known.values(),
        map(key_of, _all_symbols(unknown)),
        (code_key(path, fingerprint) for path, fingerprint in code.items()),
    )


def _all_symbols(sources: Mapping[PurePosixPath, str]) -> Iterable[Symbol]:
    for path, text in sources.items():
        found = extract_symbols(path, text)
        if not isinstance(found, ParseFailure):
            yield from found
