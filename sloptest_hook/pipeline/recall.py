"""What is remembered of symbols, as far as it is still true: loaded at every commit with Python."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePosixPath

from sloptest_hook.coverage.anchors import anchors
from sloptest_hook.coverage.bodies import bodies
from sloptest_hook.coverage.memory import Placed, coverage_of, fits, telling_shares
from sloptest_hook.coverage.verdict import judge
from sloptest_hook.values.coverage import CoverageVerdict, FileCoverage
from sloptest_hook.values.facts import Fact, RecordedTest
from sloptest_hook.values.records import dataclass
from sloptest_hook.values.source import Symbol

TYPE_CHECKING = False  # typing itself costs 5 ms, which every commit would pay
if TYPE_CHECKING:
    from sloptest_hook.pipeline.ports import FactCache

BlobsOf = Callable[[Iterable[PurePosixPath]], Mapping[PurePosixPath, str]]
# Whether a recorded test is still what it was, for a fact on a symbol.
IsSound = Callable[[RecordedTest, Fact, Symbol], bool]

_MOST_OF_A_FACT = 20  # times the tests of a share


@dataclass(frozen=True, slots=True)
class Recalled:
    """The facts of one environment on symbols in this very version, and the tests behind them."""

    facts: Mapping[Symbol, Fact]
    tests: Mapping[int, RecordedTest]


def recall(
    symbols: Iterable[Symbol], cache: "FactCache", environment: str | None, *, tests_of_a_share: int
) -> Recalled:
    """Return what was seen of the symbols, with some tests of each share, the most telling first.

    A hub is executed by thousands of tests, of which a few prove as much. ``environment`` None:
    wherever it was seen.
    """
    found = cache.facts(symbols)
    facts = {
        symbol: fact
        for symbol, candidates in found.items()
        for fact in [each for each in candidates if environment in (None, each.environment)][:1]
    }
    ids = {test for fact in facts.values() for test in _promising(fact, tests_of_a_share)}
    return Recalled(facts, cache.tests(sorted(ids)) if ids else {})


def covered_by_unchanged(
    sources: Mapping[PurePosixPath, str],
    recalled: Recalled,
    blobs_of: BlobsOf,
    minimum: float,
) -> Mapping[Symbol, CoverageVerdict]:
    """Return the verdicts that rest on test files which are, byte for byte, what they were.

    Only COVERED in them can be believed: no test that stayed the same can prove that no *other*
    one covers a symbol by now. ``blobs_of`` is called once at most.
    """
    relied = {path for test in recalled.tests.values() for path in test.relies_on}
    present = blobs_of(sorted(relied)) if recalled.facts else {}

    def is_sound(test: RecordedTest, fact: Fact, symbol: Symbol) -> bool:
        moved = fact.path != symbol.path
        return not moved and all(present.get(path) == blob for path, blob in test.relies_on.items())

    found: dict[Symbol, CoverageVerdict] = {}
    for symbol, placed in placed_symbols(recalled.facts, sources).items():
        fact = recalled.facts[symbol]
        if fits(fact, placed):
            seen = remembered_coverage(placed, fact, recalled.tests, is_sound)
            found[symbol] = judge(
                symbol, placed.body, seen, minimum=minimum, evidence=fact.evidence
            )
    return found


def remembered_coverage(
    placed: Placed, fact: Fact, tests: Mapping[int, RecordedTest], is_sound: IsSound
) -> FileCoverage:
    """Return what the fact says of its symbol if only the sound tests count."""
    named = [each for share in fact.shares for each in share.tests if each in tests]
    nodes = {
        each: tests[each].node_id for each in named if is_sound(tests[each], fact, placed.symbol)
    }
    return coverage_of(placed, fact, nodes)


def placed_symbols(
    symbols: Iterable[Symbol], sources: Mapping[PurePosixPath, str]
) -> dict[Symbol, Placed]:
    """Return each symbol with its body and anchors in the text of its file."""
    by_path: dict[PurePosixPath, list[Symbol]] = {}
    for symbol in symbols:
        by_path.setdefault(symbol.path, []).append(symbol)
    found: dict[Symbol, Placed] = {}
    for path, here in by_path.items():
        code, places = bodies(sources[path], here), anchors(sources[path], here)
        found |= {symbol: Placed(symbol, code[symbol], places[symbol]) for symbol in here}
    return found


def _promising(fact: Fact, tests_of_a_share: int) -> Iterable[int]:
    ids = [test for share in telling_shares(fact) for test in share.tests[:tests_of_a_share]]
    return ids[: _MOST_OF_A_FACT * tests_of_a_share]
