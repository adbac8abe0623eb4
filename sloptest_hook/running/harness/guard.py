"""Edge: an audit hook that refuses writes to places that last, processes and the network.

It also refuses to read what may be secret and what confinement keeps out of reach.

It is the same on every platform, it sees an attempt before the system does, and its text reaches
the report. It is Python inside the process it watches, so it stops accidents and says what was
tried; hostile code is the business of ``confine``.
"""

from __future__ import annotations

import os
import sys
import tempfile
from types import FrameType
from typing import Callable

from . import audit, callers
from .locating import printable
from .territory import Territory

_MOST_REMEMBERED = 100
_LONGEST_FAMILY = 40
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_STANDARD_STREAMS = (0, 1, 2)
# Raised with the name before it is made; it is new and nobody else's.
_NAMED_BY_TEMPFILE = frozenset({"tempfile.mkstemp", "tempfile.mkdtemp"})


class Refused(PermissionError):  # noqa: N818  # named for who reads the report
    """An act that code under watch may not do; the text says which."""


class _State:
    """What the hook knows; the one instance lives as long as the process."""

    __slots__ = ("enforcing", "installed", "judging", "programs", "refused", "territory")

    def __init__(self) -> None:
        self.installed = False
        self.enforcing = False
        self.judging = False
        self.programs = False
        self.refused: list[str] = []
        self.territory = Territory()


_state = _State()


def install(territory: Territory, *, programs: bool = False) -> None:
    """Add the audit hook, which nothing can remove; it does nothing until ``enforce(True)``.

    ``programs``: processes may be started. Another call names another territory and adds no second
    hook.
    """
    _state.territory = territory
    _state.programs = programs
    tempfile.gettempdir()  # it tries the directory by writing, which later would be refused
    if not _state.installed:
        _state.installed = True
        audit.listen({*_NAMED_BY_TEMPFILE, *_CHECKS}, _watch)


def allow(path: str) -> None:
    """Let code under watch change ``path`` and all that is below it."""
    _state.territory.allow(path)


def enforce(on: bool) -> None:  # noqa: FBT001  # the switch is what it is about
    """Switch refusing on or off, for all threads."""
    _state.enforcing = on


def refusals() -> list[str]:
    """Return what was refused so far, oldest first, also where the code swallowed the error."""
    return list(_state.refused)


def is_judging() -> bool:
    """Say whether the hook itself is looking at files now, to find out what an act is about."""
    return _state.judging


def _watch(event: str, args: tuple[object, ...]) -> None:
    if event in _NAMED_BY_TEMPFILE:
        _state.territory.allow_temporary(args[0])
    check = _CHECKS.get(event) if _state.enforcing else None
    if check is None:
        return
    _state.judging = True
    try:
        refusal = check(args)
    finally:
        _state.judging = False
    if refusal is not None:
        # The number stays exact: who asks compares it before and after.
        few = len(_state.refused) < _MOST_REMEMBERED
        _state.refused.append(refusal if few else "one act of many")
        raise Refused(refusal)


def _opening(args: tuple[object, ...]) -> str | None:
    """Judge ``open``: path or descriptor, mode (None from os.open), flags."""
    path, mode, flags = args[0], args[1], args[2]
    if isinstance(path, int):  # whatever opened it was judged; closing a stream hurts the session
        return f"opening file descriptor {path}" if path in _STANDARD_STREAMS else None
    writes = isinstance(flags, int) and flags & _WRITING
    if not writes and not (isinstance(mode, str) and set(mode) & set("wax+")):
        return _state.territory.read(path)
    # ``tempfile`` opens the directory itself for a file without a name.
    temporary = _state.territory.is_temporary_folder(path)
    return None if temporary else _state.territory.changed("writing", path)


def _database(args: tuple[object, ...]) -> str | None:
    """Judge ``sqlite3.connect``, which opens its file without Python's knowledge."""
    name = args[0]
    if name in {"", b"", ":memory:", b":memory:"}:
        return None
    if isinstance(name, str) and name.startswith("file:"):
        if ":memory:" in name or "mode=memory" in name or "mode=ro" in name:
            return None
        name = name[len("file:") :].partition("?")[0]
    return _state.territory.changed("writing", name)


def _changing(verb: str, *, path_at: int = 0, folder_at: int | None = None) -> _Check:
    """Return a check of an act that follows a symbolic link to the file it changes."""

    def check(args: tuple[object, ...]) -> str | None:
        return _state.territory.changed(verb, args[path_at], _argument(args, folder_at))

    return check


def _placing(verb: str, *places: tuple[int, int | None]) -> _Check:
    """Return a check of an act on directory entries; places are indexes of (path, dir_fd)."""

    def check(args: tuple[object, ...]) -> str | None:
        for path_at, folder_at in places:
            folder = _argument(args, folder_at)
            refusal = _state.territory.changed(verb, args[path_at], folder, follow=False)
            if refusal is not None:
                return refusal
        return None

    return check


def _never(act: str, at: int | None = None) -> _Check:
    """Return a check that always refuses; the argument at index ``at`` completes the text."""

    def check(args: tuple[object, ...]) -> str | None:
        what = _argument(args, at)
        return act if what is None else f"{act}: {printable(what)}"

    return check


def _process(at: int | None = None) -> _Check:
    """Return a check that refuses unless the configuration lets tests start processes."""
    refuse = _never("starting a process", at)

    def check(args: tuple[object, ...]) -> str | None:
        return None if _state.programs else refuse(args)

    return check


def _changing_mode(args: tuple[object, ...]) -> str | None:
    return _state.territory.mode_changed(args[0], args[1], _argument(args, 2))


def _making_socket(args: tuple[object, ...]) -> str | None:
    """Judge ``socket.__new__``, which is raised for a descriptor in new clothes as well.

    A pair of sockets, which event loops need, is made of such descriptors.
    """
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001  documented, and cheaper than inspect
    while frame is not None and frame.f_globals.get("__name__") != "socket":
        frame = frame.f_back
    if frame is not None and frame.f_locals.get("fileno") is not None:
        return None
    return f"network: a socket of family {str(args[1])[:_LONGEST_FAMILY]}"


def _sending(args: tuple[object, ...]) -> str | None:
    """Judge ``socket.sendmsg``: without an address it goes to where ``connect`` went."""
    return None if args[1] is None else f"network: {printable(args[1])}"


def _calling_c(args: tuple[object, ...]) -> str | None:
    """Judge ``ctypes.dlopen`` and ``dlsym``: behind them nothing is seen, in no world.

    Importing ctypes raises the event too, and installed packages are built on it.
    """
    if callers.project_frame(frozenset({"ctypes"})) is None:
        return None
    name = args[-1]
    return "calling C code" if name is None else f"calling C code: {printable(name)}"


def _argument(args: tuple[object, ...], at: int | None) -> object:
    return args[at] if at is not None and at < len(args) else None


_Check = Callable[["tuple[object, ...]"], "str | None"]

# The events of docs.python.org/3/library/audit_events.html that change something outside.
_CHECKS: dict[str, _Check] = {
    "open": _opening,
    "sqlite3.connect": _database,
    "os.truncate": _changing("writing"),
    "os.chmod": _changing_mode,
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
    "subprocess.Popen": _process(0),
    "os.system": _process(0),
    "os.exec": _process(0),
    "os.posix_spawn": _process(0),
    "os.spawn": _process(1),
    "os.startfile": _process(0),
    "pty.spawn": _process(0),
    "os.fork": _process(),
    "os.forkpty": _process(),
    "os.kill": _never("sending a signal"),
    "os.killpg": _never("sending a signal"),
    "socket.__new__": _making_socket,
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
    "webbrowser.open": _process(0),
}
