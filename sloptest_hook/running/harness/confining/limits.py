"""Edge: limits on what this process may use of the machine; one-way, and inherited."""

from __future__ import annotations

import contextlib
import errno
import sys

_MOST_FILES = 1024  # open at once
_MEBIBYTE = 1024 * 1024


class _Size:
    """What is known of this process."""

    at_first = 0  # bytes of address space


def limit(memory_mb: int = 0, cpu_seconds: int = 0, file_mb: int = 0) -> None:
    """Limit address space, processor time, file size and open files; 0 leaves one alone.

    Core dumps are switched off. Where the system knows no such limit nothing happens.
    """
    try:
        import resource
    except ImportError:  # Windows
        return
    with contextlib.suppress(OSError), open("/proc/self/statm") as stream:
        _Size.at_first = int(stream.read().split()[0]) * resource.getpagesize()
    wanted = (
        ("RLIMIT_AS", memory_mb * _MEBIBYTE),
        ("RLIMIT_CPU", cpu_seconds),
        ("RLIMIT_FSIZE", file_mb * _MEBIBYTE),
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
    """Let this process, and those that it forks, have about so much more memory than it has now.

    A fork of a confined process cannot ask what it has: it is what ``limit`` saw when it was called
    and all that is in use now. Where the system does not tell, nothing happens.
    """
    if not _Size.at_first:
        return
    with contextlib.suppress(OSError, ValueError, ImportError, AttributeError):
        import resource

        most = _Size.at_first + (peak_mb() + mebibytes) * _MEBIBYTE
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
    return int(peak) // (_MEBIBYTE if sys.platform == "darwin" else 1024)


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
