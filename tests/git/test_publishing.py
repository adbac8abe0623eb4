"""A draft becomes the index in one step, or nothing happens."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from sloptest_hook.git import publishing, swap
from sloptest_hook.git.publishing import draft_of, publish


@pytest.fixture(params=["exchanged", "renamed"])
def git_dir(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A directory with an index, on a system that can exchange two files and on one that cannot."""
    if request.param == "renamed":
        monkeypatch.setattr(publishing, "swap", lambda *_words: False)
    (tmp_path / "index").write_bytes(b"old")
    return tmp_path


def put(git_dir: Path, name: str, disturb: Callable[[], object] = lambda: None) -> bool:
    with draft_of(git_dir / name, git_dir / "sloptest") as (draft, seen):
        draft.write_bytes(b"new")
        disturb()
        return publish(draft, git_dir / name, seen)


def names(directory: Path) -> list[str]:
    return sorted(each.name for each in directory.iterdir())


@pytest.mark.parametrize("name", ["index", "index.lock", "next-index-1.lock"])
def test_the_draft_takes_the_place_of_the_index(git_dir: Path, name: str) -> None:
    (git_dir / name).write_bytes(b"old")

    assert put(git_dir, name)
    assert (git_dir / name).read_bytes() == b"new"
    assert names(git_dir / "sloptest") == []


def test_the_first_index_is_made(git_dir: Path) -> None:
    (git_dir / "index").unlink()

    assert put(git_dir, "index")
    assert (git_dir / "index").read_bytes() == b"new"
    assert names(git_dir) == ["index", "sloptest"]


@pytest.mark.parametrize("before", [b"old", None], ids=["one that is there", "the first one"])
def test_an_index_that_somebody_has_written_meanwhile_stays(
    git_dir: Path, before: bytes | None
) -> None:
    if before is None:
        (git_dir / "index").unlink()

    def write() -> None:
        (git_dir / "theirs").write_bytes(b"theirs")
        (git_dir / "theirs").rename(git_dir / "index")

    assert not put(git_dir, "index", write)
    assert (git_dir / "index").read_bytes() == b"theirs"
    assert names(git_dir) == ["index", "sloptest"]


def test_a_lock_of_somebody_else_is_left_alone(git_dir: Path) -> None:
    (git_dir / "index.lock").write_bytes(b"theirs")

    assert not put(git_dir, "index")
    assert (git_dir / "index").read_bytes() == b"old"
    assert (git_dir / "index.lock").read_bytes() == b"theirs"


def test_a_lock_that_git_has_removed_is_not_made_again(git_dir: Path) -> None:
    lock = git_dir / "index.lock"
    lock.write_bytes(b"old")

    assert not put(git_dir, "index.lock", lock.unlink)
    assert not lock.exists()


def test_an_index_that_is_a_link_stays_one(git_dir: Path) -> None:
    (git_dir / "index").rename(git_dir / "elsewhere")
    (git_dir / "index").symlink_to("elsewhere")

    assert put(git_dir, "index")
    assert (git_dir / "index").readlink() == Path("elsewhere")
    assert (git_dir / "elsewhere").read_bytes() == b"new"


def test_this_system_exchanges_two_files(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a")
    (tmp_path / "b").write_bytes(b"b")
    here = os.open(tmp_path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        if not swap.swap("a", here, "b", here):
            pytest.skip("the file system of temporary files cannot exchange")
        assert ((tmp_path / "a").read_bytes(), (tmp_path / "b").read_bytes()) == (b"b", b"a")
        with pytest.raises(FileNotFoundError):
            swap.swap("a", here, "missing", here)
        assert names(tmp_path) == ["a", "b"]
    finally:
        os.close(here)
