"""Edge: removes from a directory whatever does not belong there, and nothing outside of it.

Not `git clean`: that would be one wrong environment variable away from the user's own files.
"""

import os
import shutil
import stat
from collections.abc import Collection
from pathlib import Path


def sweep(root: Path, files: Collection[str]) -> None:
    """Remove every entry below ``root`` that is neither one of ``files`` nor a directory of one.

    A symbolic link is removed and never followed, even where a directory is expected.
    Raises OSError.
    """
    directories = _directories(files)
    waiting = [""]
    while waiting:
        place = waiting.pop()
        # scandir says what a name is without a look at each of 20,000 files.
        with os.scandir(root / place) as entries:
            found = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
        for name, is_directory in found:
            path = f"{place}/{name}" if place else name
            if is_directory and path in directories:
                waiting.append(path)
            elif is_directory or path not in files:
                remove(root / path)


def remove(path: Path) -> None:
    """Remove a file, a link, or a directory with all that it holds; raises OSError."""
    if not _is_directory(path):
        path.unlink(missing_ok=True)
        return
    try:
        shutil.rmtree(path)
    except PermissionError:
        _give_rights_back(path)
        shutil.rmtree(path)


def _give_rights_back(directory: Path) -> None:
    """Open what a test has locked, each directory before a look into it."""
    directory.chmod(stat.S_IRWXU)
    for place, names, _files in os.walk(directory):
        for name in names:
            if not (Path(place) / name).is_symlink():
                (Path(place) / name).chmod(stat.S_IRWXU)


def _directories(files: Collection[str]) -> frozenset[str]:
    found: set[str] = set()
    for file in files:
        parent = file.rpartition("/")[0]
        while parent and parent not in found:
            found.add(parent)
            parent = parent.rpartition("/")[0]
    return frozenset(found)


def _is_directory(path: Path) -> bool:
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except FileNotFoundError:
        return False
