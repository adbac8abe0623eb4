"""Edge: looks now and then at what a run uses of the machine, and says when it is too much."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

from sloptest_hook.values.records import dataclass

_PAUSE = 0.05  # seconds between two looks: 0.3 ms each
_DISK_PAUSE = 0.5
_MEBIBYTE = 1024 * 1024
BEGUN = b'"kind": "running"'  # in the message with which a test begins


@dataclass(frozen=True, slots=True)
class Most:
    """What a run may use, all its processes together.

    ``test_seconds`` is how long one test may take, 0: as long as the whole run.
    ``starts_processes``: what it leaves behind is looked for with more care.
    """

    memory_mb: int = 4096
    processes: int = 64
    scratch_mb: int = 512
    scratch_files: int = 20_000
    test_seconds: float = 0.0
    starts_processes: bool = False


class Watch:
    """Looks at a process, its descendants and its scratch directory.

    Memory and processes are seen on Linux alone; shared pages count for each process.
    """

    def __init__(self, pid: int, scratch: Path, most: Most) -> None:
        self._pid = pid
        self._scratch = str(scratch)
        self._most = most
        self._next_look = 0.0
        self._next_disk = 0.0
        self._running_since: float | None = None

    def hear(self, said: bytes) -> None:
        """Note from when on a test runs; ``said`` ends with the newest message of the run."""
        is_running = BEGUN in said.rstrip(b"\n").rpartition(b"\n")[2]
        self._running_since = time.monotonic() if is_running else None

    def excess(self) -> str:
        """Return what the run did too much of; empty: nothing, or it was looked at just now."""
        now = time.monotonic()
        if now < self._next_look:
            return ""
        self._next_look = now + _PAUSE
        found = self._of_time(now) or self._of_processes()
        if not found and now >= self._next_disk:
            self._next_disk = now + _DISK_PAUSE
            found = self._of_disk()
        return found

    def _of_time(self, now: float) -> str:
        most, since = self._most.test_seconds, self._running_since
        if most and since is not None and now - since > most:
            return f"waited more than {most:.1f} s for one test,"
        return ""

    def _of_processes(self) -> str:
        running = list(_descendants(str(self._pid), self._most.processes + 1))
        if len(running) > self._most.processes:
            return f"ran more than {self._most.processes} processes"
        if sum(map(_resident, running)) > self._most.memory_mb * _MEBIBYTE:
            return f"needed more than {self._most.memory_mb} MB of memory"
        return ""

    def _of_disk(self) -> str:
        size = count = 0
        for place, _folders, files in os.walk(self._scratch):
            for name in files:
                count += 1
                size += _size(os.path.join(place, name))  # noqa: PTH118  a thousand of them
                if size > self._most.scratch_mb * _MEBIBYTE:
                    return f"wrote more than {self._most.scratch_mb} MB"
            if count > self._most.scratch_files:
                return f"wrote more than {self._most.scratch_files} files"
        return ""


def _descendants(pid: str, most: int) -> Iterator[str]:
    waiting, seen = [pid], 0
    while waiting and seen < most:
        each = waiting.pop()
        seen += 1
        yield each
        try:
            for thread in os.listdir(f"/proc/{each}/task"):  # noqa: PTH208
                children = Path(f"/proc/{each}/task/{thread}/children").read_bytes()
                waiting += children.decode().split()
        except OSError:  # it has ended, or the kernel does not tell
            continue


def _resident(pid: str) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_bytes().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0


def _size(path: str) -> int:
    try:
        return os.lstat(path).st_blocks * 512
    except OSError:
        return 0


_PAGE = os.sysconf("SC_PAGE_SIZE")
