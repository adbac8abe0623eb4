"""Edge: finds ignored files of the working tree that an import of the project needs."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

_EXTENSIONS = (".so", ".pyd")
_NO_PACKAGE = frozenset(
    ("__pycache__", "node_modules", "site-packages", "build", "dist", "venv", "env", "virtualenv")
)
# What a developer keeps to himself is no build product: a test must not depend on it, and an
# assertion must not quote it.
_PRIVATE = frozenset(("local", "secret", "secrets", "credentials", "password", "private"))
# A link costs 20 microseconds; a tree with more ignored modules than this is an environment.
_MAX_FILES = 2000


def build_products(top: Path, ignored: Iterable[PurePosixPath]) -> tuple[PurePosixPath, ...]:
    """Return extension modules and generated modules of packages, sorted.

    ``ignored`` is what ``git ls-files -o -i --exclude-standard --directory`` lists: files, and
    directories that are ignored as a whole.
    """
    # A whole ignored directory at the root is something else's: build, .tox, data.
    inside = [each for each in ignored if len(each.parts) > 1 or each.suffix in _EXTENSIONS]
    found = [path for each in inside for path in _files(top, each)]
    return tuple(sorted(found)) if len(found) <= _MAX_FILES else ()


def _files(top: Path, path: PurePosixPath) -> Iterator[PurePosixPath]:
    if not _may_hold_packages(path):
        return
    place = top / path
    if place.is_symlink():
        return
    if not place.is_dir():
        if _is_product(path) and place.is_file():
            yield path
    elif not (place / "pyvenv.cfg").exists():
        for name in sorted(os.listdir(place)):  # noqa: PTH208  # names, not paths, are wanted
            yield from _files(top, path / name)


def _may_hold_packages(path: PurePosixPath) -> bool:
    return not any(
        part in _NO_PACKAGE or part.startswith(".") or part.endswith(".egg-info")
        for part in path.parts
    )


def _is_product(path: PurePosixPath) -> bool:
    if path.suffix in _EXTENSIONS:
        return True
    is_module = path.suffix == ".py" and len(path.parts) > 1
    return is_module and not _PRIVATE & set(re.split(r"[._]", path.name.lower()))
