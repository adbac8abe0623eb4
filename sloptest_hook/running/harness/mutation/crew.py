"""Edge: forks side by side, each with one piece of work, a clock and a processor clock."""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import tempfile
import time
from collections.abc import Iterable, Iterator
from typing import Any, Callable, NamedTuple

from .. import confine

_PATIENCE = 0.05  # seconds between two looks at the clocks
_EXTENSION, _MOST_EXTENSIONS = 1.0, 10.0
_LEAST_PROGRESS = 0.002  # seconds of the processor


class Job(NamedTuple):
    """A piece of work: what it is called, and how long it may take by clock and by processor."""

    name: Any
    work: Callable[[], object]
    seconds: float
    cpu_seconds: float


class Done(NamedTuple):
    """What became of a job: its JSON answer, or none: then it hung, or the process died."""

    job: Job
    answer: Any
    timed_out: bool = False


class _Running:
    """A fork at work. A busy machine may starve it: while it gets on, it gets more time."""

    def __init__(self, job: Job, child: int, reader: int, room: str) -> None:
        self.job = job
        self.child = child
        self.reader = reader
        self.room = room
        self.end = time.monotonic() + job.seconds
        self._last = self.end + _MOST_EXTENSIONS * job.seconds
        self._used = -_LEAST_PROGRESS

    def is_late(self) -> bool:
        """Say whether its time is over; a fork that waits for nothing that comes uses no cpu."""
        if time.monotonic() < self.end:
            return False
        used = _cpu_seconds(self.child)
        if used < self._used + _LEAST_PROGRESS or time.monotonic() > self._last:
            return True
        self._used = used
        self.end = time.monotonic() + _EXTENSION
        return False


def forked(jobs: Iterable[Job], scratch: str, most: int, until: float) -> Iterator[Done]:
    """Yield jobs as they end, at most so many at a time; none begins after ``until``.

    Each has a directory for temporary files of its own, which is gone when it has ended.
    """
    waiting = iter(jobs)
    running: dict[int, _Running] = {}
    try:
        while True:
            while len(running) < most and time.monotonic() < until:
                job = next(waiting, None)
                if job is None:
                    break
                started = _start(job, scratch)
                running[started.reader] = started
            if not running:
                return
            ready, _, _ = select.select(list(running), [], [], _PATIENCE)
            late = [r for r, each in running.items() if r not in ready and each.is_late()]
            for reader in dict.fromkeys([*ready, *late]):
                each = running.pop(reader)
                yield _ended(each, late=reader not in ready)
    finally:
        for each in running.values():
            _ended(each, late=True)


def _start(job: Job, scratch: str) -> _Running:
    reader, writer = os.pipe()
    room = tempfile.mkdtemp(prefix="m-", dir=scratch)
    child = os.fork()
    if child == 0:
        os.close(reader)
        _be_the_child(job, writer, room)
    os.close(writer)
    return _Running(job, child, reader, room)


def _be_the_child(job: Job, writer: int, room: str) -> None:
    status = 1
    try:
        confine.die_with_parent()
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, job.cpu_seconds)
        confine.refuse_processes()
        os.environ["TMPDIR"] = tempfile.tempdir = room
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (1, 2):
            os.dup2(null, stream)
        data = json.dumps(job.work()).encode() + b"\n"
        while data:
            data = data[os.write(writer, data) :]
        status = 0
    finally:
        os._exit(status)  # neither the parent's cleanup nor exit functions of the project


def _ended(each: _Running, *, late: bool) -> Done:
    """Read what a child has said, and leave nothing of it."""
    data = b"" if late else _line(each.reader, time.monotonic() + _EXTENSION)
    os.close(each.reader)
    if not data:  # it has ended already, or never will
        late = late or not _has_ended(each.child, time.monotonic() + _EXTENSION)
    with contextlib.suppress(ProcessLookupError):
        os.kill(each.child, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        _, status = os.waitpid(each.child, 0)
        late = late or (os.WIFSIGNALED(status) and os.WTERMSIG(status) in _OUT_OF_PROCESSOR)
    shutil.rmtree(each.room, ignore_errors=True)
    if data:
        with contextlib.suppress(ValueError):
            return Done(each.job, json.loads(data))
    return Done(each.job, None, late)


_OUT_OF_PROCESSOR = (signal.SIGPROF, signal.SIGXCPU)


def _has_ended(child: int, end: float) -> bool:
    """Wait for a process that has closed its pipe, without taking its status away."""
    while time.monotonic() < end:
        if os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
            return True
        time.sleep(_PATIENCE / 10)
    return False


def _cpu_seconds(process: int) -> float:
    """Return what a process has used of the processor; Linux alone tells of another one."""
    try:
        return time.clock_gettime(~process << 3 | 2)
    except (AttributeError, OSError):
        return -1.0


def _line(reader: int, end: float) -> bytes:
    data = bytearray()
    while not data.endswith(b"\n"):
        ready, _, _ = select.select([reader], [], [], max(0.0, end - time.monotonic()))
        chunk = os.read(reader, 65536) if ready else b""
        if not chunk:
            return b""
        data += chunk
    return bytes(data)
