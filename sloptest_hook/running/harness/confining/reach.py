"""Edge: what code under confinement may read: the project, the interpreter, a few system files."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence

from ..locating import is_below, is_below_one_of
from .private import is_private

# Public software and the libraries that the interpreter is linked with.
_SYSTEM_TREES = ("/usr", "/lib", "/lib64", "/lib32", "/bin", "/sbin", "/nix/store")
_SYSTEM_FILES = (
    *("/etc/ld.so.cache", "/etc/localtime", "/etc/timezone", "/etc/passwd", "/etc/group"),
    *("/etc/nsswitch.conf", "/etc/hosts", "/etc/host.conf", "/etc/services", "/etc/protocols"),
    *("/etc/mime.types", "/etc/os-release", "/etc/ssl/certs", "/etc/ssl/openssl.cnf"),
    *("/etc/pki/tls/certs", "/etc/ca-certificates", "/etc/locale.conf"),
    *("/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/self", "/proc/filesystems"),
    *("/proc/sys/vm/overcommit_memory", "/proc/sys/kernel/osrelease", "/proc/version"),
    *("/sys/devices/system/cpu", "/sys/devices/system/node"),
    *("/sys/kernel/mm/transparent_hugepage", "/sys/fs/cgroup/cpu.max"),
    *("/dev/random", "/dev/urandom"),
)
DEVICES = ("/dev/null", "/dev/zero", "/dev/full")


def readable(trees: Sequence[str], hidden: Iterable[str], linked: Iterable[str]) -> list[str]:
    """Return the places to allow: ``trees`` but for the absolute paths ``hidden`` below them.

    ``linked`` are single files. The interpreter's folders, ``sys.path`` as it is now and some files
    of the system are always among them.
    """
    wanted = [*_SYSTEM_TREES, *_interpreter(), *_library_path()]
    known = {os.path.realpath(each) for each in (*wanted, *trees)}
    found = [*wanted, *_SYSTEM_FILES, *linked]
    places = [os.path.realpath(tree) for tree in trees]
    unseen = {os.path.realpath(each) for each in hidden}
    for place in places:
        found += _split(place, unseen)
    for entry in _imported_from():
        if not is_below_one_of(entry, known):
            found += _split(entry, unseen | _private_in(entry))
    return _outermost(found)


def listable(trees: Iterable[str], hidden: Iterable[str]) -> list[str]:
    """Return the trees of which something is hidden: their names, and no more, may be seen."""
    hiding = [os.path.realpath(each) for each in hidden]
    places = [os.path.realpath(tree) for tree in trees]
    return [place for place in places if any(is_below(each, place) for each in hiding)]


def _interpreter() -> Iterator[str]:
    yield from (sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix)
    yield os.path.dirname(os.path.realpath(sys.executable))
    yield os.path.dirname(os.__file__)  # the standard library, wherever a distribution keeps it
    yield f"/etc/python{sys.version_info[0]}.{sys.version_info[1]}"  # Debian's sitecustomize


def _library_path() -> Iterator[str]:
    yield from filter(os.path.isabs, os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep))


def _imported_from() -> Iterator[str]:
    """Yield where modules come from: ``sys.path``, and what finders of editable installs map to."""
    for entry in dict.fromkeys(sys.path):
        if entry and os.path.realpath(entry) != os.sep:
            yield os.path.realpath(entry)
    for name, module in list(sys.modules.items()):
        mapping = getattr(module, "MAPPING", None) if name.startswith("__editable__") else None
        if isinstance(mapping, dict):
            yield from (os.path.realpath(str(place)) for place in mapping.values())


def _private_in(folder: str) -> set[str]:
    """Return what lies in a folder, not deeper, and is not to be read."""
    try:
        return {os.path.join(folder, name) for name in os.listdir(folder) if is_private(name)}
    except OSError:
        return set()


def _split(tree: str, hidden: set[str]) -> list[str]:
    """Return the tree, or where something below is hidden its parts without that."""
    if tree in hidden:
        return []
    if not any(is_below(each, tree) for each in hidden):
        return [tree]
    try:
        with os.scandir(tree) as entries:
            # A link is no way in: what it leads to has a place of its own.
            inner = [entry.path for entry in entries if not entry.is_symlink()]
    except OSError:
        return []
    return [place for each in inner for place in _split(each, hidden)]


def _outermost(places: Iterable[str]) -> list[str]:
    """Return the places without those that lie below another one: a rule costs 10 us."""
    found: list[str] = []
    for place in sorted(set(places)):
        if not found or not is_below(place, found[-1]):
            found.append(place)
    return found
