import os
import tempfile
from pathlib import Path, PurePosixPath

import pytest

from sloptest_hook.git.worktree import WorkingTree

OLD = PurePosixPath("tests/test_old.py")
NEW = PurePosixPath("tests/a/b/test_new.py")


def names(directory: Path) -> list[str]:
    return sorted(each.name for each in directory.iterdir())


@pytest.fixture
def top(tmp_path: Path) -> Path:
    top = tmp_path / "top"
    (top / "tests").mkdir(parents=True)
    (top / OLD).write_bytes(b"old")
    (top / OLD).chmod(0o640)
    return top


@pytest.fixture
def tree(top: Path, tmp_path: Path) -> WorkingTree:
    return WorkingTree(top, tmp_path / "scratch")


def test_writes_are_taken_back_byte_for_byte(top: Path, tree: WorkingTree) -> None:
    before = (top / OLD).stat()
    tree.write(OLD, b"edited", b"old")
    tree.write(NEW, b"new", None)
    assert ((top / OLD).read_bytes(), (top / NEW).read_bytes()) == (b"edited", b"new")

    assert tree.take_back() == ()

    after = (top / OLD).stat()
    assert (top / OLD).read_bytes() == b"old"
    assert (after.st_mode, after.st_mtime_ns) == (before.st_mode, before.st_mtime_ns)
    assert names(top / "tests") == ["test_old.py"]


def test_what_somebody_else_has_written_since_is_kept_and_told(
    top: Path, tree: WorkingTree
) -> None:
    tree.write(OLD, b"edited", b"old")
    tree.write(NEW, b"new", None)
    (top / OLD).write_bytes(b"theirs")
    (top / NEW.parent / "theirs.py").write_bytes(b"")

    (told,) = tree.take_back()

    assert told == "tests/test_old.py was changed by somebody else and is left as it is"
    assert (top / OLD).read_bytes() == b"theirs"
    assert names(top / NEW.parent) == ["theirs.py"]


@pytest.mark.parametrize("now", [b"theirs", None], ids=["changed", "deleted"])
def test_a_file_that_is_not_what_it_was_is_not_written(
    top: Path, tree: WorkingTree, now: bytes | None
) -> None:
    if now is None:
        (top / OLD).unlink()
    else:
        (top / OLD).write_bytes(now)

    with pytest.raises(FileExistsError, match="changed by somebody else"):
        tree.write(OLD, b"edited", b"old")
    assert tree.take_back() == ()


def test_a_new_file_never_replaces_one(top: Path, tree: WorkingTree) -> None:
    with pytest.raises(FileExistsError):
        tree.write(OLD, b"new", None)
    assert (top / OLD).read_bytes() == b"old"


@pytest.mark.parametrize("path", [OLD, NEW], ids=["the directory itself", "one above"])
def test_no_write_goes_through_a_link(top: Path, tree: WorkingTree, path: PurePosixPath) -> None:
    (top / "tests").rename(top.parent / "outside")
    (top / "tests").symlink_to(top.parent / "outside")

    with pytest.raises(OSError, match="tests"):
        tree.write(path, b"new", None)
    assert names(top.parent / "outside") == ["test_old.py"]
    assert (top.parent / "outside" / "test_old.py").read_bytes() == b"old"


def test_a_link_in_place_of_a_file_is_not_written(top: Path, tree: WorkingTree) -> None:
    (top.parent / "outside").write_bytes(b"old")
    (top / OLD).unlink()
    (top / OLD).symlink_to(top.parent / "outside")

    with pytest.raises(OSError, match=r"test_old\.py"):
        tree.write(OLD, b"edited", b"old")
    assert (top.parent / "outside").read_bytes() == b"old"


OTHER_DISK = Path("/dev/shm")  # noqa: S108


def _is_other_disk() -> bool:
    here = Path(tempfile.gettempdir()).stat().st_dev
    return os.access(OTHER_DISK, os.W_OK) and OTHER_DISK.stat().st_dev != here


@pytest.mark.skipif(not _is_other_disk(), reason="needs a second file system")
def test_a_scratch_directory_on_another_disk_is_no_obstacle(top: Path) -> None:
    scratch = OTHER_DISK / f"sloptest-{os.getpid()}"
    tree = WorkingTree(top, scratch)
    try:
        tree.write(OLD, b"edited", b"old")
        tree.write(NEW, b"new", None)
        assert ((top / OLD).read_bytes(), (top / NEW).read_bytes()) == (b"edited", b"new")
        assert (top / OLD).stat().st_mode & 0o777 == 0o640
        assert names(top / NEW.parent) == ["test_new.py"]
        assert tree.take_back() == ()
    finally:
        scratch.rmdir()

    assert (top / OLD).read_bytes() == b"old"
    assert names(top / "tests") == ["test_old.py"]
