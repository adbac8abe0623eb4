"""Facts that are made from numbers, so that what is read back can be known beforehand."""

import random
from pathlib import PurePosixPath

from sloptest_hook.values.facts import Fact, Measured, RecordedTest, Share, key_of
from sloptest_hook.values.source import LineRange, Symbol, SymbolKind

ENVIRONMENT = "cpython 3.12"


def symbol(number: int, version: int = 0) -> Symbol:
    return Symbol(
        PurePosixPath(f"pkg/module{number // 50}.py"),
        f"function_{number}",
        SymbolKind.FUNCTION,
        LineRange(1, 9),
        f"{number * 1_000_003 + version:032x}",
    )


def recorded(number: int) -> RecordedTest:
    path = PurePosixPath(f"tests/test_{number // 20}.py")
    return RecordedTest(
        f"{path}::test_{number}",
        f"{number:032x}",
        {"pkg.module0": f"{number + 1:032x}"},
        {path: f"{number // 20:040x}", PurePosixPath("tests/conftest.py"): None},
        number / 1000,
    )


def fact(of: Symbol, tests: int, most: int = 6) -> Fact:
    """Return the fact on a symbol that its number alone decides; positions are below ``tests``."""
    chance = random.Random(of.fingerprint)
    anchors = chance.randrange(4, 25)
    executable = frozenset(range(1, anchors))
    branches = frozenset((at, chance.randrange(-1, anchors)) for at in range(1, anchors, 3))
    shares = {}
    for _ in range(chance.randrange(1, most)):
        lines = frozenset(chance.sample(range(1, anchors), chance.randrange(1, anchors - 1)))
        taken = frozenset(branch for branch in branches if branch[0] in lines)
        named = chance.sample(range(tests), min(tests, chance.randrange(1, 10)))
        shares[lines, taken] = tuple(sorted(named))
    return Fact(
        of.path,
        "pkg.module",
        of.qualname,
        of.fingerprint,
        ENVIRONMENT,
        anchors,
        executable,
        branches,
        tuple(Share(named, lines, taken) for (lines, taken), named in shares.items()),
    )


def measured(facts: list[Fact], tests: list[RecordedTest], *, whole: bool = False) -> Measured:
    uses: dict[int, frozenset[bytes]] = {}
    if whole:
        for position in range(len(tests)):
            uses[position] = frozenset(
                key_of(each)
                for each in facts
                if any(position in share.tests for share in each.shares)
            )
    return Measured(ENVIRONMENT, tuple(tests), tuple(facts), uses)


def by_node(found: Fact, nodes: dict[int, str]) -> set[tuple[str, frozenset[int], object]]:
    """Return the shares of a fact with node ids in place of numbers."""
    return {
        (nodes[test], share.lines, share.branches) for share in found.shares for test in share.tests
    }
