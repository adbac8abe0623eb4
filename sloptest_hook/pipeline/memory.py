"""What is remembered of symbols and tests, held against the staged tree, and added to."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import PurePosixPath

from sloptest_hook.coverage.memory import fact_of, fits, telling_shares
from sloptest_hook.errors import GitError
from sloptest_hook.pipeline.edges import Edges
from sloptest_hook.pipeline.ports import FactCache
from sloptest_hook.pipeline.recall import (
    BlobsOf,
    placed_symbols,
    recall,
    remembered_coverage,
)
from sloptest_hook.pipeline.tree import StagedTree
from sloptest_hook.symbols.closures import Closures
from sloptest_hook.symbols.extract import extract_symbols
from sloptest_hook.symbols.module_code import MODULE_CODE, ModuleCode
from sloptest_hook.symbols.modules import import_root, module_name
from sloptest_hook.symbols.parsing import ParseFailure
from sloptest_hook.values.coverage import Evidence, FileCoverage
from sloptest_hook.values.facts import Fact, Measured, RecordedTest, key_of
from sloptest_hook.values.pytest_run import NodeOutcome, NodeResult, ProjectPython
from sloptest_hook.values.records import dataclass, replace
from sloptest_hook.values.settings import RunnerSettings
from sloptest_hook.values.source import Symbol

_TESTS_OF_A_SHARE = 3


@dataclass(frozen=True, slots=True)
class Memory:
    """The cache as one staged tree sees it.

    ``modules`` names the module of each source file. Closures are those of the tree's tests.
    """

    cache: FactCache
    environment: str
    tree: StagedTree
    closures: Closures
    modules: Mapping[PurePosixPath, str]
    blobs_of: BlobsOf
    witness: Callable[[], str]

    def coverage(
        self,
        symbols: Sequence[Symbol],
        sources: Mapping[PurePosixPath, str],
        *,
        tests_of_a_share: int = _TESTS_OF_A_SHARE,
        only: Collection[str] | None = None,
    ) -> Mapping[Symbol, FileCoverage]:
        """Return what tests that mean what they meant executed of each symbol, as if run now.

        However they and the symbols are written now. Each coverage speaks of its symbol's lines
        alone; a symbol of which nothing is remembered has none. ``only`` are node ids, None: all
        count.
        """
        recalled = recall(symbols, self.cache, self.environment, tests_of_a_share=tests_of_a_share)
        placed = placed_symbols(recalled.facts, sources)

        def is_sound(test: RecordedTest, fact: Fact, symbol: Symbol) -> bool:
            return (only is None or test.node_id in only) and self._is_sound(test, fact, symbol)

        return {
            symbol: remembered_coverage(placed[symbol], fact, recalled.tests, is_sound)
            for symbol, fact in recalled.facts.items()
            if fits(fact, placed[symbol])
        }

    def stale(
        self, symbols: Sequence[Symbol], sources: Mapping[PurePosixPath, str]
    ) -> Mapping[Symbol, FileCoverage]:
        """Return what was once executed of the symbols, by tests that may mean otherwise by now.

        Or in another environment; in any case of the symbols in this very version.
        """
        recalled = recall(symbols, self.cache, None, tests_of_a_share=_TESTS_OF_A_SHARE)
        placed = placed_symbols(recalled.facts, sources)
        return {
            symbol: remembered_coverage(
                placed[symbol], fact, recalled.tests, lambda _test, fact, s: fact.path == s.path
            )
            for symbol, fact in recalled.facts.items()
            if fits(fact, placed[symbol])
        }

    def unchanged(self, tests: Iterable[RecordedTest]) -> Callable[[RecordedTest], bool]:
        """Return what says of these tests whether they mean what they meant when they ran.

        One whose files are what they were, byte for byte, does, and nothing need be parsed.
        """
        relied = {path for test in tests for path in test.relies_on}
        present = self.blobs_of(sorted(relied)) if relied else {}

        def is_unchanged(test: RecordedTest) -> bool:
            same = all(present.get(path) == blob for path, blob in test.relies_on.items())
            return same or self._is_unchanged(test)

        return is_unchanged

    def _is_unchanged(self, test: RecordedTest) -> bool:
        closure = self.closures.of(test.node_id)
        return closure is not None and closure.fingerprint == test.fingerprint

    def promising(self, symbols: Iterable[Symbol]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the tests that executed one of these versions, in whatever environment.

        First the few that executed all that was ever executed of them, the quickest of their kind,
        then the others. Only tests of files that the tree has are named: a cache may come from
        anywhere.
        """
        found = self.cache.facts(symbols)
        shares = [share for facts in found.values() for share in telling_shares(facts[0])]
        known = self.cache.tests({test for share in shares for test in share.tests})
        files = {str(path) for path in self.tree.test_files}
        tests = {row: t for row, t in known.items() if t.node_id.partition("::")[0] in files}
        first: dict[str, None] = {}
        others: dict[str, None] = {}
        for share in shares:
            quick = sorted((t for t in share.tests if t in tests), key=lambda t: tests[t].seconds)
            first |= dict.fromkeys(tests[each].node_id for each in quick[:1])
            others |= dict.fromkeys(tests[each].node_id for each in quick[1:])
        return tuple(first), tuple(each for each in others if each not in first)

    def _is_sound(self, test: RecordedTest, fact: Fact, symbol: Symbol) -> bool:
        if fact.path == symbol.path:
            return self._is_unchanged(test)
        closure = self.closures.of(test.node_id)
        # A copy is another symbol; a file that was renamed is named otherwise by its tests too.
        if closure is None or fact.path in self.tree.files:
            return False
        now = closure.without.get(self.modules.get(symbol.path, ""), closure.fingerprint)
        return now == test.without.get(fact.module, test.fingerprint)


def memory_of(
    tree: StagedTree,
    edges: Edges,
    python: ProjectPython,
    runner: RunnerSettings,
    sources: Iterable[PurePosixPath],
) -> Memory:
    """Return the cache as this tree sees it; ``sources`` are the files in question."""
    names = {path: module_name(path, import_root(tree.files, path)) for path in sources}
    return Memory(
        edges.open_cache(),
        _environment(python, runner, tree.collected.table),
        tree,
        Closures(tree.tests, tree.files),
        {path: name for path, name in names.items() if isinstance(name, str)},
        edges.repo.blobs_of,
        edges.witness,
    )


def _environment(
    python: ProjectPython, runner: RunnerSettings, table: Sequence[tuple[str, str]]
) -> str:
    """Return what stands for all beside the code that decides which lines the tests execute.

    ``table`` is pytest's table of the project's configuration.
    """
    parts = [python.environment]
    parts += [repr(runner)] if runner != RunnerSettings() else []
    parts += [f"{key}={value}" for key, value in table]
    return "\n".join(parts)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a run saw: the texts of the traced files, their coverage, what became of the tests."""

    sources: Mapping[PurePosixPath, str]
    coverage: Mapping[PurePosixPath, FileCoverage]
    results: Sequence[NodeResult]


def remember(
    memory: Memory,
    seen: Seen,
    *,
    whole: ModuleCode | None = None,
    evidence: Evidence = Evidence.MEASURED,
) -> None:
    """Keep what a run saw, of tests that passed and whose closure is known.

    ``whole`` is the module code of the project if every file of it was traced, so that it is known
    what else each test executes.
    """
    with suppress(GitError):  # what is forgotten is measured again
        tests = _recorded(memory, seen.results)
        positions = {test.node_id: position for position, test in enumerate(tests)}
        facts = tuple(_facts(memory, seen, positions, evidence))
        measured = Measured(memory.environment, tuple(tests), facts, {})
        if whole is not None:
            code = tuple(_code_facts(memory, whole))
            uses, files = _uses(facts, tests, whole), _files(memory, (*facts, *code))
            measured = replace(measured, facts=(*facts, *code), uses=uses, files=files)
        memory.cache.record(measured, memory.witness())


def _recorded(memory: Memory, results: Iterable[NodeResult]) -> list[RecordedTest]:
    passed = [each for each in results if each.outcome is NodeOutcome.PASSED]
    closures = {each.node_id: memory.closures.of(each.node_id) for each in passed}
    relied = {path for each in closures.values() if each for path in each.relies_on}
    blobs = memory.blobs_of(sorted(relied))
    return [
        RecordedTest(
            each.node_id,
            closure.fingerprint,
            closure.without,
            {path: blobs.get(path) for path in closure.relies_on},
            each.seconds,
        )
        for each in passed
        if (closure := closures[each.node_id]) is not None
    ]


def _facts(
    memory: Memory, seen: Seen, positions: Mapping[str, int], evidence: Evidence
) -> Iterable[Fact]:
    for path, coverage in seen.coverage.items():
        symbols = extract_symbols(path, seen.sources[path]) if path in seen.sources else ()
        if isinstance(symbols, ParseFailure):
            continue
        for each in placed_symbols(symbols, seen.sources).values():
            fact = fact_of(
                each,
                coverage,
                positions,
                module=memory.modules.get(path, ""),
                environment=memory.environment,
                evidence=evidence,
            )
            if fact is not None:
                yield fact


def _uses(
    facts: Iterable[Fact], tests: Sequence[RecordedTest], code: ModuleCode
) -> Mapping[int, frozenset[bytes]]:
    """Return what each test executes: symbols, and the module code behind them and its imports."""
    uses: dict[int, set[bytes]] = {position: set() for position in range(len(tests))}
    files: dict[int, set[PurePosixPath]] = {
        position: {path for name in test.without if (path := code.file_of(name)) is not None}
        for position, test in enumerate(tests)
    }
    for fact in facts:
        key = key_of(fact)
        for share in fact.shares:
            for position in share.tests:
                uses[position].add(key)
                files[position].add(fact.path)
    for position, paths in files.items():
        uses[position].update(code.key(path) for path in code.run_by(paths))
    return {position: frozenset(keys) for position, keys in uses.items()}


def _files(
    memory: Memory, facts: Iterable[Fact]
) -> Mapping[tuple[PurePosixPath, str], frozenset[bytes]]:
    found: dict[PurePosixPath, set[bytes]] = {}
    for fact in facts:
        key = key_of(fact)
        found.setdefault(fact.path, set()).add(key)
    blobs = memory.blobs_of(sorted(found))
    return {(path, blobs[path]): frozenset(keys) for path, keys in found.items() if path in blobs}


def _code_facts(memory: Memory, code: ModuleCode) -> Iterable[Fact]:
    """Yield module code as versions of a symbol that has no lines: it is there to be used."""
    nothing: frozenset[int] = frozenset()
    for path, fingerprint in code.fingerprints.items():
        module = memory.modules.get(path, "")
        named = path, module, MODULE_CODE, fingerprint, memory.environment
        yield Fact(*named, 0, nothing, frozenset(), ())
