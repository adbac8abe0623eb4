"""Edge: the probe task: confine this process as a run of generated tests is, then try to get out.

The request holds ``scratch``, ``sandbox``, ``trees``, and what to reach for: ``outside`` (a
folder), ``secret`` (a file), ``port`` (of a local listener, TCP and UDP). The reply is
``level``, ``layers`` and ``open``: the acts that succeeded.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from typing import Any, Callable

from . import confine

Reply = Callable[["dict[str, object]"], None]


def main(request: dict[str, Any], reply: Reply) -> None:
    """Answer once."""
    found = confine.confined(request, request["trees"], forks=False)
    acts = _acts(request["outside"], request["secret"], int(request["port"]))
    succeeded = [name for name, act in acts.items() if _succeeds(act)]
    reply({"level": found.level, "layers": found.layers, "open": succeeded})


def _acts(outside: str, secret: str, port: int) -> Mapping[str, Callable[[], object]]:
    here = ("127.0.0.1", port)
    return {
        "writing outside": lambda: os.close(
            os.open(f"{outside}/written", os.O_CREAT | os.O_WRONLY)
        ),
        "reading a secret": lambda: os.close(os.open(secret, os.O_RDONLY)),
        "TCP": lambda: socket.create_connection(here, 1.0).close(),
        "UDP": lambda: _send(here),
        "signals to others": lambda: os.kill(os.getppid(), 0),
        "starting a process": _start,
        "the terminal": lambda: os.close(os.open("/dev/tty", os.O_RDWR)),
    }


def _send(address: tuple[str, int]) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"x", address)


def _start() -> None:
    child = os.posix_spawn("/bin/sh", ["sh", "-c", ":"], {})
    if os.waitpid(child, 0)[1]:
        raise OSError("the child did not run")


def _succeeds(act: Callable[[], object]) -> bool:
    try:
        act()
    except OSError:
        return False
    return True
