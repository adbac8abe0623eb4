"""Edge: which places code under watch may read and change, in words that do not change per run.

A place that lasts is all but the directories that are allowed and what ``tempfile`` made in this
process: a file with a fixed name in the temporary directory of today's run is the user's file when
they run the same test tomorrow.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable

from . import compiled
from .confining.private import is_private_place
from .locating import is_below, is_below_one_of, place_of, printable


class Territory:
    """The places of one process.

    ``scratch`` is the only directory below which ``tempfile`` may name places to write to.
    ``snapshot`` and HOME shorten paths in messages. ``readable`` empty: everything may be read but
    what may be secret. ``fakes_modes``: a change of a file's mode would only seem to happen.
    """

    def __init__(self, scratch: str = "", snapshot: str = "", *, fakes_modes: bool = False) -> None:
        self.fakes_modes = fakes_modes
        self._scratch = os.path.realpath(scratch)
        self._snapshot = os.path.realpath(snapshot)
        self._home = os.path.realpath(os.path.expanduser("~"))
        self._allowed: set[str] = set()
        self._readable: set[str] = set()
        # Of ours, in a private place as it may lie.
        self._kept = set(map(os.path.realpath, compiled.folders()))

    def allow(self, path: str) -> None:
        """Let ``path`` and all that is below it be changed."""
        self._allowed.add(os.path.realpath(path))

    def allow_temporary(self, path: object) -> None:
        """Allow a name that ``tempfile`` has made up, where it may."""
        place = os.path.realpath(os.fsdecode(path))  # type: ignore[arg-type]  # tempfile's event
        if is_below(place, self._scratch):
            self._allowed.add(place)

    def read_only_from(self, paths: Iterable[str]) -> None:
        """Let nothing be read that exists and lies elsewhere than below these paths."""
        self._readable = {os.path.realpath(path) for path in paths}

    def is_temporary_folder(self, path: object) -> bool:
        """Say whether a path is a directory in which ``tempfile`` may make files."""
        try:
            place = os.path.realpath(os.fsdecode(path))  # type: ignore[arg-type]
        except (TypeError, ValueError):
            return False
        return is_below(place, self._scratch) and os.path.isdir(place)

    def changed(
        self, verb: str, path: object, folder: object = None, *, follow: bool = True
    ) -> str | None:
        """Return the refusal of a change to ``path``, or None when it is allowed."""
        try:
            place = place_of(path, folder)
        except (TypeError, ValueError):
            return None  # no path at all: the call itself will say so
        if place is None:
            return None
        if follow:
            place = os.path.realpath(place)
        else:
            parent, name = os.path.split(place.rstrip(os.sep))
            place = os.path.join(os.path.realpath(parent), name)
        allowed = place == os.devnull or is_below_one_of(place, self._allowed)
        return None if allowed else self._told(verb, place)

    def mode_changed(self, path: object, mode: object, folder: object) -> str | None:
        """Return the refusal of a change of mode; one that changes nothing is allowed."""
        refusal = self.changed("changing", path, folder)
        if refusal is not None or not self.fakes_modes:
            return refusal
        try:
            place = place_of(path, folder)
            same = place is None or stat.S_IMODE(os.stat(place).st_mode) == mode
        except (OSError, TypeError, ValueError):
            return None
        return None if same else "changing the mode of a file"

    def read(self, path: object) -> str | None:
        """Return the refusal of a look into a file: it may be secret, or it is out of reach."""
        try:
            named = os.path.abspath(os.fsdecode(path))  # type: ignore[arg-type]
            place = os.path.realpath(named)
        except (TypeError, ValueError):
            return None
        if is_below(place, self._scratch) or is_below_one_of(place, self._allowed | self._kept):
            return None
        if any(is_private_place(self._inner(each)) for each in (named, place)):
            return f"reading what may be secret: {printable(self._short(place))}"
        if not self._readable or is_below_one_of(place, self._readable) or place == os.devnull:
            return None
        there = os.path.lexists(place)
        return f"reading a file of this machine: {printable(self._short(place))}" if there else None

    def _inner(self, place: str) -> str:
        """Return a place of the snapshot as if that were the root: it may lie in ``.git``."""
        if not is_below(place, self._snapshot):
            return place
        return os.sep + os.path.relpath(place, self._snapshot)

    def _told(self, verb: str, place: str) -> str:
        if is_below(place, self._scratch):
            name = os.path.relpath(place, self._scratch)
            return f"{verb} a fixed name in the temporary directory: {printable(name)}"
        return f"{verb} outside the scratch directory: {printable(self._short(place))}"

    def _short(self, place: str) -> str:
        if is_below(place, self._snapshot):
            return os.path.relpath(place, self._snapshot)
        if is_below(place, self._home):
            return os.path.join("~", os.path.relpath(place, self._home))
        return place
