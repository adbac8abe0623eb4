import sqlite3
from pathlib import Path

import pytest

from sloptest_hook.store.history import History
from sloptest_hook.values.past_run import PastRun, PastSymbol


def a_run(run_id: str = "r1") -> PastRun:
    symbols = (
        PastSymbol("a.py", "f", "generated", "covers 1 of 1 lines", ("tests/test_a.py::test_f",)),
        PastSymbol("a.py", "g", "uncovered", "never returned"),
    )
    return PastRun(
        run_id,
        "2026-01-31T12:00:00Z",
        "hook",
        "warn",
        "offline",
        0,
        3.25,
        {"generated": 1, "uncovered": 1},
        symbols,
        ("pytest is missing",),
    )


def test_a_run_comes_back_as_it_was(tmp_path: Path) -> None:
    History(tmp_path).add(a_run())

    assert History(tmp_path).runs(10) == (a_run(),)


def test_the_newest_runs_come_first_and_the_oldest_are_forgotten(tmp_path: Path) -> None:
    history = History(tmp_path, most=3)
    for number in range(5):
        history.add(a_run(f"r{number}"))

    assert [run.run_id for run in history.runs(10)] == ["r4", "r3", "r2"]
    assert [run.run_id for run in history.runs(1)] == ["r4"]


def test_a_repository_without_a_cache_has_no_history_and_gets_no_file(tmp_path: Path) -> None:
    assert History(tmp_path).runs(10) == ()
    assert list(tmp_path.iterdir()) == []


def test_a_broken_cache_is_left_to_who_writes(tmp_path: Path) -> None:
    file = tmp_path / "sloptest" / "cache.db"
    file.parent.mkdir()
    file.write_bytes(b"no database")

    assert History(tmp_path).runs(10) == ()
    assert file.read_bytes() == b"no database"
    History(tmp_path).add(a_run())
    assert len(History(tmp_path).runs(10)) == 1


@pytest.mark.parametrize(
    "payload",
    ["", "[]", "{}", "[" * 20_000, '{"run_id": 3}', b"\xff", 7],
    ids=["empty", "list", "no keys", "deep", "wrong kind", "not text", "number"],
)
def test_a_row_of_somebody_else_is_left_out(tmp_path: Path, payload: object) -> None:
    History(tmp_path).add(a_run())
    with sqlite3.connect(tmp_path / "sloptest" / "cache.db") as database:
        database.execute("INSERT INTO runs (payload) VALUES (?)", (payload,))
    database.close()

    assert History(tmp_path).runs(10) == (a_run(),)


def test_what_is_cleared_is_gone(tmp_path: Path) -> None:
    History(tmp_path).add(a_run())
    History(tmp_path).clear()

    assert History(tmp_path).runs(10) == ()
