"""Edge: writes files into the user's working tree, each at once, and takes all of them back.

A file is made complete beside the git dir and then linked or moved to its place, so that nobody
sees half of it and nothing of ours is ever left in the tree.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from sloptest_hook.git.paths import create_file, make_directories, open_directory, read_file

# What a file system without hard links says, and one that the git dir does not share.
_NO_LINK = (errno.EXDEV, errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK)


@dataclass(frozen=True, slots=True)
class _Write:
    """One file that was written, and the file that was there before, None for a new one."""

    path: PurePosixPath
    content: bytes
    before: bytes | None
    status: os.stat_result | None


class WorkingTree:
    """The files below ``top``; ``scratch`` is a directory outside of it on the same disk."""

    def __init__(self, top: Path, scratch: Path) -> None:
        self._top = top
        self._scratch = scratch
        self._writes: list[_Write] = []
        self._directories: list[PurePosixPath] = []

    def write(self, path: PurePosixPath, content: bytes, before: bytes | None) -> None:
        """Write a file that holds ``before`` now, None: that does not exist.

        Raises OSError; FileExistsError when somebody else has written it in the meantime.
        """
        for made in make_directories(self._top, path.parent):
            self._directories.append(made)
        if read_file(self._top, path) != before:
            raise FileExistsError(errno.EEXIST, "was changed by somebody else", str(path))
        with open_directory(self._top, path.parent) as directory:
            status = _status(path.name, directory)
            self._writes.append(_Write(path, content, before, status))
            if status is None:
                self._create(path.name, content, directory)
            else:
                self._replace(path.name, content, directory, status)

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
                self._restore(write, directory)
        except OSError as error:
            yield f"{write.path} could not be put back: {error.strerror}"

    def _restore(self, write: _Write, directory: int) -> None:
        name = write.path.name
        if write.before is None or write.status is None:
            os.unlink(name, dir_fd=directory)
            return
        self._replace(name, write.before, directory, write.status)
        times = (write.status.st_atime_ns, write.status.st_mtime_ns)
        os.utime(name, ns=times, dir_fd=directory, follow_symlinks=False)

    def _create(self, name: str, content: bytes, directory: int) -> None:
        with self._draft(content) as draft:
            try:
                os.link(draft, name, dst_dir_fd=directory)
            except OSError as error:
                if error.errno not in _NO_LINK:
                    raise
                create_file(name, content, directory)

    def _replace(self, name: str, content: bytes, directory: int, status: os.stat_result) -> None:
        with self._draft(content) as draft:
            draft.chmod(stat.S_IMODE(status.st_mode))
            try:
                os.replace(draft, name, dst_dir_fd=directory)
            except OSError as error:
                if error.errno != errno.EXDEV:
                    raise
                _replace_beside(name, content, directory, status)

    @contextmanager
    def _draft(self, content: bytes) -> Iterator[Path]:
        """Make a complete file in the scratch directory, with the mode that a new file gets."""
        self._scratch.mkdir(parents=True, exist_ok=True)
        draft = self._scratch / f"draft-{os.getpid()}"
        draft.unlink(missing_ok=True)
        try:
            with draft.open("xb") as file:
                file.write(content)
            yield draft
        finally:
            draft.unlink(missing_ok=True)


def _status(name: str, directory: int) -> os.stat_result | None:
    try:
        return os.stat(name, dir_fd=directory, follow_symlinks=False)
    except FileNotFoundError:
        return None


def _replace_beside(name: str, content: bytes, directory: int, status: os.stat_result) -> None:
    """Replace a file on another disk than the git dir: the draft must lie beside it."""
    draft = f".{name}.{os.getpid()}.tmp"
    create_file(draft, content, directory)
    try:
        os.chmod(draft, stat.S_IMODE(status.st_mode), dir_fd=directory)
        os.replace(draft, name, src_dir_fd=directory, dst_dir_fd=directory)
    except BaseException:
        os.unlink(draft, dir_fd=directory)
        raise
