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

    One step, under whatever name: a process that dies between the taking of git's lock and the
    rename would leave a lock that blocks every commit from then on. A git that takes the lock in
    that very moment writes an index without our entries: see ``IndexFile.put``.
    """
    _flush(draft)
    index = Path(os.path.realpath(index))
    is_held_for_us = index.name.endswith(".lock")
    if signature(index) != seen or (not is_held_for_us and os.path.lexists(lock_of(index))):
        return False
    if seen is None:
        return _created(draft, index)
    exchanged = _exchanged(draft, index, seen)
    if exchanged is not None:
        return exchanged
    if is_held_for_us:
        draft.replace(index)
        return True
    return _replaced_under_lock(draft, index, seen)


def lock_of(index: Path) -> Path:
    """Return the file that is there while some git writes this index."""
    return index.with_name(f"{index.name}.lock")


def _exchanged(draft: Path, index: Path, seen: Signature) -> bool | None:
    """Exchange the two, and exchange them back when the index was not the one that was copied.

    Never makes a name that is missing: git may have removed its lock a moment ago. None when this
    system cannot.
    """
    here = os.open(draft.parent, os.O_RDONLY | os.O_DIRECTORY)
    there = os.open(index.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        if not swap(draft.name, here, index.name, there):
            return None
        if signature(draft) == seen:
            return True
        swap(draft.name, here, index.name, there)
        return False
    finally:
        os.close(here)
        os.close(there)


def _created(draft: Path, index: Path) -> bool:
    """Make the first index of a repository, unless somebody has just made it."""
    try:
        index.hardlink_to(draft)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _NO_LINK:
            raise
        return _replaced_under_lock(draft, index, None)
    return True


def _replaced_under_lock(draft: Path, index: Path, seen: Signature | None) -> bool:
    """Take git's lock with the finished draft, and let it become the index."""
    lock = lock_of(index)
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
