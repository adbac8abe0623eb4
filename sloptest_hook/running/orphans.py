"""Edge: ends processes that a run started and that left its process group.

A daemon leaves group and session but keeps the environment it was started with, so every run marks
its environment. One that was started with another environment becomes a child of this process, if
this has asked for orphans. Only Linux does both; elsewhere the group is all.
"""

import contextlib
import os
import signal
import sys
import threading
from pathlib import Path

MARK = "SLOPTEST_RUN"
_PROCESSES = Path("/proc")
_PR_SET_CHILD_SUBREAPER = 36
_leaders: set[int] = set()  # the runs that are not over: what is in their sessions is theirs
# Held from the start of a process until it is among the leaders: runs may begin side by side.
starting = threading.Lock()


def sweep(mark: str) -> None:
    """Kill every process that carries this mark; called when the run itself is over."""
    wanted = f"{MARK}={mark}".encode()
    for process in _own_processes():
        with contextlib.suppress(OSError):  # ended meanwhile, or became somebody else's
            if wanted in (_PROCESSES / process / "environ").read_bytes().split(b"\0"):
                os.kill(int(process), signal.SIGKILL)


def adopt_orphans() -> None:
    """Become the parent of processes whose own parent ends, from now on."""
    if sys.platform.startswith("linux"):
        import ctypes  # 3 ms, for runs that may start processes alone

        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def begin(leader: int) -> None:
    """Remember a run by its process, which leads a session."""
    _leaders.add(leader)


def sweep_adopted(leader: int) -> None:
    """Kill the adopted children that belong to no run and no session of ours; the run is over.

    What we have started ourselves is in our session, or is the leader of a run.
    """
    with starting:
        _leaders.discard(leader)
        ours = {os.getsid(0), *_leaders}
        for child in _children():
            with contextlib.suppress(OSError):
                if child not in _leaders and os.getsid(child) not in ours:
                    os.kill(child, signal.SIGKILL)
                    os.waitpid(child, 0)


def _children() -> list[int]:
    found: list[int] = []
    with contextlib.suppress(OSError):
        for thread in (_PROCESSES / "self" / "task").iterdir():
            found += map(int, (thread / "children").read_text().split())
    return found


def _own_processes() -> list[str]:
    me = os.getuid()
    found = []
    with contextlib.suppress(OSError), os.scandir(_PROCESSES) as entries:
        for entry in entries:
            with contextlib.suppress(OSError):
                if entry.name.isdecimal() and entry.stat().st_uid == me:
                    found.append(entry.name)
    return found
