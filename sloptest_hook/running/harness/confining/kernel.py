"""Edge: the kernel of Linux, through ctypes: the project's interpreter has none of our packages."""

from __future__ import annotations

import functools
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ctypes

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_CAPSET = {"x86_64": 126, "aarch64": 91}
_CAPABILITIES_VERSION_3 = 0x20080522
_WIDEST_OF_32_BIT = 2**32


def system_call(number: int, *arguments: bytes | int | ctypes.Array[ctypes.c_char] | None) -> int:
    """Return what the kernel returns; raises OSError.

    ImportError means an interpreter that was built without ctypes.
    """
    import ctypes

    call = libc().syscall
    call.restype = ctypes.c_long
    result = call(
        ctypes.c_long(number),
        *(ctypes.c_long(each) if isinstance(each, int) else each for each in arguments),
    )
    if result < 0:
        raise last_error()
    return int(result)


def last_error() -> OSError:
    """Return the error of the last call that failed."""
    import ctypes

    code = ctypes.get_errno()
    return OSError(code, os.strerror(code))


def die_with(signal: int) -> None:
    """Ask for a signal at the end of the parent; see ``confine.die_with_parent``."""
    libc().prctl(_PR_SET_PDEATHSIG, signal, 0, 0, 0)


def gain_nothing_by_exec() -> None:
    """Give up set-user-id programs; Landlock and seccomp want it of a process without rights."""
    if libc().prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise last_error()


def drop_capabilities() -> None:
    """Give up all that makes root root; raises OSError."""
    import struct

    number = _CAPSET.get(machine())
    if number is None:
        raise OSError(f"unknown machine {machine()}")
    header = struct.pack("=Ii", _CAPABILITIES_VERSION_3, 0)
    system_call(number, header, bytes(24))


def machine() -> str:
    """Return ``x86_64``, ``aarch64`` or another word of ``uname``.

    A process of 32 bits speaks with another table than the kernel's: it gets no word we know.
    """
    name = os.uname().machine
    return name if sys.maxsize > _WIDEST_OF_32_BIT else f"{name} (32 bit)"


@functools.lru_cache(maxsize=1)
def libc() -> ctypes.CDLL:
    """Return the C library of this process."""
    import ctypes

    return ctypes.CDLL(None, use_errno=True)
