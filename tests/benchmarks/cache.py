"""What it costs to ask the cache, at 1,000 and at 500,000 symbol versions, and what it weighs.

    python tests/benchmarks/cache.py [SYMBOLS] [VERSIONS]

Facts are made as real ones are: most executed by a few tests, one in fifty a hub that thousands
execute. Printed are the milliseconds to open the cache and answer 20 symbols with the tests that
prove them, as minimum and median over fresh stores, the ratio, and bytes a symbol version.
"""

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from sloptest_hook.coverage.memory import telling_shares
from sloptest_hook.store.store import FactStore
from sloptest_hook.values.facts import Fact, Measured, RecordedTest, Share
from sloptest_hook.values.source import LineRange, Symbol, SymbolKind

TESTS = 5_000
ASKED = 20
ROUNDS = 40
BATCH = 5_000


def symbol(number: int, version: int) -> Symbol:
    path = PurePosixPath(f"src/package{number // 2000}/module{number // 40}.py")
    return Symbol(
        path,
        f"Class{number // 8}.method_{number}",
        SymbolKind.METHOD,
        LineRange(1, 9),
        f"{number:016x}{version:016x}",
    )


def recorded(number: int) -> RecordedTest:
    path = PurePosixPath(f"tests/package{number // 500}/test_module{number // 25}.py")
    return RecordedTest(
        f"{path}::TestThings::test_number_{number}",
        f"{number:032x}",
        {f"package{number // 500}.module{number // 25}": f"{number + 1:032x}"},
        {path: f"{number // 25:040x}", PurePosixPath("tests/conftest.py"): f"{7:040x}"},
        0.01,
    )


def fact(of: Symbol, number: int, chance: random.Random) -> Fact:
    anchors = chance.randrange(3, 40)
    branches = frozenset((at, at + 1) for at in range(1, anchors - 1, 4))
    is_hub = number % 50 == 0
    shares = []
    for _ in range(chance.randrange(1, 6)):
        lines = frozenset(chance.sample(range(1, anchors), chance.randrange(1, anchors)))
        taken = frozenset(branch for branch in branches if branch[0] in lines)
        first = chance.randrange(TESTS - 200)
        near = sorted(chance.sample(range(first, first + 200), chance.randrange(1, 40)))
        shares.append(Share(tuple(range(TESTS)) if is_hub else tuple(near), lines, taken))
    return Fact(
        of.path,
        "package.module",
        of.qualname,
        of.fingerprint,
        "e",
        anchors,
        frozenset(range(1, anchors)),
        branches,
        tuple(shares),
    )


def batches(symbols: int, versions: int) -> Iterator[list[Fact]]:
    chance = random.Random(1)
    found: list[Fact] = []
    for version in range(versions):
        for number in range(symbols):
            found.append(fact(symbol(number, version), number, chance))
            if len(found) == BATCH:
                yield found
                found = []
    yield found


def filled(place: Path, symbols: int, versions: int) -> float:
    """Fill a cache; returns bytes a symbol version."""
    tests = tuple(map(recorded, range(TESTS)))
    for facts in batches(symbols, versions):
        FactStore(place).record(Measured("e", tests, tuple(facts), {}), "witness")
    size = FactStore(place).size()
    return size.bytes / size.symbol_versions


def asked(place: Path, symbols: int) -> list[float]:
    """Return the milliseconds of each round: environment, facts, the tests that prove them."""
    chance = random.Random(2)
    times = []
    for _ in range(ROUNDS):
        some = [symbol(chance.randrange(symbols), 0) for _ in range(ASKED)]
        started = time.perf_counter()
        store = FactStore(place)
        store.environment_of("witness")
        facts = store.facts(some)
        ids = {
            test
            for found in facts.values()
            for share in telling_shares(found[0])
            for test in share.tests[:1]
        }
        tests = store.tests(ids)
        times.append((time.perf_counter() - started) * 1000)
        if len(facts) < len(set(some)) or not tests:
            sys.exit("the cache does not answer")
    return times


def main() -> None:
    symbols = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    versions = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    with tempfile.TemporaryDirectory() as small, tempfile.TemporaryDirectory() as large:
        filled(Path(small), 1_000, 1)
        weight = filled(Path(large), symbols, versions)
        few, many = asked(Path(small), 1_000), asked(Path(large), symbols)
    for name, times in (("1,000 versions", few), (f"{symbols * versions:,} versions", many)):
        print(
            f"{name:<20} {min(times):6.2f} ms at least,"
            f" {statistics.median(times):6.2f} in the median"
        )
    ratio = statistics.median(many) / statistics.median(few)
    print(f"ratio of medians {ratio:.2f}; {weight:.0f} bytes a symbol version")


if __name__ == "__main__":
    main()
