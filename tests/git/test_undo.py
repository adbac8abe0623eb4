"""The last run's tests are taken out where they are byte for byte what was written."""

import time
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import pytest

from sloptest_hook.errors import GitError, StagingError
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.git.room import Room
from sloptest_hook.git.staging import WorktreeStager
from sloptest_hook.git.undo import Undo, Undone
from sloptest_hook.values.candidate import MergedFile
from sloptest_hook.values.deadline import Deadline

if TYPE_CHECKING:
    from tests.conftest import Repository

Opened = Callable[[], StagedRepository]
Merged = Callable[..., MergedFile]

OLD, NEW = "tests/test_old.py", "tests/deep/test_new.py"
OLD_PATH, NEW_PATH = PurePosixPath(OLD), PurePosixPath(NEW)
BOTH_TAKEN = (Undone(OLD_PATH, is_removed=False), Undone(NEW_PATH, is_removed=True))


def undo(opened: Opened) -> tuple[Undone, ...]:
    return Undo(opened()).run(Deadline(time.monotonic() + 5, time.monotonic))


@pytest.fixture
def staged(repository: "Repository", opened: Opened, merged: Merged) -> "Repository":
    """A run has added to one test file and made another; nothing is committed yet."""
    repository.commit({OLD: "old\n", "a.py": "a = 1\n"})
    files = [merged(OLD, b"old\nmore\n", b"old\n"), merged(NEW, b"new\n")]
    WorktreeStager(opened()).stage(files, into_index=True)
    return repository


def test_staged_tests_are_taken_out_and_everything_is_as_before(
    staged: "Repository", opened: Opened
) -> None:
    assert undo(opened) == BOTH_TAKEN

    assert staged.git("status", "--porcelain") == ""
    assert (staged.root / OLD).read_text() == "old\n"
    assert not (staged.root / "tests" / "deep").exists()
    assert undo(opened) == ()


def test_committed_tests_are_staged_as_taken_out(staged: "Repository", opened: Opened) -> None:
    staged.git("commit", "-q", "-m", "x")

    assert undo(opened) == BOTH_TAKEN
    assert staged.git("status", "--porcelain") == f"D  {NEW}\nM  {OLD}"


def test_tests_that_were_never_staged_leave_the_index_alone(
    repository: "Repository", opened: Opened, merged: Merged
) -> None:
    repository.commit({OLD: "old\n"})
    files = [merged(OLD, b"old\nmore\n", b"old\n"), merged(NEW, b"new\n")]
    WorktreeStager(opened()).stage(files, into_index=False)

    assert undo(opened) == BOTH_TAKEN
    assert repository.git("status", "--porcelain") == ""


def _edit(repository: "Repository") -> None:
    repository.write(OLD, "old\nmore\nmine\n")


def _stage_an_edit(repository: "Repository") -> None:
    repository.stage(OLD, "old\nmore\nmine\n")
    repository.write(OLD, "old\nmore\n")


def _delete(repository: "Repository") -> None:
    (repository.root / OLD).unlink()


def _take_out_of_the_index(repository: "Repository") -> None:
    repository.git("rm", "-q", "--cached", OLD)


def _hide_in_the_index(repository: "Repository") -> None:
    repository.git("update-index", "--assume-unchanged", OLD)


def _link(repository: "Repository") -> None:
    (repository.root / OLD).rename(repository.root / "elsewhere")
    (repository.root / OLD).symlink_to(repository.root / "elsewhere")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_edit, "was edited since"),
        (_stage_an_edit, "was staged with other content since"),
        (_delete, "is not there any more"),
        (_take_out_of_the_index, "is not in the index any more"),
        (_hide_in_the_index, "has flags or conflicts in the index"),
        (_link, "is a symbolic link"),
    ],
    ids=lambda each: each.__name__.strip("_") if callable(each) else None,
)
def test_what_the_user_has_changed_since_is_left_and_named(
    staged: "Repository", opened: Opened, change: Callable[["Repository"], None], reason: str
) -> None:
    change(staged)
    before = (staged.git("ls-files", "-s", "-v", OLD), _content(staged.root / OLD))

    assert undo(opened) == (
        Undone(OLD_PATH, is_removed=False, left_because=reason),
        Undone(NEW_PATH, is_removed=True),
    )
    assert (staged.git("ls-files", "-s", "-v", OLD), _content(staged.root / OLD)) == before
    assert not (staged.root / NEW).exists()
    assert [each.path for each in undo(opened)] == [OLD_PATH], "the next time it is named again"


def _content(file: Path) -> bytes | None:
    return file.read_bytes() if file.exists() else None


def test_several_runs_for_one_commit_are_taken_out_together(
    staged: "Repository", opened: Opened, merged: Merged
) -> None:
    again = merged(OLD, b"old\nmore\nand more\n", b"old\nmore\n")
    WorktreeStager(opened()).stage([again], into_index=True)

    assert set(undo(opened)) == set(BOTH_TAKEN)
    assert staged.git("status", "--porcelain") == ""


def test_a_commit_in_between_begins_a_new_run(
    staged: "Repository", opened: Opened, merged: Merged
) -> None:
    staged.git("commit", "-q", "-m", "x")
    WorktreeStager(opened()).stage([merged("tests/test_b.py", b"b\n")], into_index=True)

    assert undo(opened) == (Undone(PurePosixPath("tests/test_b.py"), is_removed=True),)
    assert staged.git("status", "--porcelain") == ""


def test_line_ends_of_a_checkout_come_back(
    repository: "Repository", opened: Opened, merged: Merged
) -> None:
    repository.git("config", "core.autocrlf", "true")
    repository.commit({OLD: "old\n"})
    (repository.root / OLD).unlink()
    repository.git("checkout", "--", OLD)
    WorktreeStager(opened()).stage([merged(OLD, b"old\nmore\n", b"old\n")], into_index=True)

    undo(opened)
    assert (repository.root / OLD).read_bytes() == b"old\r\n"
    assert repository.git("status", "--porcelain") == ""


def test_a_lock_that_is_held_leaves_everything_as_it_is(
    staged: "Repository", opened: Opened
) -> None:
    staged.write(".git/index.lock", "")

    with pytest.raises(StagingError, match=r"nothing was taken out: .*index\.lock"):
        undo(opened)
    (staged.root / ".git/index.lock").unlink()
    assert staged.git("status", "--porcelain") == f"A  {NEW}\nM  {OLD}"
    assert undo(opened) == BOTH_TAKEN


def test_it_waits_for_a_run_that_is_at_work(staged: "Repository", opened: Opened) -> None:
    room = Room(staged.root / ".git")
    room.enter(Deadline(time.monotonic() + 5, time.monotonic))
    try:
        with pytest.raises(GitError, match="another run of sloptest"):
            Undo(opened()).run(Deadline(time.monotonic() + 0.1, time.monotonic))
    finally:
        room.leave()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"schema": 1, "files": [1, {"path": 2}]}'])
def test_a_broken_record_is_an_empty_one(
    staged: "Repository", opened: Opened, content: bytes
) -> None:
    (staged.root / ".git/sloptest/last_run.json").write_bytes(content)

    assert undo(opened) == ()
