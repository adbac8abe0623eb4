"""Edge: Landlock: which files this process may still reach, no TCP, no signal to others.

It is a list of what is allowed; everything else is refused, for this process and its children. It
knows paths, not names: a file is hidden by never allowing a directory that it is in.
"""

from __future__ import annotations

import contextlib
import os
import stat
import struct
import sys
from collections.abc import Iterable
from typing import NamedTuple

from . import kernel

# The same numbers on every architecture: system calls of 2019 and later share one table.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_CREATE_RULESET_VERSION, _RULE_PATH_BENEATH = 1, 1

# linux/landlock.h
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REMOVE_AND_MAKE = sum(1 << bit for bit in range(4, 13))
_MAKE_DEVICES = 1 << 6 | 1 << 11
_REFER, _TRUNCATE, _IOCTL_DEVICE = 1 << 13, 1 << 14, 1 << 15
_FIRST = _EXECUTE | _WRITE_FILE | _READ_FILE | _READ_DIR | _REMOVE_AND_MAKE
_FILE_RIGHTS_SINCE = ((1, _FIRST), (2, _REFER), (3, _TRUNCATE), (5, _IOCTL_DEVICE))
_ON_A_FILE = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEVICE
_BIND_AND_CONNECT_TCP = 3
_ABSTRACT_SOCKETS_AND_SIGNALS = 3
_OTHER_FIELDS_SINCE = ((4, _BIND_AND_CONNECT_TCP), (6, _ABSTRACT_SOCKETS_AND_SIGNALS))


class Places(NamedTuple):
    """What stays in reach: trees to read, directories to list, trees to change, devices.

    ``executable``: programs below ``readable`` may be started.
    """

    readable: Iterable[str]
    listable: Iterable[str]
    writable: Iterable[str]
    devices: Iterable[str]
    executable: bool = False


def version() -> int:
    """Return the version of the kernel's interface, 0 for none."""
    if not sys.platform.startswith("linux"):
        return 0
    try:
        return kernel.system_call(_CREATE_RULESET, None, 0, _CREATE_RULESET_VERSION)
    except (OSError, ImportError):
        return 0


def restrict(known: int, places: Places) -> None:
    """Put the rules in force, as far as version ``known`` has them; raises OSError.

    A place that does not exist is left out. Call it from the only thread.
    """
    handled = sum(rights for since, rights in _FILE_RIGHTS_SINCE if known >= since)
    others = [value for since, value in _OTHER_FIELDS_SINCE if known >= since]
    # struct landlock_ruleset_attr, as long as this kernel knows it.
    attributes = struct.pack(f"={1 + len(others)}Q", handled, *others)
    ruleset = kernel.system_call(_CREATE_RULESET, attributes, len(attributes), 0)
    reading = _READ_FILE | _READ_DIR | (_EXECUTE if places.executable else 0)
    changing = handled & ~(_MAKE_DEVICES | _IOCTL_DEVICE | _EXECUTE)
    changing |= _EXECUTE if places.executable else 0
    try:
        for rights, paths in (
            (reading, places.readable),
            (_READ_DIR, places.listable),
            (changing, places.writable),
            (_READ_FILE | _WRITE_FILE, places.devices),
        ):
            for path in paths:
                with contextlib.suppress(FileNotFoundError, NotADirectoryError, PermissionError):
                    _allow(ruleset, path, rights & handled)
        kernel.system_call(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            rights &= _ON_A_FILE  # the kernel refuses a directory's rights on a file
        if rights:
            rule = struct.pack("=Qi", rights, descriptor)
            kernel.system_call(_ADD_RULE, ruleset, _RULE_PATH_BENEATH, rule, 0)
    finally:
        os.close(descriptor)
