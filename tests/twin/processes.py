"""The processes of one world, seen from outside: who is left, who is stopped, who sleeps.

Only Linux shows where a process is and what environment it was started with.
"""

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.twin.world import World

ARE_SHOWN = Path("/proc/self/environ").exists()
_PROCESSES = Path("/proc")
_GLANCE = 0.01


def of_world(world: World) -> list[int]:
    """Return the processes that work in a world or whose environment names a path of it.

    The hook's temporary directory, git's variables and the snapshot all lie there, so this finds
    a daemon too. One that has ended and waits for its parent is none.
    """
    wanted = os.fsencode(world.side)
    return [pid for pid in _own() if _is_alive(pid) and wanted in _traces(pid)]


def are_gone(world: World, seconds: float) -> list[str]:
    """Wait until no process of a world is left; return those that are there after that time."""
    wait_until(lambda: not of_world(world), seconds)
    return [f"{pid}: {command(pid)}" for pid in of_world(world)]


def resume(world: World) -> None:
    """Let those go on that somebody has stopped."""
    for pid in of_world(world):
        if state(pid) in "Tt":
            end(pid, signal.SIGCONT)


def wait_until(is_so: Callable[[], object], seconds: float) -> bool:
    """Look again and again, and tell whether it came true in that time."""
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            return False
        time.sleep(_GLANCE)
    return True


def end(pid: int, number: int) -> None:
    """Send a signal to a process that may have ended."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def command(pid: int) -> str:
    return os.fsdecode(_read(pid, "cmdline").replace(b"\0", b" ")).strip()


def state(pid: int) -> str:
    """Return the letter that the system shows, Z for one that has ended and for none."""
    return os.fsdecode(_read(pid, "stat").rpartition(b") ")[2][:1]) or "Z"


def _is_alive(pid: int) -> bool:
    return state(pid) not in "ZX"


def _traces(pid: int) -> bytes:
    place = b""
    with contextlib.suppress(OSError):
        place = os.fsencode((_PROCESSES / str(pid) / "cwd").readlink())
    return place + b"\0" + _read(pid, "environ")


def _read(pid: int, name: str) -> bytes:
    try:
        return (_PROCESSES / str(pid) / name).read_bytes()
    except OSError:
        return b""


def _own() -> Iterator[int]:
    for entry in os.scandir(_PROCESSES):
        if entry.name.isdecimal() and int(entry.name) != os.getpid():
            yield int(entry.name)
