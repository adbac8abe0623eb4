"""Edge: this process gives up what generated code does not need, layer by layer, for ever.

It confines itself, in the project's interpreter, and children inherit it. Each layer says whether
it is in force; from these answers, never from a guess, comes the level:

    strong        files by an allow-list, no network, no other process (Landlock and seccomp;
                  the sandbox of macOS, which nobody has tried yet)
    partial       files alone, or by a weaker layer: the report says what is open
    limits-only   time, memory and the audit hook: an older kernel, or Windows, where nothing more
                  is attempted and the harness itself has not been run
    off           the repository's configuration wants none
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from typing import Any, Callable, NamedTuple

from . import compiled
from .confining import darwin, kernel, landlock, namespaces, reach, seccomp

STRONG, PARTIAL, LIMITS_ONLY, OFF = "strong", "partial", "limits-only", "off"
_OK = "ok"
_WITH_TRUNCATE = 3  # the first version of Landlock that guards content


class Confinement(NamedTuple):
    """What was reached: the level, and for each layer ``ok`` or why it is not in force.

    ``readable`` are the places that can still be read; none: all of them.
    """

    level: str
    layers: dict[str, str]
    readable: Sequence[str] = ()

    @property
    def fakes_modes(self) -> bool:
        """Whether a change of a file's mode is answered with success and not done."""
        return self.layers.get("seccomp") == _OK and self.layers.get("namespaces") != _OK


class Wanted(NamedTuple):
    """What a run needs to reach.

    ``trees`` are read but for what is ``hidden`` in them, ``linked`` single files too; ``scratch``
    alone is changed. ``forks``: the process splits, as the search does; ``programs``: the
    configuration lets tests start processes.
    """

    trees: Sequence[str]
    scratch: str
    hidden: Sequence[str] = ()
    linked: Sequence[str] = ()
    forks: bool = False
    programs: bool = False


def confined(request: Any, trees: Sequence[str], *, forks: bool) -> Confinement:
    """Lock this process down as the request says: its ``scratch``, its ``sandbox``.

    Beside the trees it reads what is kept compiled.

    That has the ``level`` that is wanted, the files ``hidden`` in the trees, those ``linked`` into
    them, and ``programs``.
    """
    sandbox = request["sandbox"]
    if sandbox["level"] == OFF:
        return Confinement(OFF, {"sandbox": "switched off by the configuration"})
    return lock_down(
        Wanted(
            [*trees, *compiled.folders()],
            request["scratch"],
            sandbox["hidden"],
            sandbox["linked"],
            forks=forks,
            programs=sandbox["programs"],
        )
    )


def refusal(found: Confinement, least: str) -> str:
    """Say why no generated code is run at this level; empty: it may.

    ``least`` is the configured level: ``auto`` wants some confinement by the system, ``required``
    the strong one, ``off`` none.
    """
    if found.level == STRONG or least == OFF or (found.level == PARTIAL and least != "required"):
        return ""
    missing = "; ".join(f"{name}: {said}" for name, said in found.layers.items() if said != _OK)
    return (
        f"generated code is not run at confinement {found.level} ({missing}); "
        f"[tool.sloptest.sandbox] level is '{least}'"
    )


def lock_down(want: Wanted) -> Confinement:
    """Put every layer in force that this system has, and return what was reached.

    Call it from the only thread: threads that run already stay free.
    """
    layers: dict[str, str] = {}
    # The places are found while everything can still be looked at.
    places = _places(want)
    if darwin.is_here():
        _try(layers, "sandbox", lambda: _restrict_darwin(places))
    elif sys.platform.startswith("linux"):
        _try(layers, "namespaces", lambda: namespaces.enter([want.scratch]))
        others = reach.is_closed_to_root(places.readable)
        _try(layers, "capabilities", lambda: kernel.drop_capabilities(but_reading=others))
        _try(layers, "no-new-privileges", kernel.gain_nothing_by_exec)
        _try(layers, "landlock", lambda: _restrict_files(places))
        fake = layers["namespaces"] != _OK
        _try(layers, "seccomp", lambda: _restrict_calls(want, fake_modes=fake))
        _Filter.may_be_narrowed = layers["seccomp"] == _OK and not want.programs
        die_with_parent()  # a change of rights may have made the kernel forget
    files = layers.get("landlock", layers.get("sandbox")) == _OK
    within = [*places.readable, *places.writable, *places.devices] if files else ()
    return Confinement(_level(layers), layers, within)


def level() -> str:
    """Return the level that ``lock_down`` can be expected to reach here, without doing anything.

    What it has reached it says itself; this is for who must choose before anything runs.
    """
    if darwin.is_here():
        return STRONG
    layers = {
        "landlock": _OK if landlock.version() >= _WITH_TRUNCATE else "",
        "seccomp": _OK if seccomp.is_known() else "",
    }
    return _level(layers)


def refuse_processes() -> None:
    """Refuse new processes from now on where a filter is in force already, and programs are not.

    For the last of several forks.
    """
    if _Filter.may_be_narrowed:
        seccomp.refuse_processes()


def die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent ends, however that ends; Linux only.

    It does not reach children of this process (each has to call it), and it is the parent's
    *thread* that counts.
    """
    if not sys.platform.startswith("linux"):
        return
    parent = os.getppid()
    try:
        kernel.die_with(signal.SIGKILL)
    except ImportError:  # an interpreter may be built without ctypes
        return
    if os.getppid() != parent:  # it ended before the request was in force
        os.kill(os.getpid(), signal.SIGKILL)


class _Filter:
    """What is known of this process; filters cannot be taken away again."""

    may_be_narrowed = False


def _try(layers: dict[str, str], name: str, put_in_force: Callable[[], None]) -> None:
    try:
        put_in_force()
    except OSError as error:
        layers[name] = error.strerror or str(error)
    except ImportError as error:
        layers[name] = str(error)
    else:
        layers[name] = _OK


def _places(want: Wanted) -> landlock.Places:
    return landlock.Places(
        readable=reach.readable(want.trees, want.hidden, want.linked),
        listable=reach.listable(want.trees, want.hidden),
        writable=[want.scratch],
        devices=reach.DEVICES,
        executable=want.programs,
    )


def _restrict_files(places: landlock.Places) -> None:
    version = landlock.version()
    if version < _WITH_TRUNCATE:
        raise OSError(0, f"version {version} of the kernel's interface, {_WITH_TRUNCATE} is needed")
    landlock.restrict(version, places)


def _restrict_calls(want: Wanted, *, fake_modes: bool) -> None:
    seccomp.restrict(forks=want.forks, programs=want.programs, fake_modes=fake_modes)


def _restrict_darwin(places: landlock.Places) -> None:
    darwin.restrict(list(places.readable), list(places.writable), programs=places.executable)


def _level(layers: dict[str, str]) -> str:
    held = {name for name, said in layers.items() if said == _OK}
    if held >= {"landlock", "seccomp"} or "sandbox" in held:
        return STRONG
    return PARTIAL if held & {"landlock", "namespaces"} else LIMITS_ONLY
