"""Edge: the files that a call leaves in the directory of its case."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from .checks import Check

_MOST = 12
_LONGEST = 400


def files_in(folder: str) -> dict[str, str]:
    """Return the short texts below a directory by their relative paths."""
    return dict(sorted(_texts(folder)))


def _texts(folder: str) -> Iterator[tuple[str, str]]:
    for place, _, names in os.walk(folder):
        for name in sorted(names)[:_MOST]:
            path = os.path.join(place, name)
            text = _text(path)
            if text is not None:
                yield os.path.relpath(path, folder), text


def _text(path: str) -> str | None:
    try:
        if os.path.getsize(path) > _LONGEST:
            return None
        with open(path, encoding="utf-8", newline="") as stream:
            return stream.read()
    except (OSError, ValueError):
        return None


def file_checks(written: Mapping[str, str], arrange: tuple[str, ...]) -> list[Check]:
    """Return a check on the content of each file, by the variable that names it where one does."""
    checks: list[Check] = []
    for name, text in list(written.items())[:2]:
        place = " / ".join(["tmp_path", *(repr(part) for part in name.split(os.sep))])
        named = f'path = tmp_path / "{name}"'
        owner = "path" if named in arrange else f"({place})"
        # As text, where a line ends as it does in Python.
        expected = text.replace("\r\n", "\n").replace("\r", "\n")
        checks.append(Check(f'{owner}.read_text(encoding="utf-8")', "equals", repr(expected)))
    return checks
