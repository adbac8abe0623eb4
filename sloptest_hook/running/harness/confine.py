"""Edge: this process gives up what it does not need: memory, time, writes outside scratch, TCP.

Everything here is one-way and inherited by children. Linux kernel interfaces are called through
ctypes because the project's interpreter has none of our dependencies; elsewhere, or on an old
kernel, the functions do less and ``lock_down`` says so.
"""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import stat
import struct
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ctypes

PARTIAL = "partial"
LIMITS_ONLY = "limits-only"

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
# The same numbers on every architecture: system calls of 2019 and later share one table.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_CREATE_RULESET_VERSION, _RULE_PATH_BENEATH = 1, 1

# linux/landlock.h: what each version of the interface added. Reading and executing are not handled,
# which leaves them free.
_WRITE_FILE, _TRUNCATE = 1 << 1, 1 << 14
_REMOVE_AND_MAKE = sum(1 << bit for bit in range(4, 13))
_MAKE_DEVICES = 1 << 6 | 1 << 11
_FILE_RIGHTS_SINCE = ((1, _WRITE_FILE | _REMOVE_AND_MAKE), (2, 1 << 13), (3, _TRUNCATE))
_BIND_AND_CONNECT_TCP = 3
_ABSTRACT_SOCKETS_AND_SIGNALS = 3
_OTHER_FIELDS_SINCE = ((4, _BIND_AND_CONNECT_TCP), (6, _ABSTRACT_SOCKETS_AND_SIGNALS))

# What opens for writing everywhere and keeps nothing.
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full")


def limit(memory_mb: int = 0, cpu_seconds: int = 0, file_mb: int = 0) -> None:
    """Limit address space, processor time and file size of this process; 0 leaves one alone.

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


def die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent ends, however that ends; Linux only.

    It does not reach children of this process (each has to call it), and it is the parent's
    *thread* that counts.
    """
    if not sys.platform.startswith("linux"):
        return
    parent = os.getppid()
    with contextlib.suppress(ImportError):  # an interpreter may be built without ctypes
        _libc().prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it ended before the request was in force
        os.kill(os.getpid(), signal.SIGKILL)


def level() -> str:
    """Return what ``lock_down`` reaches on this kernel, without doing anything."""
    return PARTIAL if _landlock_version() else LIMITS_ONLY


def lock_down(writable: list[str]) -> str:
    """Allow this process to change files below ``writable`` only, and no TCP; return the level.

    PARTIAL means that Landlock is in force: reads stay free, UDP and pathname Unix sockets stay
    open. LIMITS_ONLY means that the kernel has none and nothing was done. Call it from the only
    thread: threads that run already stay free.
    """
    version = _landlock_version()
    if not version:
        return LIMITS_ONLY
    try:
        _restrict(version, writable)
    except OSError:
        return LIMITS_ONLY
    return PARTIAL


def _landlock_version() -> int:
    """Return the version of the kernel's interface, 0 for none."""
    if not sys.platform.startswith("linux"):
        return 0
    try:
        return _system_call(_CREATE_RULESET, None, 0, _CREATE_RULESET_VERSION)
    except (OSError, ImportError):  # an interpreter may be built without ctypes
        return 0


def _restrict(version: int, writable: list[str]) -> None:
    handled = sum(rights for since, rights in _FILE_RIGHTS_SINCE if version >= since)
    others = [value for since, value in _OTHER_FIELDS_SINCE if version >= since]
    # struct landlock_ruleset_attr, as long as this kernel knows it.
    attributes = struct.pack(f"={1 + len(others)}Q", handled, *others)
    ruleset = _system_call(_CREATE_RULESET, attributes, len(attributes), 0)
    try:
        for path in (*writable, *_DEVICES):
            with contextlib.suppress(FileNotFoundError):
                _allow(ruleset, path, handled & ~_MAKE_DEVICES)
        _libc().prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)  # without it the next call is refused
        _system_call(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            rights &= _WRITE_FILE | _TRUNCATE  # the kernel refuses a directory's rights on a file
        rule = struct.pack("=Qi", rights, descriptor)
        _system_call(_ADD_RULE, ruleset, _RULE_PATH_BENEATH, rule, 0)
    finally:
        os.close(descriptor)


def _system_call(number: int, *arguments: bytes | int | None) -> int:
    import ctypes

    call = _libc().syscall
    call.restype = ctypes.c_long
    result = call(
        ctypes.c_long(number),
        *(ctypes.c_long(each) if isinstance(each, int) else each for each in arguments),
    )
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return int(result)


def _libc() -> ctypes.CDLL:
    import ctypes

    return ctypes.CDLL(None, use_errno=True)
