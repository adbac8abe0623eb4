"""Edge: imports a module of the snapshot, and says why when that fails."""

from __future__ import annotations

import ast
import importlib
import os

from . import foreign
from .module_source import ModuleSource
from .ownership import set_root


class NotImported(Exception):  # noqa: N818  the expected no of this module
    """Importing the module failed; the text is a note for the user."""


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
