"""Edge: makes the snapshot the first place that modules come from, and imports one of them."""

from __future__ import annotations

import ast
import importlib
import os
import sys
from collections.abc import Sequence

from . import foreign
from .module_source import ModuleSource
from .ownership import set_root


class NotImported(Exception):  # noqa: N818  the expected no of this module
    """Importing the module failed; the text is a note for the user."""


def put_first(roots: Sequence[str], worktree: str) -> None:
    """Put the snapshot's import roots first; what leads into the working tree is taken out."""
    inside = os.path.realpath(worktree) + os.sep
    own = [os.path.realpath(root) for root in roots]
    sys.path[:] = [
        *own,
        *(
            entry
            for entry in sys.path
            if os.path.realpath(entry) not in own
            if _is_environment(entry) or not (os.path.realpath(entry) + os.sep).startswith(inside)
        ),
    ]
    # An editable install's finder would answer before sys.path is asked.
    sys.meta_path[:] = [
        finder
        for finder in sys.meta_path
        if "__editable__" not in str(getattr(finder, "__module__", ""))
    ]
    sys.dont_write_bytecode = True


def _is_environment(entry: str) -> bool:
    """Whether a path entry belongs to the interpreter: a .venv may lie in the working tree."""
    place = os.path.realpath(entry) + os.sep
    return any(
        place.startswith(os.path.realpath(prefix) + os.sep)
        for prefix in (sys.prefix, sys.base_prefix, sys.exec_prefix)
    )


def import_source(name: str, path: str, snapshot: str, seconds: float) -> ModuleSource:
    """Import a module of the snapshot; raises NotImported with a note for the user."""
    bounded = foreign.Bounded(seconds)
    module = None
    with bounded:
        module = importlib.import_module(name)
    if bounded.timed_out:
        raise NotImported(f"importing {name} did not end within {seconds:.2g} s")
    if module is None or bounded.error is not None:
        kind = type(bounded.error).__name__
        first = (str(bounded.error).splitlines() or [""])[0][:200]
        raise NotImported(f"importing {name} failed: {kind}: {first}")
    set_root(snapshot)
    file = os.path.join(os.path.realpath(snapshot), path)
    found = os.path.realpath(getattr(module, "__file__", None) or "")
    if found != os.path.realpath(file):
        raise NotImported(f"importing {name} gave {found or 'no file'}, not the staged {path}")
    with open(file, "rb") as stream:
        tree = ast.parse(stream.read())
    return ModuleSource(name, str(module.__file__), module, tree, os.path.realpath(snapshot))
