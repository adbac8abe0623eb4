"""Edge: does a piece of work in a fork, so that a crash or a hang costs that piece alone."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable
from typing import NamedTuple

from .. import confine


class Finished(NamedTuple):
    """What a fork gave: its answer, or in ``problem`` how it died."""

    answer: object
    problem: str | None
    timed_out: bool = False
    failed: bool = False  # an error of ours: ``problem`` says which and where


def in_last_fork(work: Callable[[], object], seconds: float) -> Finished:
    """Do what ``in_fork`` does, in a fork that can start no process any more."""

    def alone() -> object:
        confine.refuse_processes()
        return work()

    return in_fork(alone, seconds)


def in_fork(work: Callable[[], object], seconds: float) -> Finished:
    """Return the JSON answer of ``work``; after ``seconds`` the fork is killed."""
    reader, writer = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _be_the_child(work, writer)
    os.close(writer)
    data, timed_out = _read(reader, time.monotonic() + seconds)
    os.close(reader)
    if timed_out:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return _finished(data, status, seconds, timed_out=timed_out)


def _be_the_child(work: Callable[[], object], writer: int) -> None:
    status = _FAILED
    try:
        confine.die_with_parent()
        _write(writer, json.dumps(work()).encode())
        status = 0
    finally:
        # Neither the parent's cleanup nor the project's atexit functions may run here.
        if status:
            _write(writer, _failure().encode())
        os._exit(status)


def _write(writer: int, data: bytes) -> None:
    while data:
        data = data[os.write(writer, data) :]


def _failure() -> str:
    """Return the kind of the error that is being handled, and where in our own files it came up."""
    kind, _, trace = sys.exc_info()
    own = [
        f"{os.path.basename(frame.filename)}:{frame.lineno}"
        for frame in traceback.extract_tb(trace)
        if frame.filename.startswith(_HARNESS)
    ]
    return f"{kind.__name__ if kind else 'an error'} in {own[-1] if own else 'an unknown place'}"


_HARNESS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_FAILED = 70  # EX_SOFTWARE


def _read(reader: int, end: float) -> tuple[bytes, bool]:
    data = bytearray()
    while True:
        ready, _, _ = select.select([reader], [], [], max(0.0, end - time.monotonic()))
        if not ready:
            return bytes(data), True
        chunk = os.read(reader, 65536)
        if not chunk:
            return bytes(data), False
        data += chunk


def _finished(data: bytes, status: int, seconds: float, *, timed_out: bool) -> Finished:
    if timed_out:
        return Finished(None, f"did not end within {seconds:.0f} s", timed_out=True)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) == _FAILED and data:
        text = data.decode("utf-8", "replace")
        return Finished(None, f"failed on it: {text}", failed=True)
    try:
        return Finished(json.loads(data), None)
    except ValueError:
        return Finished(None, _death(status))


def _death(status: int) -> str:
    if os.WIFSIGNALED(status):
        return f"killed by {signal.Signals(os.WTERMSIG(status)).name}"
    return f"ended the process with exit status {os.WEXITSTATUS(status)}"
