"""Chooses which tests must run to know about some symbols, most promising first."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import PurePosixPath

from sloptest_hook.values.records import dataclass

Wave = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Promising:
    """Node ids that executed earlier versions: a few that executed all of it, then the others."""

    first: Sequence[str] = ()
    others: Sequence[str] = ()


def waves(
    tests: Iterable[PurePosixPath],
    distances: Mapping[PurePosixPath, int],
    *,
    staged: Collection[PurePosixPath] = (),
    promising: Promising | None = None,
) -> tuple[Wave, ...]:
    """Return paths and node ids in the waves in which they are to be run.

    ``tests`` are the test files of the tree, ``distances`` how many imports each file is away from
    the module; with several modules, the least of each. A wave is run only while symbols are not
    yet seen as covered: on a real history that ran .37 of the suite and missed nothing, the import
    closure as a whole ran all of it. First come the few tests that executed all that was executed
    of the version before; then test files of the same commit (``staged``); then all the others that
    executed it; then the files that import the module, those one step away, and every other
    that reaches it. A staged test that imports nothing of it comes last, it may reach it by name.
    """
    seen = promising or Promising()
    known = frozenset(tests)
    reaching = {path: distances[path] for path in known if path in distances}
    fresh = {path for path in staged if path in reaching}
    by_distance = [
        {path for path, distance in reaching.items() if distance == step} - fresh for step in (1, 2)
    ]
    farther = {path for path, distance in reaching.items() if distance > len(by_distance)} - fresh
    last = {path for path in staged if path in known and path not in reaching}
    near, *far = (tuple(map(str, sorted(wave))) for wave in (fresh, *by_distance, farther, last))
    found = (tuple(seen.first), near, tuple(seen.others), *far)
    return tuple(wave for wave in found if wave)


def nearest(
    distances: Iterable[Mapping[PurePosixPath, int]],
) -> dict[PurePosixPath, int]:
    """Return the least distance of each file to any of several modules."""
    least: dict[PurePosixPath, int] = {}
    for each in distances:
        for path, distance in each.items():
            least[path] = min(distance, least.get(path, distance))
    return least
