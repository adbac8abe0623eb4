"""Edge: a draft of an index, and the one step in which it becomes the index."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sloptest_hook.git.swap import swap

Signature = tuple[int, int, int]

# What a file system without hard links says.
_NO_LINK = (errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK)


def signature(file: Path) -> Signature | None:
    """Return what changes whenever git writes an index, None: there is no file."""
    try:
        return _signature(file.stat())
    except OSError:
        return None


@contextmanager
def draft_of(index: Path, room: Path) -> Iterator[tuple[Path, Signature | None]]:
    """Copy an index into ``room`` and hand out the copy and what it is a copy of.

    The copy, and what git has left beside it, is removed at the end. Raises OSError.
    """
    room.mkdir(parents=True, exist_ok=True)
    draft = room / f"draft-{os.getpid()}.index"
    _remove(draft)
    try:
        yield draft, _copied(index, draft)
    finally:
        _remove(draft)


def publish(draft: Path, index: Path, seen: Signature | None) -> bool:
    """Put a finished draft in the place of the index that it was made from.

    Returns False, and changes nothing, when the index is another one by now or somebody holds its
    lock. Raises OSError: FileNotFoundError when git has removed its own lock.
    """
    _flush(draft)
    index = Path(os.path.realpath(index))
    if index.name.endswith(".lock"):
        return _exchanged(draft, index, seen)
    return _replaced_under_lock(draft, index, seen)


def _exchanged(draft: Path, lock: Path, seen: Signature | None) -> bool:
    """Exchange the draft with a lock that git holds for this commit, and reads again afterwards.

    Not a rename: git may have removed its lock a moment ago, and a new one would block every commit
    from now on.
    """
    if signature(lock) != seen:
        return False
    here = os.open(draft.parent, os.O_RDONLY | os.O_DIRECTORY)
    there = os.open(lock.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        if not swap(draft.name, here, lock.name, there):
            draft.replace(lock)  # as near to it as this system comes
        elif signature(draft) != seen:
            swap(draft.name, here, lock.name, there)
            return False
    finally:
        os.close(here)
        os.close(there)
    return True


def _replaced_under_lock(draft: Path, index: Path, seen: Signature | None) -> bool:
    """Take git's lock on the index with the finished draft, and let it become the index."""
    lock = index.with_name(f"{index.name}.lock")
    try:
        _take(lock, draft)
    except FileExistsError:
        return False
    try:
        if signature(index) != seen:
            lock.unlink()
            return False
        lock.replace(index)
    except BaseException:
        lock.unlink(missing_ok=True)
        raise
    return True


def _take(lock: Path, draft: Path) -> None:
    try:
        lock.hardlink_to(draft)
    except OSError as error:
        if error.errno not in _NO_LINK:
            raise
        with lock.open("xb") as file:
            file.write(draft.read_bytes())


def _copied(index: Path, draft: Path) -> Signature | None:
    try:
        with index.open("rb") as file:
            draft.write_bytes(file.read())
            return _signature(os.fstat(file.fileno()))
    except FileNotFoundError:  # before the first `git add` there is none
        return None


def _signature(status: os.stat_result) -> Signature:
    return status.st_ino, status.st_size, status.st_mtime_ns


def _flush(file: Path) -> None:
    """Have the content on disk before its name is: a power cut must not leave an empty index."""
    with file.open("rb") as opened, suppress(OSError):
        os.fsync(opened.fileno())


def _remove(draft: Path) -> None:
    draft.unlink(missing_ok=True)
    draft.with_name(f"{draft.name}.lock").unlink(missing_ok=True)
