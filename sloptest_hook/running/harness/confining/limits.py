"""Edge: limits on what this process may use of the machine; one-way, and inherited."""

from __future__ import annotations

import contextlib
import errno
import sys

_MOST_FILES = 1024  # open at once


def limit(memory_mb: int = 0, cpu_seconds: int = 0, file_mb: int = 0) -> None:
    """Limit address space, processor time, file size and open files; 0 leaves one alone.

    Core dumps are switched off. Where the system knows no such limit nothing happens.
    """
    try:
        import resource
    except ImportError:  # Windows
        return
    mebibyte = 1024 * 1024
    wanted = (
        ("RLIMIT_AS", memory_mb * mebibyte),
        ("RLIMIT_CPU", cpu_seconds),
        ("RLIMIT_FSIZE", file_mb * mebibyte),
        ("RLIMIT_NOFILE", _MOST_FILES),
    )
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for name, value in wanted:
        kind = getattr(resource, name, None)
        if kind is None or not value:
            continue
        hard = resource.getrlimit(kind)[1]
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        # macOS has RLIMIT_AS and refuses most values.
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(kind, (most, most))


def limit_growth(mebibytes: int) -> None:
    """Let this process, and those that it forks, have so much more memory than it has now.

    Where the system does not tell what it has nothing happens.
    """
    with contextlib.suppress(OSError, ValueError, ImportError, AttributeError):
        import resource

        with open("/proc/self/statm") as stream:
            pages = int(stream.read().split()[0])
        most = pages * resource.getpagesize() + mebibytes * 1024 * 1024
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        if hard == resource.RLIM_INFINITY or most < hard:
            resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def peak_mb() -> int:
    """Return the most memory that this process has had, in MiB; 0 where nobody tells."""
    try:
        import resource
    except ImportError:  # Windows
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak) // (1024 * 1024 if sys.platform == "darwin" else 1024)


def limit_met(error: str) -> str:
    """Say which limit of this process an error's text tells of; empty: none.

    Captured standard output is a file too: "File too large" is what a print of too much says.
    """
    if f"[Errno {errno.EFBIG}]" in error and (most := _limit_in_mb("RLIMIT_FSIZE")):
        return f"wrote more than {most} MB"
    if MemoryError.__name__ in error and (most := _limit_in_mb("RLIMIT_AS")):
        return f"needed more than {most} MB of memory"
    return ""


def _limit_in_mb(name: str) -> int:
    """Return 0 where there is no limit."""
    try:
        import resource
    except ImportError:  # Windows
        return 0
    kind = getattr(resource, name, None)
    soft = resource.RLIM_INFINITY if kind is None else resource.getrlimit(kind)[0]
    return 0 if soft == resource.RLIM_INFINITY else int(soft) // (1024 * 1024)
