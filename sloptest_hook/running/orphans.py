"""Edge: ends processes that a run started and that left its process group.

A daemon leaves group and session but keeps the environment it was started with, so every run marks
its environment. Only Linux shows the environment of a process; elsewhere the group is all.
"""

import contextlib
import os
import signal
from pathlib import Path

MARK = "SLOPTEST_RUN"
_PROCESSES = Path("/proc")


def sweep(mark: str) -> None:
    """Kill every process that carries this mark; called when the run itself is over."""
    wanted = f"{MARK}={mark}".encode()
    for process in _own_processes():
        with contextlib.suppress(OSError):  # ended meanwhile, or became somebody else's
            if wanted in (_PROCESSES / process / "environ").read_bytes().split(b"\0"):
                os.kill(int(process), signal.SIGKILL)


def _own_processes() -> list[str]:
    me = os.getuid()
    found = []
    with contextlib.suppress(OSError), os.scandir(_PROCESSES) as entries:
        for entry in entries:
            with contextlib.suppress(OSError):
                if entry.name.isdecimal() and entry.stat().st_uid == me:
                    found.append(entry.name)
    return found
