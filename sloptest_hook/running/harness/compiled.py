"""Edge: compiled code of the snapshot and of the harness, kept by content for later processes.

A commit starts ten processes, and no bytecode is written into a snapshot: without this each of
them compiles the whole project. An entry's name is made of content, path and interpreter, so that
it is never stale. Only what the user trusts writes: their own tests, and ``fill``, which compiles
and runs nothing. ``seal`` ends writing before generated code runs; under confinement the folder
cannot be written to either.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import importlib.util
import marshal
import os
import sys
import time
import types
import warnings
from collections.abc import Iterable, Iterator
from importlib.machinery import SourceFileLoader
from typing import TYPE_CHECKING, Any

from .locating import is_below_one_of

if TYPE_CHECKING:
    Imports = tuple[tuple[int, str, tuple[str, ...]], ...]  # level, module, names
    # What a file imports, where ``fill`` has looked, and its code.
    Entry = tuple[Imports | None, types.CodeType]

_SECONDS = 5.0  # for filling: what is left is compiled where it is imported
_DAY = 24 * 3600.0  # seconds
_UNUSED = 14 * _DAY
_PRUNED = "pruned"  # its time is when it was last done
_LEAF = 40  # characters of a name

_compile_plainly: Any = SourceFileLoader.get_code


class _Store:
    """One a process: where it keeps, for files below which folders, and whether it still may."""

    folder = ""
    trees: set[str] = set()  # noqa: RUF012  # there is one store
    writes = False


def begin(folder: str) -> None:
    """Keep code in ``folder`` from now on, of the harness and of what ``cover`` names."""
    if not folder:
        return
    _Store.folder, _Store.writes = folder, True
    cover(os.path.dirname(os.path.abspath(__file__)))
    SourceFileLoader.get_code = _get_code  # type: ignore[method-assign,assignment]


def folders() -> list[str]:
    """Return where code is kept, as a list of one or none: who is confined must read it."""
    return [_Store.folder] if _Store.folder else []


def cover(tree: str) -> None:
    """Keep the code of the files below this folder too."""
    _Store.trees.add(os.path.realpath(tree))


def seal() -> None:
    """Write no more in this process: what comes next nobody has read."""
    _Store.writes = False


def found(kind: str, path: str, source: bytes) -> types.CodeType | None:
    """Return what was kept of this source at this path, compiled in this ``kind`` of way."""
    entry = _read(_place(kind, path, source)) if _Store.folder else None
    return entry[1] if entry else None


def keep(kind: str, path: str, source: bytes, code: types.CodeType) -> None:
    """Keep the code, unless the store is sealed or cannot be written to."""
    if _Store.writes:
        _write(_place(kind, path, source), (None, code))


def fill(starts: Iterable[str], roots: Iterable[str]) -> None:
    """Compile what of the covered trees these files import, as far as names tell.

    ``roots`` are the folders that are imported from. Nothing is run. What cannot be compiled, or
    gives a warning, is left to its import. A file of ``starts`` alone, a new test it may be, is
    read only.
    """
    if not _Store.writes:
        return
    _prune()
    until = time.monotonic() + _SECONDS
    places = [root for root in map(os.path.realpath, roots) if is_below_one_of(root, _Store.trees)]
    first = {os.path.realpath(start) for start in starts}
    pending = list(first)
    seen: set[str] = set()
    while pending and time.monotonic() < until:
        path = pending.pop()
        if path in seen or not is_below_one_of(path, _Store.trees):
            continue
        seen.add(path)
        for level, module, names in _compiled(path, keeps=path not in first):
            pending += _imported(path, places, level, module, names)


def _get_code(self: SourceFileLoader, fullname: str) -> types.CodeType | None:
    path = self.get_filename(fullname)
    if type(self) is not SourceFileLoader or not is_below_one_of(path, _Store.trees):
        plain: types.CodeType | None = _compile_plainly(self, fullname)
        return plain
    source = self.get_data(path)
    code = found("module", path, source)
    if code is None:
        code = self.source_to_code(source, path)
        keep("module", path, source, code)
    return code


def _compiled(path: str, *, keeps: bool) -> Imports:
    """Return what the file imports; afterwards its code is kept, if it is to be."""
    try:
        with open(path, "rb") as stream:
            source = stream.read()
    except OSError:
        return ()
    place = _place("module", path, source)
    entry = _read(place)
    if entry is not None and entry[0] is not None:
        _touch(place)
        return entry[0]
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            tree = ast.parse(source, path)
            imports = tuple(_imports(tree.body))
            if not keeps:
                return imports
            code = compile(tree, path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return ()
    if not warned:
        _write(place, (imports, code))
    return imports


def _imports(body: Iterable[ast.AST]) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """Yield the imports that importing the module may execute."""
    for node in body:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield 0, alias.name, ()
        elif isinstance(node, ast.ImportFrom):
            yield node.level, node.module or "", tuple(alias.name for alias in node.names)
        elif isinstance(node, (ast.If, ast.Try, ast.With, ast.ClassDef, ast.ExceptHandler)):
            yield from _imports(ast.iter_child_nodes(node))


def _imported(
    path: str, roots: Iterable[str], level: int, module: str, names: Iterable[str]
) -> Iterator[str]:
    """Yield the files below the roots that an import executes."""
    parts = module.split(".") if module else []
    above = path
    for _ in range(level):
        above = os.path.dirname(above)
    for root in [above] if level else roots:
        if parts and not _is_there(os.path.join(root, parts[0])):
            continue
        folder = root
        yield from _file_of(folder)
        for part in parts:
            folder = os.path.join(folder, part)
            yield from _file_of(folder)
        for name in names:
            yield from _file_of(os.path.join(folder, name))


def _is_there(stem: str) -> bool:
    return os.path.isdir(stem) or os.path.isfile(stem + ".py")


def _file_of(stem: str) -> Iterator[str]:
    for place in (os.path.join(stem, "__init__.py"), stem + ".py"):
        if os.path.isfile(place):
            yield place
            return


def _place(kind: str, path: str, source: bytes) -> str:
    about = f"{sys.flags.optimize}\0{kind}\0{path}\0".encode("utf-8", "surrogateescape")
    name = hashlib.sha256(importlib.util.MAGIC_NUMBER + about + source).hexdigest()[:_LEAF]
    return os.path.join(_Store.folder, name[:2], name[2:])


def _read(place: str) -> Entry | None:
    try:
        with open(place, "rb") as stream:
            entry: Any = marshal.loads(stream.read())  # noqa: S302  # nobody else writes there
            imports, code = entry
    except (OSError, EOFError, ValueError, TypeError):
        return None
    return (imports, code) if isinstance(code, types.CodeType) else None


def _write(place: str, entry: Entry) -> None:
    """Write all of it or nothing; without a place to write to there is nothing kept."""
    draft = f"{place}.{os.getpid()}"
    with contextlib.suppress(OSError):
        os.makedirs(os.path.dirname(place), mode=0o700, exist_ok=True)
        with open(draft, "wb") as stream:
            stream.write(marshal.dumps(entry))
        os.replace(draft, place)


def _touch(place: str) -> None:
    with contextlib.suppress(OSError):
        if time.time() - os.stat(place).st_mtime > _DAY:
            os.utime(place)


def _prune() -> None:
    """Once a day remove what was not used for two weeks."""
    marker = os.path.join(_Store.folder, _PRUNED)
    now = time.time()
    with contextlib.suppress(OSError):
        if os.path.exists(marker) and now - os.stat(marker).st_mtime < _DAY:
            return
        os.makedirs(_Store.folder, mode=0o700, exist_ok=True)
        with open(marker, "wb"):
            pass
        for above, _, names in os.walk(_Store.folder):
            for name in names:
                place = os.path.join(above, name)
                if now - os.stat(place).st_mtime > _UNUSED:
                    os.unlink(place)
