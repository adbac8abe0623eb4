"""Tells which files reach a module by importing it, and over how many others."""

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

Graph = Mapping[PurePosixPath, frozenset[PurePosixPath]]


def import_graph(
    imports: Mapping[PurePosixPath, frozenset[str]], modules: Mapping[str, PurePosixPath]
) -> dict[PurePosixPath, frozenset[PurePosixPath]]:
    """Return which files of the tree each file imports.

    ``imports`` holds ``imported_modules`` of every file, ``modules`` is ``module_index`` of the
    tree. Importing ``pkg.mod`` runs ``pkg/__init__.py`` too. A test file also depends on every
    ``conftest.py`` from its directory up, which pytest imports for it.
    """
    conftests = {path.parent: path for path in imports if path.name == "conftest.py"}
    graph = {}
    for path, names in imports.items():
        found = {modules[each] for name in names for each in _with_parents(name) if each in modules}
        found |= {conftests[above] for above in path.parents if above in conftests}
        graph[path] = frozenset(found - {path})
    return graph


def import_distances(target: PurePosixPath, graph: Graph) -> dict[PurePosixPath, int]:
    """Return how many steps each file is away from importing ``target``: 1 imports it itself.

    Files that never reach it are missing; so is ``target``.
    """
    importers = _reversed(graph)
    distances = {target: 0}
    front = [target]
    while front:
        following = []
        for path in front:
            for importer in sorted(importers.get(path, ())):
                if importer not in distances:
                    distances[importer] = distances[path] + 1
                    following.append(importer)
        front = following
    del distances[target]
    return distances


def _with_parents(name: str) -> Iterable[str]:
    while name:
        yield name
        name = name.rpartition(".")[0]


def _reversed(graph: Graph) -> dict[PurePosixPath, set[PurePosixPath]]:
    importers: dict[PurePosixPath, set[PurePosixPath]] = {}
    for path, imported in graph.items():
        for each in imported:
            importers.setdefault(each, set()).add(path)
    return importers
