"""One run at a time works in the room, and finds it swept."""

import time
from pathlib import Path

import pytest

from sloptest_hook.errors import GitError
from sloptest_hook.git.room import Room
from sloptest_hook.values.deadline import Deadline


def within(seconds: float) -> Deadline:
    return Deadline(time.monotonic() + seconds, time.monotonic)


def test_what_a_killed_run_has_left_half_done_is_removed_and_nothing_else(tmp_path: Path) -> None:
    room = tmp_path / "sloptest"
    (room / "snapshot").mkdir(parents=True)
    unfinished = (
        "draft-12.index",
        "draft-12.index.lock",
        "draft-12.written.json",
        "commit.index",
        "reduced.index",
        "snapshot.index.lock",
        "report.json.12",
    )
    kept = ("cache.db", "draft-12", "draft.py", "report.json", "snapshot.index", "written.json")
    for name in (*unfinished, *kept):
        (room / name).touch()

    Room(tmp_path).enter(within(5))

    assert {each.name for each in room.iterdir()} == {*kept, "snapshot", "lock"}


def test_the_second_waits_and_then_says_what_it_waited_for(tmp_path: Path) -> None:
    first, second = Room(tmp_path), Room(tmp_path)
    first.enter(within(5))

    with pytest.raises(GitError, match=r"another run of sloptest .*sloptest/lock"):
        second.enter(within(0.1))
    first.leave()
    second.enter(within(5))


def test_a_room_that_is_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "sloptest").symlink_to("elsewhere")

    with pytest.raises(GitError, match="is a symbolic link"):
        Room(tmp_path).enter(within(5))
