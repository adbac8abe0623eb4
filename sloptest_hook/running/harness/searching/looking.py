"""Edge: notices looks at files that differ from machine to machine, and says what was refused.

The guard refuses what changes something; this one only takes note: a case that depends on whether
``/etc/hosts`` or some ``.env`` exists is not worth keeping, whatever the code does about it.
"""

from __future__ import annotations

import os
import pathlib
import sys
from collections.abc import Callable

from .. import compiled, guard

_LISTING = ("os.listdir", "os.scandir")
_ASKING = ("stat", "lstat", "access", "readlink")
_MOST = 100
_SHARED = ("/usr/share/zoneinfo", os.devnull)


class _Looks:
    """What is watched; the audit hook cannot be taken away again."""

    installed = False
    on = False
    own: tuple[str, ...] = ()
    above: frozenset[str] = frozenset()  # resolving a path asks about each directory on its way
    snapshot = ""
    seen: list[str] = []  # noqa: RUF012  one for the process, like the hook


def enforce(on: bool, scratch: str = "", snapshot: str = "") -> None:  # noqa: FBT001
    """Switch refusing and noticing on or off; the places are needed the first time."""
    if scratch and not _Looks.installed:
        _Looks.installed = True
        _Looks.snapshot = os.path.realpath(snapshot)
        kept = map(os.path.realpath, compiled.folders())
        _Looks.own = (os.path.realpath(scratch), *_interpreter(), *_SHARED, *kept)
        _Looks.above = frozenset(map(str, pathlib.PurePath(_Looks.own[0]).parents))
        sys.addaudithook(_watch)
        _wrap_questions()
    _Looks.on = on
    guard.enforce(on)


def refusals() -> list[str]:
    """Return what was refused or noticed so far."""
    return [*guard.refusals(), *_Looks.seen]


def refuse(what: str) -> None:
    """Take note of an act that makes a case worthless."""
    if _Looks.on:
        _Looks.seen.append(what)


def _interpreter() -> list[str]:
    places = [sys.prefix, sys.base_prefix, sys.exec_prefix, *(each for each in sys.path if each)]
    resolved = [os.path.realpath(each) for each in places]
    return [each for each in resolved if not _is_below(each, _Looks.snapshot)]


def _wrap_questions() -> None:
    """Let ``os.stat`` and the like be noticed: they raise no audit event."""
    for name in _ASKING:
        _replace(os, name)
    accessor = getattr(pathlib, "_NormalAccessor", None)  # until Python 3.9
    for name in _ASKING:
        if name in getattr(accessor, "__dict__", {}):
            setattr(accessor, name, staticmethod(getattr(os, name)))


def _replace(owner: object, name: str) -> None:
    real: Callable[..., object] = getattr(owner, name)

    def asked(path: object, *args: object, **options: object) -> object:
        if not _Looks.on or guard.is_judging():
            return real(path, *args, **options)
        if isinstance(path, int):
            _Looks.seen.append("looking at a file descriptor")  # what it is depends on who runs it
        else:
            _judge(path)
        return real(path, *args, **options)

    # os.supports_follow_symlinks and the like hold the real ones: shutil asks them.
    for known in (os.supports_follow_symlinks, os.supports_dir_fd, os.supports_effective_ids):
        if real in known:
            known.add(asked)
    setattr(owner, name, asked)


def _watch(event: str, args: tuple[object, ...]) -> None:
    if not _Looks.on:
        return
    if event in _LISTING or event == "open":
        _judge("." if args[0] is None else args[0])


def _judge(path: object) -> None:
    if not isinstance(path, (str, bytes, pathlib.PurePath)):
        return
    _Looks.on = False  # finding out looks at files too
    try:
        place = os.path.realpath(os.fsdecode(path))
        fine = _is_everywhere(place)
    except (ValueError, OSError):
        fine = True
    _Looks.on = True
    if not fine:  # the number stays exact: who asks compares it before and after
        few = len(_Looks.seen) < _MOST
        text = f"looking at a file of this machine: {os.fsdecode(path)[:200]}"
        _Looks.seen.append(text if few else "one look of many")


def _is_everywhere(place: str) -> bool:
    """Whether a path is the test's own, part of the interpreter, or a file of the project.

    What a project does not have another checkout of it may have: an ignored ``.env``.
    """
    if place in _Looks.above or any(_is_below(place, folder) for folder in _Looks.own):
        return True
    return _is_below(place, _Looks.snapshot) and os.path.exists(place)


def _is_below(place: str, folder: str) -> bool:
    return place == folder or place.startswith(folder.rstrip(os.sep) + os.sep)
