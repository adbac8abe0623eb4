"""Names the module that a file is imported as, from nothing but paths."""

import keyword
from collections.abc import Collection, Iterable
from pathlib import PurePosixPath

from sloptest_hook.values.records import dataclass

# A directory that holds one of these is a project of its own inside a larger repository.
_PROJECT_FILES = ("pyproject.toml", "setup.py", "setup.cfg")
_TOP = PurePosixPath()


@dataclass(frozen=True, slots=True)
class NoModule:
    """Why no test can import a file, for a person to read."""

    reason: str


def import_root(files: Collection[PurePosixPath], source: PurePosixPath) -> PurePosixPath:
    """Return the directory that must be on ``sys.path`` for a source to be imported.

    ``files`` are all paths of the tree; hand in a set. It is the directory above the outermost
    package; without an ``__init__.py``, the nearest ``src`` directory, else the nearest project
    directory (``pyproject.toml``), else the repository: a namespace package.
    """
    directory = source.parent
    is_package = False
    while directory != _TOP and directory / "__init__.py" in files:
        directory, is_package = directory.parent, True
    for above in (directory, *directory.parents):
        if above.name == "src":
            return above
        if any(above / name in files for name in _PROJECT_FILES):
            return directory if is_package else above
    return directory if is_package else _TOP


def module_name(path: PurePosixPath, root: PurePosixPath) -> str | NoModule:
    """Return the dotted name under ``root``: ``pkg`` for ``pkg/__init__.py``."""
    parts = list(path.relative_to(root).with_suffix("").parts)
    if parts[-1] == "__init__" and len(parts) > 1:
        parts.pop()
    for part in parts:
        if not part.isidentifier() or keyword.iskeyword(part):
            return NoModule(f"{path} cannot be imported: '{part}' is not a Python name")
    return ".".join(parts)


def package_of(path: PurePosixPath, module: str) -> str:
    """Return the package that relative imports of a module start from, "" at the top."""
    return module if path.name == "__init__.py" else module.rpartition(".")[0]


def module_index(files: Iterable[PurePosixPath]) -> dict[str, PurePosixPath]:
    """Return the file behind every module name of the tree.

    A file outside any package also goes by its bare name (``helpers`` for ``tests/helpers.py``):
    pytest puts the directory of a test file on ``sys.path``.
    """
    known = frozenset(files)
    index: dict[str, PurePosixPath] = {}
    bare: dict[str, PurePosixPath] = {}
    for path in sorted(each for each in known if each.suffix == ".py"):
        name = module_name(path, import_root(known, path))
        if isinstance(name, str):
            index.setdefault(name, path)
            if path.parent / "__init__.py" not in known:
                bare.setdefault(path.stem, path)
    return bare | index
