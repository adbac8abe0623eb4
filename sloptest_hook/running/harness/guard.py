"""Edge: an audit hook that refuses writes to places that last, processes and the network.

It is the same on every platform, it sees an attempt before the system does, and its text reaches
the report. It is Python inside the process it watches, so it stops accidents and says what was
tried; hostile code is the business of ``confine``.

A place that lasts is all but the directories that ``allow`` names and what ``tempfile`` made in
this process: a file with a fixed name in the temporary directory of today's run is the user's file
when they run the same test tomorrow.
"""

from __future__ import annotations

import os
import tempfile
from typing import Callable

from . import audit, callers

_MOST_REMEMBERED = 100
_LONGEST_NAME = 200
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_STANDARD_STREAMS = (0, 1, 2)
# Raised with the name before it is made; it is new and nobody else's.
_NAMED_BY_TEMPFILE = frozenset({"tempfile.mkstemp", "tempfile.mkdtemp"})


class Refused(PermissionError):  # noqa: N818  # named for who reads the report
    """An act that code under watch may not do; the text says which."""


class _Places:
    """What the hook knows; the one instance lives as long as the process."""

    __slots__ = ("allowed", "enforcing", "home", "installed", "refused", "scratch", "snapshot")

    def __init__(self) -> None:
        self.installed = False
        self.enforcing = False
        self.scratch = ""
        self.snapshot = ""
        self.home = ""
        self.allowed: set[str] = set()
        self.refused: list[str] = []


_places = _Places()


def install(scratch: str, snapshot: str) -> None:
    """Add the audit hook, which nothing can remove; it does nothing until ``enforce(True)``.

    ``scratch`` is the only directory below which ``tempfile`` may name places to write to; the
    others are told by ``allow``. ``snapshot`` and HOME shorten paths in messages. Another call
    names other directories and adds no second hook.
    """
    _places.scratch = os.path.realpath(scratch)
    _places.snapshot = os.path.realpath(snapshot)
    _places.home = os.path.realpath(os.path.expanduser("~"))
    tempfile.gettempdir()  # it tries the directory by writing, which later would be refused
    if not _places.installed:
        _places.installed = True
        audit.listen({*_NAMED_BY_TEMPFILE, *_CHECKS}, _watch)


def allow(path: str) -> None:
    """Let code under watch change ``path`` and all that is below it."""
    _places.allowed.add(os.path.realpath(path))


def enforce(on: bool) -> None:  # noqa: FBT001  # the switch is what it is about
    """Switch refusing on or off, for all threads."""
    _places.enforcing = on


def refusals() -> list[str]:
    """Return what was refused so far, oldest first, also where the code swallowed the error."""
    return list(_places.refused)


def _watch(event: str, args: tuple[object, ...]) -> None:
    if event in _NAMED_BY_TEMPFILE:
        _allow_temporary(args[0])
    check = _CHECKS.get(event) if _places.enforcing else None
    if check is None:
        return
    refusal = check(args)
    if refusal is not None:
        # The number stays exact: who asks compares it before and after.
        few = len(_places.refused) < _MOST_REMEMBERED
        _places.refused.append(refusal if few else "one act of many")
        raise Refused(refusal)


def _allow_temporary(path: object) -> None:
    place = os.path.realpath(os.fsdecode(path))  # type: ignore[arg-type]  # tempfile's own event
    if _is_below(place, _places.scratch):
        _places.allowed.add(place)


def _opening(args: tuple[object, ...]) -> str | None:
    """Judge ``open``: path or descriptor, mode (None from os.open), flags."""
    path, mode, flags = args[0], args[1], args[2]
    if isinstance(path, int):  # whatever opened it was judged; closing a stream hurts the session
        return f"opening file descriptor {path}" if path in _STANDARD_STREAMS else None
    writes = isinstance(flags, int) and flags & _WRITING
    if not writes and not (isinstance(mode, str) and set(mode) & set("wax+")):
        return None
    # ``tempfile`` opens the directory itself for a file without a name.
    return None if _is_temporary_folder(path) else _outside("writing", path)


def _is_temporary_folder(path: object) -> bool:
    try:
        place = os.path.realpath(os.fsdecode(path))  # type: ignore[arg-type]  # see _outside
    except (TypeError, ValueError):
        return False
    return _is_below(place, _places.scratch) and os.path.isdir(place)


def _database(args: tuple[object, ...]) -> str | None:
    """Judge ``sqlite3.connect``, which opens its file without Python's knowledge."""
    name = args[0]
    if name in {"", b"", ":memory:", b":memory:"}:
        return None
    if isinstance(name, str) and name.startswith("file:"):
        if ":memory:" in name or "mode=memory" in name or "mode=ro" in name:
            return None
        name = name[len("file:") :].partition("?")[0]
    return _outside("writing", name)


def _changing(verb: str, *, path_at: int = 0, folder_at: int | None = None) -> _Check:
    """Return a check of an act that follows a symbolic link to the file it changes."""

    def check(args: tuple[object, ...]) -> str | None:
        return _outside(verb, args[path_at], _argument(args, folder_at))

    return check


def _placing(verb: str, *places: tuple[int, int | None]) -> _Check:
    """Return a check of an act on directory entries; places are indexes of (path, dir_fd)."""

    def check(args: tuple[object, ...]) -> str | None:
        for path_at, folder_at in places:
            folder = _argument(args, folder_at)
            refusal = _outside(verb, args[path_at], folder, follow=False)
            if refusal is not None:
                return refusal
        return None

    return check


def _never(act: str, at: int | None = None) -> _Check:
    """Return a check that always refuses; the argument at index ``at`` completes the text."""

    def check(args: tuple[object, ...]) -> str | None:
        what = _argument(args, at)
        return act if what is None else f"{act}: {_printable(what)}"

    return check


def _sending(args: tuple[object, ...]) -> str | None:
    """Judge ``socket.sendmsg``: without an address it goes to where ``connect`` went."""
    return None if args[1] is None else f"network: {_printable(args[1])}"


def _calling_c(args: tuple[object, ...]) -> str | None:
    """Judge ``ctypes.dlopen`` and ``dlsym``: behind them nothing is seen, in no world.

    Importing ctypes raises the event too, and installed packages are built on it.
    """
    if callers.project_frame(frozenset({"ctypes"})) is None:
        return None
    name = args[-1]
    return "calling C code" if name is None else f"calling C code: {_printable(name)}"


def _argument(args: tuple[object, ...], at: int | None) -> object:
    return args[at] if at is not None and at < len(args) else None


def _outside(verb: str, path: object, folder: object = None, *, follow: bool = True) -> str | None:
    """Return the refusal of a change to ``path``, or None when it is allowed.

    ``folder`` is a directory's descriptor that a relative path starts from, -1 or None for none.
    """
    try:
        place = _place(path, folder)
    except (TypeError, ValueError):
        return None  # no path at all: the call itself will say so
    if place is None:
        return None
    if follow:
        place = os.path.realpath(place)
    else:
        parent, name = os.path.split(place.rstrip(os.sep))
        place = os.path.join(os.path.realpath(parent), name)
    return None if place == os.devnull or _is_allowed(place) else _told(verb, place)


def _is_allowed(place: str) -> bool:
    while place not in _places.allowed:
        parent = os.path.dirname(place)
        if parent == place:
            return False
        place = parent
    return True


def _told(verb: str, place: str) -> str:
    """Return the refusal of a place, in words that do not change from run to run."""
    if _is_below(place, _places.scratch):
        name = os.path.relpath(place, _places.scratch)
        return f"{verb} a fixed name in the temporary directory: {_printable(name)}"
    if _is_below(place, _places.snapshot):
        place = os.path.relpath(place, _places.snapshot)
    elif _is_below(place, _places.home):
        place = os.path.join("~", os.path.relpath(place, _places.home))
    return f"{verb} outside the scratch directory: {_printable(place)}"


def _place(path: object, folder: object) -> str | None:
    """Return an absolute path; None for what has no name (a pipe, a deleted file)."""
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


def _is_below(place: str, folder: str) -> bool:
    return place == folder or place.startswith(folder.rstrip(os.sep) + os.sep)


def _printable(what: object) -> str:
    text = os.fsdecode(what) if isinstance(what, (str, bytes)) else repr(what)
    return text if len(text) <= _LONGEST_NAME else text[:_LONGEST_NAME] + "..."


_Check = Callable[["tuple[object, ...]"], "str | None"]

# The events of docs.python.org/3/library/audit_events.html that change something outside.
_CHECKS: dict[str, _Check] = {
    "open": _opening,
    "sqlite3.connect": _database,
    "os.truncate": _changing("writing"),
    "os.chmod": _changing("changing", folder_at=2),
    "os.chown": _changing("changing", folder_at=3),
    "os.chflags": _changing("changing"),
    "os.utime": _changing("changing", folder_at=3),
    "os.setxattr": _changing("changing"),
    "os.removexattr": _changing("changing"),
    "os.mkdir": _placing("creating", (0, 2)),
    "os.symlink": _placing("creating", (1, 2)),
    "os.link": _placing("linking", (0, 2), (1, 3)),
    "os.rename": _placing("moving", (0, 2), (1, 3)),
    "os.remove": _placing("removing", (0, 1)),
    "os.rmdir": _placing("removing", (0, 1)),
    "shutil.rmtree": _placing("removing", (0, 1)),
    "subprocess.Popen": _never("starting a process", 0),
    "os.system": _never("starting a process", 0),
    "os.exec": _never("starting a process", 0),
    "os.posix_spawn": _never("starting a process", 0),
    "os.spawn": _never("starting a process", 1),
    "os.startfile": _never("starting a process", 0),
    "pty.spawn": _never("starting a process", 0),
    "os.fork": _never("starting a process"),
    "os.forkpty": _never("starting a process"),
    "os.kill": _never("sending a signal"),
    "os.killpg": _never("sending a signal"),
    "socket.connect": _never("network", 1),
    "socket.bind": _never("network", 1),
    "socket.sendto": _never("network", 1),
    "socket.sendmsg": _sending,
    "socket.getaddrinfo": _never("network", 0),
    "socket.gethostbyname": _never("network", 0),
    "socket.gethostbyaddr": _never("network", 0),
    "socket.getnameinfo": _never("network", 0),
    "ctypes.dlopen": _calling_c,
    "ctypes.dlsym": _calling_c,
    "ctypes.dlsym/handle": _calling_c,
    "syslog.syslog": _never("writing to the system log"),
    "webbrowser.open": _never("starting a process", 0),
}
