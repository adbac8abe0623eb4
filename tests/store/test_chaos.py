from pathlib import Path

from tests.store.chaos import run


def test_writers_that_are_killed_leave_no_wrong_fact(tmp_path: Path) -> None:
    assert run(tmp_path, rounds=3, seed=1) == []
