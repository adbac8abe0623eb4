"""Edge: a private temporary directory; those that killed runs have left behind are removed.

Not below the git dir: a tool that a test calls looks upwards from its files for a repository, a
``pyproject.toml``, and would find the user's.
"""

import contextlib
import errno
import fcntl
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sloptest_hook.errors import RunnerError
from sloptest_hook.git.sweeping import remove

_PREFIX = "sloptest-run-"
_NAME = re.compile(_PREFIX + r"\w{8}")  # what mkdtemp makes of the prefix
_ATTEMPTS = 10
_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


@contextlib.contextmanager
def scratch_directory() -> Iterator[Path]:
    """Make an empty directory that only this user can enter, and remove it with all it holds.

    It is locked while this process lives: a process id would say nothing where containers share
    the directory of temporary files. Raises RunnerError.
    """
    try:
        _sweep(Path(tempfile.gettempdir()))
        made, lock = _made()
    except OSError as error:
        raise RunnerError(
            f"cannot make a temporary directory: {error.strerror}. "
            "Make room, or set TMPDIR to a directory that can be written."
        ) from error
    try:
        yield made
    finally:
        # A file that cannot be removed is the next run's business and no reason to fail.
        with contextlib.suppress(OSError):
            remove(made)
        os.close(lock)


def _made() -> tuple[Path, int]:
    """Return a directory and the descriptor of its lock.

    Between the making and the locking another run may have swept it away.
    """
    for _ in range(_ATTEMPTS):
        made = Path(tempfile.mkdtemp(prefix=_PREFIX))
        try:
            lock = _locked(made)
        except OSError:
            # A file system without locks, where nobody can sweep it away either.
            return made, os.open(made, _DIRECTORY)
        if lock is not None:
            return made, lock
    raise FileExistsError(errno.EEXIST, "every one that was made was swept away at once")


def _locked(directory: Path) -> int | None:
    """Return the descriptor of the directory's lock, None when another run has the lock or had.

    Raises OSError.
    """
    try:
        with contextlib.ExitStack() as opened:
            descriptor = os.open(directory, _DIRECTORY)
            opened.callback(os.close, descriptor)
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            directory.lstat()
            opened.pop_all()
            return descriptor
    except (BlockingIOError, FileNotFoundError):
        return None


def _sweep(place: Path) -> None:
    with os.scandir(place) as entries:
        found = [Path(entry) for entry in entries if _is_scratch(entry)]
    for each in found:
        with contextlib.suppress(OSError):
            lock = _locked(each)
            if lock is not None:
                _remove_locked(each, lock)


def _is_scratch(entry: os.DirEntry[str]) -> bool:
    if not _NAME.fullmatch(entry.name) or not entry.is_dir(follow_symlinks=False):
        return False
    try:
        return entry.stat(follow_symlinks=False).st_uid == os.getuid()
    except OSError:
        return False


def _remove_locked(directory: Path, lock: int) -> None:
    try:
        remove(directory)
    finally:
        os.close(lock)
