"""Edge: says on whose behalf an act of the standard library happens: the project's, or its own."""

from __future__ import annotations

import os
import site
import sys
import sysconfig
from types import FrameType

_INSTALLED = tuple(f"{os.sep}{name}{os.sep}" for name in ("site-packages", "dist-packages"))


def project_frame(passing: frozenset[str]) -> FrameType | None:
    """Return the frame that asked for what happens now when it runs code of the project.

    ``passing`` names the top-level modules that only pass the question on; they and the harness
    are skipped. None means that the standard library or an installed package asked.
    """
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001  documented, and cheaper than inspect
    while frame is not None and _passes_on(frame, passing):
        frame = frame.f_back
    return None if frame is None or _is_installed(frame.f_code.co_filename) else frame


def asking_module(passing: frozenset[str]) -> str:
    """Return the name of the module that asked, whoever owns it."""
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001
    while frame is not None and _passes_on(frame, passing):
        frame = frame.f_back
    return "" if frame is None else _module_of(frame)


def _passes_on(frame: FrameType, passing: frozenset[str]) -> bool:
    name = _module_of(frame)
    return name.partition(".")[0] in passing or name.startswith(_OWN)


def _module_of(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__") or "")


def _is_installed(file: str) -> bool:
    return file.startswith(_FOLDERS) or any(each in file for each in _INSTALLED)


def _folders() -> tuple[str, ...]:
    """Return where the interpreter's own code is, installed code, the harness, and frozen code."""
    named = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    named += [*getattr(site, "getsitepackages", list)(), site.getusersitepackages()]
    named.append(os.path.dirname(os.path.abspath(__file__)))
    both = {form for each in named if each for form in (each, os.path.realpath(each))}
    return ("<frozen ", *(each.rstrip(os.sep) + os.sep for each in sorted(both)))


_FOLDERS = _folders()
_OWN = __name__.rpartition(".")[0] + "."
