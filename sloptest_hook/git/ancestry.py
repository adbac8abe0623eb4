"""Edge: looks at the processes above this one: a hook runner's, and the git that waits for us."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

# Deeper than any chain of shell, git, runner and hook; a guard against a loop.
_MAX_ANCESTORS = 64
_PROCESSES = Path("/proc")


def ancestors() -> Iterator[int]:
    """Yield the process ids above this one, the nearest first, without the first of the system."""
    pid = os.getppid()
    for _ in range(_MAX_ANCESTORS):
        if pid <= 1:
            return
        yield pid
        pid = _parent_of(pid)


def is_abandoned(environ: Mapping[str, str]) -> bool:
    """Tell whether the git that has started this hook is gone, whoever stands between.

    The parent alone does not tell: git may have died before it could be read, and a hook runner
    outlives git. A hook that was started by hand, or by a program that is not git, never is.
    """
    if not {"GIT_INDEX_FILE", "GIT_PREFIX"} <= environ.keys():  # what git sets for a hook
        return False
    if not _PROCESSES.joinpath("self", "stat").exists():
        return os.getppid() == 1
    names = list(_names())
    return None not in names and not any("git" in name for name in names if name)


def _names() -> Iterator[str | None]:
    """Yield what each ancestor is called; in a container git itself may be the first process."""
    pid = os.getppid()
    for _ in range(_MAX_ANCESTORS):
        if pid < 1:
            return
        status = _status(pid)
        yield status[0] if status else None
        pid = status[1] if status else 0


def _parent_of(pid: int) -> int:
    status = _status(pid)
    return status[1] if status else _parent_by_ps(pid)


def _status(pid: int) -> tuple[str, int] | None:
    """Return the name and the parent of a process where the system shows them as files."""
    try:
        text = (_PROCESSES / str(pid) / "stat").read_text(errors="replace")
        # The name in parentheses may hold spaces and parentheses; state and parent come after it.
        before, _, after = text.rpartition(")")
        return before.partition("(")[2], int(after.split()[1])
    except (OSError, ValueError, IndexError):
        return None


def _parent_by_ps(pid: int) -> int:
    try:
        done = subprocess.run(
            ("ps", "-o", "ppid=", "-p", str(pid)), capture_output=True, text=True, check=False
        )
        return int(done.stdout)
    except (OSError, ValueError):
        return 0
