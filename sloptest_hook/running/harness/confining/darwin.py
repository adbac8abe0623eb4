"""Edge: the sandbox of macOS: the profile that ``sandbox-exec -p`` takes, put in force from inside.

Written from the manual and from other people's profiles, and run by nobody yet: on a Mac the first
thing to do is ``sloptest env``, whose probes say what holds. ``sandbox_init`` is what
``sandbox-exec`` itself calls; deprecated for ten years, and all there is.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence

_ALWAYS = (
    "/System",
    "/Library/Frameworks",
    "/Library/Apple",
    "/private/var/db/dyld",
    "/opt/homebrew",
)
_DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")


def is_here() -> bool:
    """Say whether this is macOS."""
    return sys.platform == "darwin"


def restrict(readable: Sequence[str], writable: Sequence[str], *, programs: bool) -> None:
    """Put the profile in force; raises OSError."""
    import ctypes

    library = ctypes.CDLL("/usr/lib/libSystem.dylib", use_errno=True)
    message = ctypes.c_char_p()
    text = profile(readable, writable, programs=programs).encode()
    if library.sandbox_init(text, ctypes.c_uint64(0), ctypes.byref(message)):
        raise OSError(0, (message.value or b"sandbox_init failed").decode("utf-8", "replace"))


def profile(readable: Iterable[str], writable: Iterable[str], *, programs: bool) -> str:
    """Return the profile: everything is denied, then what is needed is allowed."""
    lines = [
        "(version 1)",
        "(deny default)",
        "(allow process-fork)" + ("(allow process-exec*)" if programs else ""),
        "(allow signal (target same-sandbox))",
        "(allow sysctl-read)",
        "(allow file-read-metadata)",
        f"(allow file-read* {_literals(_DEVICES)} {_trees([*_ALWAYS, *readable])})",
        f"(allow file-read* file-write* {_trees(writable)})",
        f"(allow file-write-data {_literals(_DEVICES)})",
    ]
    return "\n".join(lines)


def _trees(paths: Iterable[str]) -> str:
    return " ".join(f"(subpath {_quoted(os.path.realpath(path))})" for path in paths)


def _literals(paths: Iterable[str]) -> str:
    return " ".join(f"(literal {_quoted(path)})" for path in paths)


def _quoted(path: str) -> str:
    escaped = path.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
