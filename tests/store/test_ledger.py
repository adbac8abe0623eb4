"""The ledger adds up, for two worktrees at once, and keeps what a killed run had set aside."""

import subprocess
import sys
from pathlib import Path

import pytest

from sloptest_hook.store.ledger import Ledger
from sloptest_hook.values.usage import Usage

DAY = "2026-01-31"
USAGE = Usage(1, 100, 40, 10, 20)


def pay(ledger: Ledger, usd: float | None, *, run: str = "a", day: str = DAY) -> None:
    with ledger.spending(run, day) as spending:
        number = spending.set_aside("openai", "m", usd)
    with ledger.spending(run, day) as spending:
        spending.settle(number, USAGE, usd)


def test_sums_are_by_run_and_by_day(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    pay(ledger, 0.5)
    pay(ledger, 0.25, run="b")
    pay(ledger, 4.0, run="c", day="2026-01-30")
    with ledger.spending("a", DAY) as spending:
        assert (spending.in_run(), spending.in_day()) == (0.5, 0.75)


def test_what_is_set_aside_counts_until_it_is_settled(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    with ledger.spending("a", DAY) as spending:
        number = spending.set_aside("openai", "m", 0.5)
    with ledger.spending("b", DAY) as spending:
        assert spending.in_day() == 0.5
        spending.settle(number, USAGE, 0.1)
        assert spending.in_day() == 0.1


def test_lines_are_by_day_provider_and_model(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    pay(ledger, 0.5)
    pay(ledger, 0.25)
    pay(ledger, 1.0, day="2026-02-01")
    first, second = ledger.lines()
    assert (first.day, second.day) == ("2026-02-01", DAY)
    assert (second.engine, second.model, second.usd) == ("openai", "m", 0.75)
    assert second.usage == Usage(2, 200, 80, 20, 40)


def test_a_price_that_is_not_known_makes_a_line_unknown(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    pay(ledger, 0.5)
    pay(ledger, None)
    (line,) = ledger.lines()
    assert line.usd is None


def test_nothing_is_made_by_looking(tmp_path: Path) -> None:
    assert Ledger(tmp_path).lines() == []
    assert list(tmp_path.iterdir()) == []


def test_what_failed_halfway_is_not_written(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)

    def fail() -> None:
        with ledger.spending("a", DAY) as spending:
            spending.set_aside("openai", "m", 0.5)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with ledger.spending("a", DAY) as spending:
        assert spending.in_day() == 0.0


@pytest.mark.parametrize("content", [b"no database", b"SQLite format 3\x00broken"])
def test_a_broken_ledger_lets_nothing_be_spent(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "sloptest").mkdir()
    (tmp_path / "sloptest" / "ledger.db").write_bytes(content)
    with (
        pytest.raises(OSError, match="the ledger cannot be used"),
        Ledger(tmp_path).spending("a", DAY),
    ):
        pass


SPENDER = """
import sys
from pathlib import Path
from sloptest_hook.cost import Limits, limit_reached
from sloptest_hook.store.ledger import Ledger
ledger = Ledger(Path(sys.argv[1]))
for _ in range(40):
    with ledger.spending(sys.argv[2], "2026-01-31") as spending:
        sums = {"in_run": 0.0, "in_day": spending.in_day()}
        if limit_reached(1.0, limits=Limits(1000.0, 50.0), **sums) is None:
            spending.set_aside("openai", "m", 1.0)
"""


def test_two_worktrees_never_spend_the_same_dollar(tmp_path: Path) -> None:
    runs = [subprocess.Popen((sys.executable, "-c", SPENDER, str(tmp_path), name)) for name in "ab"]
    assert [run.wait(60) for run in runs] == [0, 0]
    with Ledger(tmp_path).spending("c", DAY) as spending:
        assert spending.in_day() == 50.0
