"""Chooses the part of a large tree that tests of a few changed files can need."""

from collections.abc import Collection, Iterable, Sequence
from pathlib import PurePosixPath

_CONFIGURATION = (".py", ".toml", ".cfg", ".ini")
# Wherever they are: pytest's fixtures, and what decides about line ends and filters at checkout.
_EVERYWHERE = ("conftest.py", ".gitattributes")
_TESTS = ("tests", "test")
_ROOTS = ("src", "lib", "python")


def needed_names(
    names: Collection[str],
    needed: Iterable[PurePosixPath],
    tests_dir: PurePosixPath,
    limit: int,
) -> frozenset[str]:
    """Return the names to put on disk so that the ``needed`` files can be imported and tested.

    Always: the import root or package of each needed file, the tests beside and above it, the
    configuration and modules at the root and above it. And every other Python file, as long as
    all together stay within ``limit``. Nothing needed by name means everything is.
    """
    changed = tuple(needed)
    if not changed:
        return frozenset(names)
    known = frozenset(names)
    below = _directories(changed, tests_dir, known)
    beside = {parent for path in changed for parent in path.parents}
    kept = {name for name in names if _is_needed(PurePosixPath(name), below, beside)}
    python = {name for name in names if name.endswith(".py")}
    return frozenset(kept | python if len(kept | python) <= limit else kept)


def _directories(
    changed: Sequence[PurePosixPath], tests_dir: PurePosixPath, known: frozenset[str]
) -> frozenset[PurePosixPath]:
    roots = {_import_root(path, known) for path in changed}
    tests = {parent / name for path in changed for parent in path.parents for name in _TESTS}
    return frozenset((roots | tests | {tests_dir}) - {PurePosixPath()})


def _import_root(path: PurePosixPath, known: frozenset[str]) -> PurePosixPath:
    """Return the directory that is on the import path, or, at the top of the tree, the package."""
    for parent in path.parents:
        if parent.name in _ROOTS:
            return parent
    package = path.parent
    while package.parts and str(package.parent / "__init__.py") in known and package.parent.parts:
        package = package.parent
    is_package = str(package / "__init__.py") in known
    return package.parent if is_package and package.parent.parts else package


def _is_needed(
    path: PurePosixPath, below: frozenset[PurePosixPath], beside: set[PurePosixPath]
) -> bool:
    if path.name in _EVERYWHERE:
        return True
    if path.suffix in _CONFIGURATION and path.parent in beside:
        return True
    return any(parent in below for parent in path.parents)
