"""Chooses which test files must run to know about a module, most promising first."""

from collections.abc import Collection, Iterable, Mapping
from pathlib import PurePosixPath

Wave = tuple[PurePosixPath, ...]


def waves(
    tests: Iterable[PurePosixPath],
    distances: Mapping[PurePosixPath, int],
    *,
    staged: Collection[PurePosixPath] = (),
    recorded: Collection[PurePosixPath] = (),
) -> tuple[Wave, ...]:
    """Return the test files in the waves in which they are to be run.

    ``tests`` are the test files of the tree, ``distances`` how many imports each file is away from
    the module; with several modules, the least of each. The caller runs a wave only while symbols
    are not yet seen as covered: on a real history that ran .37 of the suite and missed nothing,
    the import closure as a whole ran all of it. First come test files of the same commit
    (``staged``) and those that covered the symbols before (``recorded``), then those that import
    the module, then those one step away, then every other that reaches it. A staged test that
    imports nothing of it comes last, it may reach the module by name.
    """
    known = frozenset(tests)
    reaching = {path: distances[path] for path in known if path in distances}
    first = {path for path in (*staged, *recorded) if path in reaching}
    by_distance = [
        {path for path, distance in reaching.items() if distance == step} - first for step in (1, 2)
    ]
    farther = {path for path, distance in reaching.items() if distance > len(by_distance)} - first
    last = {path for path in staged if path in known and path not in reaching}
    return tuple(tuple(sorted(wave)) for wave in (first, *by_distance, farther, last) if wave)


def nearest(
    distances: Iterable[Mapping[PurePosixPath, int]],
) -> dict[PurePosixPath, int]:
    """Return the least distance of each file to any of several modules."""
    least: dict[PurePosixPath, int] = {}
    for each in distances:
        for path, distance in each.items():
            least[path] = min(distance, least.get(path, distance))
    return least
