from dataclasses import replace
from pathlib import PurePosixPath

from sloptest_hook.coverage.anchors import anchors
from sloptest_hook.coverage.bodies import bodies
from sloptest_hook.coverage.combine import combine
from sloptest_hook.coverage.memory import Placed, coverage_of, fact_of, fits, telling_shares
from sloptest_hook.coverage.verdict import judge
from sloptest_hook.symbols.extract import extract_symbols
from sloptest_hook.values.coverage import CoverageStatus, FileCoverage
from sloptest_hook.values.facts import Fact, Share

PATH = PurePosixPath("shop/cart.py")
TEXT = """\
def total(prices):
    if not prices:
        return 0
    return sum(prices)
"""
LATER = """\
import math


def total(
    prices,
):
    '''Add them.'''

    if not prices:
        # nothing
        return 0
    return sum(prices)
"""


def placed(text: str) -> Placed:
    symbols = extract_symbols(PATH, text)
    assert isinstance(symbols, tuple)
    (symbol,) = symbols
    return Placed(symbol, bodies(text, symbols)[symbol], anchors(text, symbols)[symbol])


def seen() -> FileCoverage:
    """Return a run in which ``a`` takes the first way and ``b`` the second."""
    return FileCoverage(
        PATH,
        frozenset({1, 2, 3, 4}),
        frozenset(),
        frozenset({(2, 3), (2, 4)}),
        frozenset(),
        {2: ("a", "b"), 3: ("a",), 4: ("b",)},
        {(2, 3): ("a",), (2, 4): ("b",)},
    )


def fact(coverage: FileCoverage | None = None) -> Fact:
    made = fact_of(placed(TEXT), coverage or seen(), {"a": 0, "b": 1}, module="m", environment="e")
    assert made is not None
    return made


def test_a_fact_speaks_of_anchors_and_not_of_lines() -> None:
    made = fact()

    assert made.executable == {1, 2, 3}
    assert made.branches == {(1, 2), (1, 3)}
    assert made.shares == (
        Share((0,), frozenset({1, 2}), frozenset({(1, 2)})),
        Share((1,), frozenset({1, 3}), frozenset({(1, 3)})),
    )


def test_a_fact_is_remembered_on_the_lines_where_the_symbol_stands_now() -> None:
    now = placed(LATER)
    assert now.symbol.fingerprint == placed(TEXT).symbol.fingerprint

    found = coverage_of(now, fact(), {0: "a", 1: "b"})

    assert found.executable == {9, 11, 12}
    assert found.missing == set()
    assert found.tests == {9: ("a", "b"), 11: ("a",), 12: ("b",)}
    assert found.branch_tests == {(9, 11): ("a",), (9, 12): ("b",)}


def test_what_a_run_saw_and_what_is_remembered_of_it_get_the_same_verdict() -> None:
    here = placed(TEXT)
    measured = judge(here.symbol, here.body, seen(), minimum=80)
    remembered = coverage_of(here, fact(), {0: "a", 1: "b"})

    assert judge(here.symbol, here.body, remembered, minimum=80) == measured
    assert measured.status is CoverageStatus.COVERED


def test_only_what_a_changed_test_executed_is_lost_with_it() -> None:
    here = placed(TEXT)
    remembered = coverage_of(here, fact(), {1: "b"})

    verdict = judge(here.symbol, here.body, remembered, minimum=80)

    assert verdict.status is CoverageStatus.PARTIAL
    assert verdict.missing_lines == {3}
    assert verdict.missing_branches == {(2, 3)}


def test_a_new_run_completes_what_is_remembered() -> None:
    here = placed(TEXT)
    remembered = coverage_of(here, fact(), {1: "b"})
    run = replace(
        seen(),
        missing=frozenset({4}),
        executed_branches=frozenset({(2, 3)}),
        missing_branches=frozenset({(2, 4)}),
        tests={2: ("c",), 3: ("c",)},
        branch_tests={(2, 3): ("c",)},
    )

    both = combine([remembered, run])[PATH]

    verdict = judge(here.symbol, here.body, both, minimum=100)
    assert verdict.status is CoverageStatus.COVERED
    assert verdict.tests == ("b", "c")


def test_a_branch_out_of_the_function_is_kept() -> None:
    text = "def f(a):\n    if a:\n        print(a)\n"
    coverage = FileCoverage(
        PATH,
        frozenset({1, 2, 3}),
        frozenset(),
        frozenset({(2, 3), (2, -1)}),
        frozenset(),
        {2: ("a",), 3: ("a",)},
        {(2, 3): ("a",), (2, -1): ("a",)},
    )
    here = placed(text)
    made = fact_of(here, coverage, {"a": 0}, module="m", environment="e")
    assert made is not None

    assert made.branches == {(1, 2), (1, -1)}
    assert coverage_of(here, made, {0: "a"}).executed_branches == {(2, 3), (2, -1)}


def test_a_line_without_an_anchor_makes_no_fact() -> None:
    here = placed(TEXT)
    odd = replace(here, anchors=here.anchors[:-1])

    assert fact_of(odd, seen(), {"a": 0}, module="m", environment="e") is None


def test_a_fact_on_other_anchors_does_not_fit() -> None:
    assert fits(fact(), placed(TEXT))
    assert not fits(replace(fact(), anchors=3), placed(TEXT))


def test_the_shares_that_say_most_come_first() -> None:
    one, two, little = (
        Share((0,), frozenset({1, 2}), frozenset()),
        Share((1,), frozenset({1, 2, 3}), frozenset({(1, 2)})),
        Share((2,), frozenset({4}), frozenset()),
    )

    assert telling_shares(replace(fact(), shares=(one, two, little))) == [two, little, one]
