"""Somebody else is at work in the tree: at every single line of a write, and all the time.

Where the moment matters it is not left to chance: the write is traced, and what the other one does
happens before its first line, then before its second one, and so on until none is left.
"""

import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from types import FrameType
from typing import TYPE_CHECKING

import pytest

from sloptest_hook.git.worktree import WorkingTree

if TYPE_CHECKING:
    from _typeshed import TraceFunction

OLD = PurePosixPath("tests/test_old.py")
NEW = PurePosixPath("tests/test_new.py")
ROOM = {f"sloptest_hook.git.{name}" for name in ("worktree", "paths", "drafts", "swap")}

Act = Callable[[Path], None]


class Other:
    """Somebody who acts once, before the given line of the writing room is executed."""

    def __init__(self, line: int, act: Callable[[], None]) -> None:
        self._left = line
        self._act = act
        self.has_acted = False

    @contextmanager
    def at_work(self) -> Iterator[None]:
        before = sys.gettrace()
        sys.settrace(self._trace)
        try:
            yield
        finally:
            sys.settrace(before)

    def _trace(self, frame: FrameType, event: str, _: object) -> "TraceFunction | None":
        if frame.f_globals.get("__name__") not in ROOM:
            return None
        if event == "line" and not self.has_acted:
            if self._left == 0:
                self.has_acted = True
                self._act()
            self._left -= 1
        return self._trace


def every_moment(place: Path, act: Act, work: Callable[[WorkingTree], None]) -> Iterator[Path]:
    """Yield the tops of trees in each of which ``act`` has happened one line later."""
    for line in range(1000):
        top = made_tree(place / str(line))
        other = Other(line, lambda top=top: act(top))  # type: ignore[misc]  # bound now
        tree = WorkingTree(top, top.parent / "scratch")
        with other.at_work(), suppress(OSError):
            work(tree)
        if not other.has_acted:
            assert line > 20, "nothing was traced"
            return
        yield top
    raise AssertionError("a write of a thousand lines")


def made_tree(place: Path) -> Path:
    top = place / "top"
    (top / "tests").mkdir(parents=True)
    (top / OLD).write_bytes(b"old")
    (place / "outside").mkdir()
    (place / "outside/test_old.py").write_bytes(b"old")
    (place / "outside/test_old.py").chmod(0o600)
    os.utime(place / "outside/test_old.py", (1_000_000_000, 1_000_000_000))
    (place / "scratch").mkdir()
    return top


def outside(top: Path) -> dict[str, tuple[bytes, int, int]]:
    return {
        each.name: (each.read_bytes(), each.stat().st_mode & 0o777, each.stat().st_mtime_ns)
        for each in (top.parent / "outside").iterdir()
    }


def edit(tree: WorkingTree) -> None:
    tree.write(OLD, b"edited", b"old")


def create(tree: WorkingTree) -> None:
    tree.write(NEW, b"new", None)


def remove(tree: WorkingTree) -> None:
    tree.write(OLD, None, b"old")


def edit_and_take_back(tree: WorkingTree) -> None:
    tree.write(OLD, b"edited", b"old")
    tree.take_back()


def create_and_take_back(tree: WorkingTree) -> None:
    tree.write(NEW, b"new", None)
    tree.take_back()


WORKS = [edit, create, remove, edit_and_take_back, create_and_take_back]


def turn_directory_into_link(top: Path) -> None:
    (top / "tests").rename(top.parent / "moved")
    (top / "tests").symlink_to(top.parent / "outside")


def turn_file_into_link(top: Path) -> None:
    (top / OLD).unlink(missing_ok=True)
    (top / OLD).symlink_to(top.parent / "outside/test_old.py")


def put_link_at_new_name(top: Path) -> None:
    (top / NEW).unlink(missing_ok=True)
    (top / NEW).symlink_to(top.parent / "outside/test_old.py")


def put_dangling_link_at_new_name(top: Path) -> None:
    (top / NEW).unlink(missing_ok=True)
    (top / NEW).symlink_to(top.parent / "outside/made")


def make_hard_link(top: Path) -> None:
    if (top / OLD).exists():
        (top.parent / "outside/test_old.py").unlink()
        (top.parent / "outside/test_old.py").hardlink_to(top / OLD)


@pytest.mark.parametrize(
    ("act", "work"),
    [
        *((turn_directory_into_link, work) for work in WORKS),
        *((turn_file_into_link, work) for work in (edit, remove, edit_and_take_back)),
        *((put_link_at_new_name, work) for work in (create, create_and_take_back)),
        *((put_dangling_link_at_new_name, work) for work in (create, create_and_take_back)),
    ],
)
def test_no_moment_leads_a_write_out_of_the_tree(
    tmp_path: Path, act: Act, work: Callable[[WorkingTree], None]
) -> None:
    wanted = outside(made_tree(tmp_path / "untouched"))
    for top in every_moment(tmp_path, act, work):
        assert outside(top) == wanted, top


def save_in_place(top: Path) -> None:
    (top / OLD).write_bytes(b"theirs")


def save_by_rename(top: Path) -> None:
    (top / "tests/editor~").write_bytes(b"theirs")
    (top / "tests/editor~").rename(top / OLD)


def save_twice(top: Path) -> None:
    save_by_rename(top)
    save_in_place(top)


@pytest.mark.parametrize("work", [edit, remove, edit_and_take_back])
@pytest.mark.parametrize("act", [save_in_place, save_by_rename, save_twice])
def test_what_the_user_saves_at_any_moment_is_what_lies_there(
    tmp_path: Path, act: Act, work: Callable[[WorkingTree], None]
) -> None:
    for top in every_moment(tmp_path, act, work):
        assert (top / OLD).read_bytes() == b"theirs", top


@pytest.mark.parametrize("work", [create, create_and_take_back])
def test_a_file_that_appears_at_any_moment_stays(
    tmp_path: Path, work: Callable[[WorkingTree], None]
) -> None:
    def appear(top: Path) -> None:
        (top / "tests/editor~").write_bytes(b"theirs")
        (top / "tests/editor~").rename(top / NEW)

    for top in every_moment(tmp_path, appear, work):
        assert (top / NEW).read_bytes() == b"theirs", top


def test_a_hard_link_that_is_made_at_any_moment_keeps_its_content(tmp_path: Path) -> None:
    for top in every_moment(tmp_path, make_hard_link, edit):
        linked = top.parent / "outside/test_old.py"
        assert linked.read_bytes() in (b"old", b"edited"), top
        if linked.stat().st_ino != (top / OLD).stat().st_ino:
            assert linked.read_bytes() == b"old", top


def test_what_could_not_be_put_back_is_kept_and_named(tmp_path: Path) -> None:
    """Two saves within one removal: the name is taken again before the first can return."""
    top = made_tree(tmp_path)
    texts = iter([b"first", b"second"])
    seen: list[str] = []

    def save_whenever_it_is_gone(frame: FrameType, event: str, _: object) -> "TraceFunction | None":
        if frame.f_globals.get("__name__") not in ROOM:
            return None
        if frame.f_code.co_name == "_remove" and event == "line":
            moment = "gone" if not (top / OLD).exists() else "there"
            if moment not in seen:
                seen.append(moment)
                (top / OLD).write_bytes(next(texts))
        return save_whenever_it_is_gone

    before = sys.gettrace()
    sys.settrace(save_whenever_it_is_gone)
    try:
        with pytest.raises(OSError, match=r"changed by somebody else.*rescued") as raised:
            WorkingTree(top, tmp_path / "scratch").write(OLD, None, b"old")
    finally:
        sys.settrace(before)

    assert (top / OLD).read_bytes() == b"second"
    (kept,) = (tmp_path / "scratch").glob("rescued-*")
    assert kept.read_bytes() == b"first"
    assert str(kept) in str(raised.value)


@pytest.mark.parametrize("work", [edit, remove])
def test_a_file_with_another_name_is_not_written(
    tmp_path: Path, work: Callable[[WorkingTree], None]
) -> None:
    top = made_tree(tmp_path)
    make_hard_link(top)
    with pytest.raises(OSError, match="hard link"):
        work(WorkingTree(top, tmp_path / "scratch"))
    assert (top / OLD).read_bytes() == b"old"


@pytest.mark.parametrize("work", [edit, remove])
def test_a_pipe_is_not_read_and_not_written(
    tmp_path: Path, work: Callable[[WorkingTree], None]
) -> None:
    top = made_tree(tmp_path)
    (top / OLD).unlink()
    os.mkfifo(top / OLD)
    with pytest.raises(OSError, match="not a regular file"):
        work(WorkingTree(top, tmp_path / "scratch"))
    assert stat.S_ISFIFO((top / OLD).stat().st_mode)


@pytest.fixture
def open_place() -> Iterator[Path]:
    """A directory that every user can enter; pytest's own are for their owner alone."""
    with tempfile.TemporaryDirectory() as made:
        Path(made).chmod(0o777)
        yield Path(made)


@pytest.mark.parametrize("work", [edit, create, remove])
def test_a_directory_that_cannot_be_written_is_left_as_it_is(
    open_place: Path, work: Callable[[WorkingTree], None]
) -> None:
    top = made_tree(open_place)
    for place in (open_place / "scratch", top / "tests", top / OLD):
        place.chmod(0o777)
    (top / "tests").chmod(0o555)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65534)  # nobody
    try:
        tree = WorkingTree(top, open_place / "scratch")
        with pytest.raises(PermissionError):
            work(tree)
        assert tree.take_back() == ()
    finally:
        if is_root:
            os.seteuid(0)
        (top / "tests").chmod(0o755)
    assert {each.name: each.read_bytes() for each in (top / "tests").iterdir()} == {
        "test_old.py": b"old"
    }
    assert list((open_place / "scratch").iterdir()) == []


TRIES = 400
FLIPPER = """
import os, sys
top, outside = sys.argv[1:]
real, link, place = top + "/real", top + "/link", top + "/tests"
os.symlink(outside, link)
print("ready", flush=True)
while True:
    os.rename(place, real)
    os.rename(link, place)
    os.rename(place, link)
    os.rename(real, place)
"""


def test_no_try_escapes_a_process_that_flips_directory_and_link(tmp_path: Path) -> None:
    """Chance, beside the certainty above: the other one is a process of its own here."""
    top = made_tree(tmp_path)
    before = outside(top)
    words = (sys.executable, "-c", FLIPPER, str(top), str(tmp_path / "outside"))
    with subprocess.Popen(words, stdout=subprocess.PIPE) as flipper:
        assert flipper.stdout
        assert flipper.stdout.readline() == b"ready\n"
        try:
            for number in range(TRIES):
                tree = WorkingTree(top, tmp_path / "scratch")
                with suppress(OSError):
                    tree.write(PurePosixPath(f"tests/test_{number}.py"), b"new", None)
                with suppress(OSError):
                    tree.write(OLD, b"edited", b"old")
                tree.take_back()
        finally:
            flipper.kill()
    assert outside(top) == before
