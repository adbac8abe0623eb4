"""Edge: refuses ``open(3)``: a number where a path is expected opens somebody else's descriptor."""

from __future__ import annotations

import contextlib
import os
import sys

from .. import guard

_MOST = 64


class _Switch:
    """Which numbers are refused now; an audit hook cannot be taken away again."""

    installed = False
    refused: frozenset[int] = frozenset()


def refuse_open_descriptors() -> None:
    """Refuse the numbers that are open now; those that the code opens itself stay its own."""
    _Switch.refused = frozenset(filter(_is_open, range(_MOST)))
    if not _Switch.installed:
        _Switch.installed = True
        sys.addaudithook(_watch)


def allow_descriptors() -> None:
    """Refuse nothing any longer."""
    _Switch.refused = frozenset()


def _is_open(number: int) -> bool:
    with contextlib.suppress(OSError):
        os.fstat(number)
        return True
    return False


def _watch(event: str, args: tuple[object, ...]) -> None:
    if event == "open" and isinstance(args[0], int) and args[0] in _Switch.refused:
        raise guard.Refused(f"opening file descriptor {args[0]}")
