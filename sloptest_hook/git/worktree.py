"""Edge: writes files into the user's working tree, each in one step, and takes all of them back.

A file is made complete beside the git dir and then linked to its place or exchanged with the one
that is there, so that nobody sees half of it and no version that was not looked at gets lost.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

from sloptest_hook.git.drafts import Draft, Drafts
from sloptest_hook.git.paths import (
    create_file,
    make_directories,
    open_directory,
    open_regular,
    read_file,
    read_regular,
)
from sloptest_hook.git.swap import swap
from sloptest_hook.values.records import dataclass

# What a file system without hard links says.
_NO_LINK = (errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK)


@dataclass(frozen=True, slots=True)
class _Write:
    """One file that was written or removed, and what was there before, None for no file."""

    path: PurePosixPath
    content: bytes | None
    before: bytes | None
    status: os.stat_result | None


class WorkingTree:
    """The files below ``top``; ``scratch`` is a directory outside of it on the same disk."""

    def __init__(self, top: Path, scratch: Path) -> None:
        self._top = top
        self._drafts = Drafts(scratch)
        self._writes: list[_Write] = []
        self._directories: list[PurePosixPath] = []

    def write(self, path: PurePosixPath, content: bytes | None, before: bytes | None) -> None:
        """Write a file that holds ``before`` now, None: that does not exist.

        Without ``content`` it is removed. Raises OSError; FileExistsError when somebody else has
        written it in the meantime.
        """
        if content is not None:
            for made in make_directories(self._top, path.parent):
                self._directories.append(made)
        if read_file(self._top, path) != before:
            raise _changed_by_another(path)
        with open_directory(self._top, path.parent) as directory:
            status = _status(path, directory)
            self._writes.append(_Write(path, content, before, status))
            self._change(path, content, before, directory)

    def take_back(self) -> tuple[str, ...]:
        """Put everything back as it was; return one line for each file that somebody has changed.

        A file that is no longer what was written is not ours any more and stays.
        """
        problems = [line for write in reversed(self._writes) for line in self._take_back(write)]
        for directory in reversed(self._directories):
            with suppress(OSError), open_directory(self._top, directory.parent) as parent:
                os.rmdir(directory.name, dir_fd=parent)
        self._writes.clear()
        self._directories.clear()
        return tuple(problems)

    def _take_back(self, write: _Write) -> Iterator[str]:
        try:
            now = read_file(self._top, write.path)
            if now == write.before:
                return
            if now != write.content:
                yield f"{write.path} was changed by somebody else and is left as it is"
                return
            with open_directory(self._top, write.path.parent) as directory:
                self._change(write.path, write.before, write.content, directory)
                if write.status is not None:
                    _restore(write.path.name, write.status, directory)
        except OSError as error:
            yield f"{write.path} could not be put back: {error.strerror}"

    def _change(
        self, path: PurePosixPath, content: bytes | None, before: bytes | None, directory: int
    ) -> None:
        if content is None:
            self._remove(path, before, directory)
        elif before is None:
            with self._drafts.made(content, path.name, directory) as draft:
                _create(draft, path.name, content, directory)
        else:
            with self._drafts.made(content, path.name, directory) as draft:
                _exchange(draft, path, before, directory)
        with suppress(OSError):
            os.fsync(directory)

    def _remove(self, path: PurePosixPath, before: bytes | None, directory: int) -> None:
        """Move the file away, look at it once more, and only then let it go."""
        if before is None:
            return
        with self._drafts.vacant(path.name, directory) as draft:
            os.rename(path.name, draft.name, src_dir_fd=directory, dst_dir_fd=draft.directory)
            if not draft.holds(before):
                _return(draft, path, directory)
                raise _changed_by_another(path)


def remove_empty_directories(top: Path, path: PurePosixPath) -> None:
    """Remove the directories above ``path`` that hold nothing any more, as ``git rm`` does."""
    for directory in tuple(path.parents)[:-1]:
        with suppress(OSError), open_directory(top, directory.parent) as parent:
            os.rmdir(directory.name, dir_fd=parent)


def _create(draft: Draft, name: str, content: bytes, directory: int) -> None:
    try:
        os.link(draft.name, name, src_dir_fd=draft.directory, dst_dir_fd=directory)
    except OSError as error:
        if error.errno not in _NO_LINK:
            raise
        create_file(name, content, directory)


def _exchange(draft: Draft, path: PurePosixPath, before: bytes, directory: int) -> None:
    """Put the draft in the place of a file that holds ``before``, whoever writes it meanwhile."""
    with (
        open_regular(path.name, directory) as old,
        open_regular(draft.name, draft.directory) as new,
    ):
        os.fchmod(new, stat.S_IMODE(os.fstat(old).st_mode))
        ours = os.fstat(new)
    if not swap(draft.name, draft.directory, path.name, directory):
        # Making the draft took its time; what is left is the time between two calls.
        if read_regular(path.name, directory) != before:
            raise _changed_by_another(path)
        os.replace(draft.name, path.name, src_dir_fd=draft.directory, dst_dir_fd=directory)
    elif not draft.holds(before):
        _swap_back(draft, path, ours, directory)
        raise _changed_by_another(path)


def _swap_back(draft: Draft, path: PurePosixPath, ours: os.stat_result, directory: int) -> None:
    """Give somebody's file its name back; what they have put there since is the newer one."""
    try:
        swap(draft.name, draft.directory, path.name, directory)
    except FileNotFoundError:
        _return(draft, path, directory)
        return
    found = os.stat(draft.name, dir_fd=draft.directory, follow_symlinks=False)
    if not os.path.samestat(found, ours):
        swap(draft.name, draft.directory, path.name, directory)
        raise _changed_by_another(path, draft.rescue())


def _return(draft: Draft, path: PurePosixPath, directory: int) -> None:
    """Let a file that was moved away have its name again, or keep it where it has been taken."""
    try:
        os.link(
            draft.name,
            path.name,
            src_dir_fd=draft.directory,
            dst_dir_fd=directory,
            follow_symlinks=False,
        )
    except OSError as error:
        raise _changed_by_another(path, draft.rescue()) from error


def _restore(name: str, status: os.stat_result, directory: int) -> None:
    """Give a file that was put back the mode and the times that it had."""
    with open_regular(name, directory) as descriptor:
        os.fchmod(descriptor, stat.S_IMODE(status.st_mode))
        os.utime(descriptor, ns=(status.st_atime_ns, status.st_mtime_ns))


def _status(path: PurePosixPath, directory: int) -> os.stat_result | None:
    """Return what a file is; raises OSError for one that must not be written."""
    try:
        with open_regular(path.name, directory) as descriptor:
            status = os.fstat(descriptor)
    except FileNotFoundError:
        return None
    if status.st_nlink > 1:  # the other name would no longer follow
        raise OSError(errno.EMLINK, "has another name, a hard link", str(path))
    return status


def _changed_by_another(path: PurePosixPath, rescued: str | None = None) -> FileExistsError:
    kept = f"; what lay there is rescued as {rescued}" if rescued else ""
    return FileExistsError(errno.EEXIST, f"was changed by somebody else{kept}", str(path))
