"""Edge: makes the snapshot, and never the working tree, what this interpreter imports.

An editable install leads into the working tree, by a path in a ``.pth`` file or by a finder on
``sys.meta_path``. What has a counterpart in the snapshot is read there; what has none is a file
that is not staged and does not exist as far as this run is concerned.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from importlib.machinery import BuiltinImporter, FrozenImporter, ModuleSpec, PathFinder
from typing import Any

_STANDARD_FINDERS = (BuiltinImporter, FrozenImporter, PathFinder)


class Trees:
    """Where the working tree and the snapshot are, and which paths lead into the former.

    The interpreter's own folders are no part of the working tree even when they lie in it, as
    ``.venv`` does, nor is the snapshot, which may lie in its git directory.
    """

    def __init__(self, worktree: str, snapshot: str) -> None:
        self.worktree = os.path.realpath(worktree)
        self.snapshot = os.path.realpath(snapshot)
        prefixes = (sys.prefix, sys.exec_prefix, sys.base_prefix, self.snapshot)
        outside = [os.path.realpath(prefix) for prefix in prefixes]
        self._outside = [folder for folder in outside if not _is_below(self.worktree, folder)]

    def leads_in(self, path: str) -> bool:
        """Say whether a path belongs to the working tree."""
        if not self.worktree or not os.path.isabs(path):
            return False
        place = os.path.realpath(path)
        if not _is_below(place, self.worktree):
            return False
        return not any(_is_below(place, folder) for folder in self._outside)

    def counterpart(self, path: str) -> str | None:
        """Return where the snapshot has what the working tree has at ``path``, or None."""
        inside = os.path.relpath(os.path.realpath(path), self.worktree)
        place = os.path.normpath(os.path.join(self.snapshot, inside))
        return place if os.path.exists(place) else None

    def moved(self, paths: list[str]) -> list[str]:
        """Return paths with those of the working tree replaced or left out."""
        places = (self.counterpart(path) if self.leads_in(path) else path for path in paths)
        return [place for place in places if place is not None]


def prepare(worktree: str, snapshot: str, roots: list[str], appended: list[str]) -> None:
    """Set up ``sys.path``, ``sys.meta_path`` and, for child processes, PYTHONPATH.

    ``roots`` come first and ``appended`` last; both are relative to the snapshot.
    """
    trees = Trees(worktree, snapshot)
    first = [_inside(trees.snapshot, root) for root in roots]
    last = [_inside(trees.snapshot, root) for root in appended]
    others = [path for path in trees.moved(sys.path) if path not in first]
    sys.path[:] = [*first, *others, *last]
    sys.meta_path[:] = [
        each if each in _STANDARD_FINDERS else SnapshotFinder(each, trees) for each in sys.meta_path
    ]
    _forget_imported(trees)
    inherited = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    wanted = [*first, *trees.moved([path for path in inherited if path]), *last]
    os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(wanted))


class SnapshotFinder:
    """A finder whose answers are moved from the working tree to the snapshot.

    In everything else, equality included, it is the finder it stands for, so that code that takes
    its own finder out of ``sys.meta_path`` still can.
    """

    def __init__(self, finder: Any, trees: Trees) -> None:
        self._finder = finder
        self._trees = trees

    def __getattr__(self, name: str) -> Any:
        return getattr(self._finder, name)

    def __eq__(self, other: object) -> bool:
        return other is self or bool(self._finder == other)

    def __hash__(self) -> int:
        return hash(self._finder)

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """Return the finder's answer, moved; None for a module that is not staged."""
        find = getattr(self._finder, "find_spec", None)
        spec = find(name, path, target) if find is not None else None
        return None if spec is None else self._moved(spec)

    def _moved(self, spec: ModuleSpec) -> ModuleSpec | None:
        folders = spec.submodule_search_locations
        origin = spec.origin
        if origin is None or not spec.has_location:
            if folders is not None and any(map(self._trees.leads_in, folders)):
                spec.submodule_search_locations = self._trees.moved(list(folders))
            return spec
        if not self._trees.leads_in(origin):
            return spec
        place = self._trees.counterpart(origin)
        if place is None:
            return None
        search = None if folders is None else self._trees.moved(list(folders))
        return importlib.util.spec_from_file_location(
            spec.name, place, submodule_search_locations=search
        )


def _forget_imported(trees: Trees) -> None:
    """Drop modules of the working tree that a ``.pth`` line or sitecustomize imported already."""
    ours = ("__main__", __name__.partition(".")[0])
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if name.partition(".")[0] in ours or not isinstance(file, str):
            continue
        if trees.leads_in(file):
            del sys.modules[name]


def _inside(snapshot: str, root: str) -> str:
    return os.path.normpath(os.path.join(snapshot, root))


def _is_below(place: str, folder: str) -> bool:
    return place == folder or place.startswith(folder.rstrip(os.sep) + os.sep)
