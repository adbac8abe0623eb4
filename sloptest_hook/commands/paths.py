"""Edge: file names as they were typed, as paths of the repository."""

import os
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from sloptest_hook.errors import UsageError


def paths_of(files: Sequence[str], top: Path) -> list[PurePosixPath]:
    """Return the arguments relative to the top of the working tree.

    Raises UsageError for what is not there or lies outside.
    """
    return [_path(file, top) for file in files]


def _path(file: str, top: Path) -> PurePosixPath:
    place = Path(file)
    if not os.path.lexists(place):
        raise UsageError(f"{file}: there is no such file. Name files of {top}.")
    path = PurePosixPath(os.path.relpath(place.parent.resolve() / place.name, top.resolve()))
    if ".." in path.parts:
        raise UsageError(f"{file} is outside of the repository. Name files of {top}.")
    return path
