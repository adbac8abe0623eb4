"""Edge: which place an act of Python is about: paths, bytes, descriptors, relative to a folder."""

from __future__ import annotations

import os

_LONGEST_NAME = 200


def place_of(path: object, folder: object = None) -> str | None:
    """Return an absolute path; None for what has no name (a pipe, a deleted file).

    ``folder`` is a directory's descriptor that a relative path starts from, -1 or None for none.
    Raises TypeError or ValueError for what is no path at all.
    """
    if isinstance(path, int):
        return _named(path)
    text = os.fsdecode(path)  # type: ignore[arg-type]  # TypeError is the caller's answer
    if isinstance(folder, int) and folder >= 0 and not os.path.isabs(text):
        start = _named(folder)
        return None if start is None else os.path.join(start, text)
    return os.path.join(os.getcwd(), text)


def _named(descriptor: int) -> str | None:
    """Return the path behind a descriptor, where the system tells."""
    try:
        name = os.readlink(f"/proc/self/fd/{descriptor}")
    except OSError:
        return None
    return name if os.path.isabs(name) and not name.endswith(" (deleted)") else None


def is_below(place: str, folder: str) -> bool:
    """Say whether a path is a folder or something in it."""
    return place == folder or place.startswith(folder.rstrip(os.sep) + os.sep)


def is_below_one_of(place: str, folders: set[str]) -> bool:
    """Say the same of many folders; the time hangs on the depth of the path alone."""
    while place not in folders:
        parent = os.path.dirname(place)
        if parent == place:
            return False
        place = parent
    return True


def printable(what: object) -> str:
    """Return a short text for a message."""
    text = os.fsdecode(what) if isinstance(what, (str, bytes)) else repr(what)
    return text if len(text) <= _LONGEST_NAME else text[:_LONGEST_NAME] + "..."
