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
from sloptest_hook.git.paths import create_file, make_directories, open_directory, read_file
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
            status = _status(path.name, directory)
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

    def _remove(self, path: PurePosixPath, before: bytes | None, directory: int) -> None:
        """Move the file away, look at it once more, and only then let it go."""
        if before is None:
            return
        with self._drafts.vacant(path.name, directory) as draft:
            os.rename(path.name, draft.name, src_dir_fd=directory, dst_dir_fd=draft.directory)
            if draft.read() != before:
                os.link(draft.name, path.name, src_dir_fd=draft.directory, dst_dir_fd=directory)
                raise _changed_by_another(path)


def _create(draft: Draft, name: str, content: bytes, directory: int) -> None:
    try:
        os.link(draft.name, name, src_dir_fd=draft.directory, dst_dir_fd=directory)
    except OSError as error:
        if error.errno not in _NO_LINK:
            raise
        create_file(name, content, directory)


def _exchange(draft: Draft, path: PurePosixPath, before: bytes, directory: int) -> None:
    """Put the draft in the place of a file that holds ``before``, whoever writes it meanwhile."""
    status = os.stat(path.name, dir_fd=directory, follow_symlinks=False)
    os.chmod(draft.name, stat.S_IMODE(status.st_mode), dir_fd=draft.directory)
    if not swap(draft.name, draft.directory, path.name, directory):
        os.replace(draft.name, path.name, src_dir_fd=draft.directory, dst_dir_fd=directory)
    elif draft.read() != before:
        swap(draft.name, draft.directory, path.name, directory)
        raise _changed_by_another(path)


def _restore(name: str, status: os.stat_result, directory: int) -> None:
    """Give a file that was put back the mode and the times that it had."""
    os.chmod(name, stat.S_IMODE(status.st_mode), dir_fd=directory)
    times = (status.st_atime_ns, status.st_mtime_ns)
    os.utime(name, ns=times, dir_fd=directory, follow_symlinks=False)


def _status(name: str, directory: int) -> os.stat_result | None:
    try:
        return os.stat(name, dir_fd=directory, follow_symlinks=False)
    except FileNotFoundError:
        return None


def _changed_by_another(path: PurePosixPath) -> FileExistsError:
    return FileExistsError(errno.EEXIST, "was changed by somebody else", str(path))
