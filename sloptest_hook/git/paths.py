"""Edge: goes into a directory below a root without ever following a symbolic link."""

import errno
import os
import stat
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
# Without waiting: to open a pipe that nobody writes to would take for ever.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK


def obstacle(top: Path, path: PurePosixPath) -> str | None:
    """Return what on disk forbids writing a regular file at ``path``, or None.

    A missing directory is no obstacle, a missing file neither.
    """
    if path.is_absolute() or not path.parts or {"..", ".git"} & set(path.parts):
        return "is not a path below the top of the working tree"
    for parent in tuple(path.parents)[-2::-1]:
        found = _directory_obstacle(top / parent)
        if found:
            return f"lies below {parent}, which is {found}"
    for each in (*tuple(path.parents)[-2::-1], path):
        twin = _twin(top / each)
        if twin is not None:
            return f"differs from {each.parent / twin} only in the spelling of its letters"
    return _file_obstacle(top / path)


@contextmanager
def open_directory(top: Path, directory: PurePosixPath) -> Iterator[int]:
    """Open a directory below ``top``, component by component, as a file descriptor.

    Between a look at a path and a write to it somebody can put a symbolic link there; a write
    relative to the descriptor cannot be led astray. Raises OSError.
    """
    descriptor = os.open(top, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in directory.parts:
            deeper = os.open(part, _DIRECTORY, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = deeper
        yield descriptor
    finally:
        os.close(descriptor)


def make_directories(top: Path, directory: PurePosixPath) -> Iterator[PurePosixPath]:
    """Create what is missing of ``directory``, and yield each as it is made; raises OSError."""
    for each in (*tuple(directory.parents)[-2::-1], directory):
        if not each.parts:
            continue
        with open_directory(top, each.parent) as parent:
            try:
                os.mkdir(each.name, dir_fd=parent)
            except FileExistsError:
                continue
        yield each


def read_file(top: Path, path: PurePosixPath) -> bytes | None:
    """Return the bytes of a regular file below ``top``, None when there is none; raises OSError."""
    try:
        with open_directory(top, path.parent) as directory:
            return read_regular(path.name, directory)
    except FileNotFoundError:
        return None


def read_regular(name: str, directory: int) -> bytes:
    """Return the bytes of a regular file in an open directory; raises OSError, never waits."""
    with open_regular(name, directory) as descriptor, open(descriptor, "rb", closefd=False) as file:
        return file.read()


@contextmanager
def open_regular(name: str, directory: int) -> Iterator[int]:
    """Open a regular file in an open directory, never through a link; raises OSError."""
    descriptor = os.open(name, _FILE, dir_fd=directory)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "is not a regular file", name)
        yield descriptor
    finally:
        os.close(descriptor)


def create_file(name: str, content: bytes, directory: int) -> None:
    """Create a file in an open directory; a half written one is removed. Raises OSError."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    descriptor = os.open(name, flags, 0o666, dir_fd=directory)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    except BaseException:
        os.unlink(name, dir_fd=directory)
        raise


def put_file(root: Path, path: PurePosixPath, content: bytes, mode: int) -> None:
    """Put a complete file in the place of whatever has its name, or of none; raises OSError."""
    for _made in make_directories(root, path.parent):
        pass
    with open_directory(root, path.parent) as directory:
        draft = f".{path.name}.{os.getpid()}.tmp"
        with suppress(FileNotFoundError):
            os.unlink(draft, dir_fd=directory)
        create_file(draft, content, directory)
        try:
            with open_regular(draft, directory) as descriptor:
                os.fchmod(descriptor, mode)
            os.rename(draft, path.name, src_dir_fd=directory, dst_dir_fd=directory)
        except BaseException:
            os.unlink(draft, dir_fd=directory)
            raise


def _twin(path: Path) -> str | None:
    """Return the name beside it that another disk would take for the same one."""
    try:
        names = {each.name for each in path.parent.iterdir()}
    except OSError:
        return None
    if path.name in names:
        return None
    wanted = _folded(path.name)
    return next((name for name in sorted(names) if _folded(name) == wanted), None)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _directory_obstacle(directory: Path) -> str | None:
    try:
        mode = directory.lstat().st_mode
    except FileNotFoundError:
        return None
    except OSError as error:
        return f"out of reach ({error.strerror})"
    if stat.S_ISLNK(mode):
        return "a symbolic link"
    if not stat.S_ISDIR(mode):
        return "a file"
    return "another git repository" if os.path.lexists(directory / ".git") else None


def _file_obstacle(file: Path) -> str | None:
    try:
        status = file.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        return f"cannot be looked at ({error.strerror})"
    if stat.S_ISLNK(status.st_mode):
        return "is a symbolic link"
    if not stat.S_ISREG(status.st_mode):
        return "is not a regular file"
    # A new version would take one name only, and the other would no longer follow.
    return "has another name, a hard link" if status.st_nlink > 1 else None
