"""The fingerprint of a test: of itself and of all that it uses of the test files.

By name, to a fixpoint: the statements of its file that bind a name which it mentions, fixtures of
its file and of the ``conftest.py`` files above, helpers that are imported from other test files,
and what runs whoever asks: autouse fixtures, set-up functions, hooks, calls at module level.
"""

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from sloptest_hook.symbols.bindings import Binding, bindings
from sloptest_hook.symbols.fingerprint import digest
from sloptest_hook.symbols.imports import absolute_module
from sloptest_hook.symbols.modules import import_root, module_index, module_name, package_of
from sloptest_hook.symbols.parsing import parsed

_CONFTEST = "conftest.py"


@dataclass(frozen=True, slots=True)
class Closure:
    """What a test depends on in the test files.

    ``without`` gives, for each module of the project that the closure imports, the fingerprint with
    that module's name left out. ``relies_on`` are the files that were read, and every
    ``conftest.py`` that is or could come into being above the test.
    """

    fingerprint: str
    without: Mapping[str, str]
    relies_on: frozenset[PurePosixPath]


class Closures:
    """The closures of the tests of one tree; files are parsed when they are asked for.

    ``texts`` are the Python files of the tests, ``files`` all paths of the tree.
    """

    def __init__(
        self, texts: Mapping[PurePosixPath, str], files: Collection[PurePosixPath]
    ) -> None:
        self._texts = texts
        self._files = frozenset(files)
        self._read: dict[PurePosixPath, _File | None] = {}
        self._found: dict[str, Closure | None] = {}
        self._modules: Mapping[str, PurePosixPath] | None = None

    def of(self, node_id: str) -> Closure | None:
        """Return the closure of a node id, None for what is no function of a known file.

        The variants of a parametrised test share theirs: the table is part of it.
        """
        place = node_id.partition("[")[0]
        if place not in self._found:
            self._found[place] = self._closure(place)
        return self._found[place]

    def _closure(self, place: str) -> Closure | None:
        name, *parts = place.split("::")
        path = PurePosixPath(name)
        file = self.file(path)
        if file is None or not parts or not file.has(parts):
            return None
        walk = _Walk(self, path)
        walk.begin(file, parts)
        return walk.closure()

    def file(self, path: PurePosixPath) -> "_File | None":
        """Return a test file as its bindings, None for one that is not known or does not parse."""
        if path not in self._read:
            tree = parsed(self._texts[path]) if path in self._texts else None
            known = bindings(tree.body) if isinstance(tree, ast.Module) else None
            self._read[path] = None if known is None else _File(path, known)
        return self._read[path]

    def modules(self) -> Mapping[str, PurePosixPath]:
        """Return the file behind each module name of the tree."""
        if self._modules is None:
            self._modules = module_index(self._files)
        return self._modules

    def package(self, path: PurePosixPath) -> str:
        """Return the package that relative imports of a test file start from."""
        name = module_name(path, import_root(self._files, path))
        return package_of(path, name) if isinstance(name, str) else ""

    def is_test_text(self, path: PurePosixPath) -> bool:
        """Say whether a file is one of the tests'."""
        return path in self._texts

    def conftests(self, path: PurePosixPath) -> tuple[PurePosixPath, ...]:
        """Return every ``conftest.py`` above a file, near ones first, whether it exists or not."""
        return tuple(above / _CONFTEST for above in path.parents)


@dataclass(frozen=True, slots=True)
class _File:
    path: PurePosixPath
    bindings: tuple[Binding, ...]
    by_name: Mapping[str, list[Binding]] = field(init=False)

    def __post_init__(self) -> None:
        found: dict[str, list[Binding]] = {}
        for each in self.bindings:
            for name in each.names:
                found.setdefault(name, []).append(each)
        object.__setattr__(self, "by_name", found)

    def has(self, parts: list[str]) -> bool:
        return any(each.defines(parts) for each in self.by_name.get(parts[0], ()))


@dataclass(slots=True)
class _Walk:
    """One closure being gathered: which bindings are in it, and what they import."""

    closures: Closures
    start: PurePosixPath
    parts: dict[tuple[str, str], str] = field(default_factory=dict)
    seen: set[tuple[PurePosixPath, str]] = field(default_factory=set)
    imports: set[tuple[str, str]] = field(default_factory=set)
    files: set[PurePosixPath] = field(default_factory=set)
    opened: set[PurePosixPath] = field(default_factory=set)

    def begin(self, file: "_File", parts: list[str]) -> None:
        front: list[tuple[PurePosixPath, str]] = []
        for each in file.by_name[parts[0]]:
            front += self._take(file, each, each.reduced(parts))
        for path in (self.start, *self.closures.conftests(self.start)):
            self.files.add(path)
            found = self.closures.file(path)
            if found is not None:
                for each in found.bindings:
                    front += self._take(found, each, each) if each.is_always else ()
        self._follow(front)

    def closure(self) -> Closure:
        lines = [f"{path}\0{name}\0{text}" for (path, name), text in self.parts.items()]
        own = digest(sorted([*lines, *(f"{m}\0{n}" for m, n in self.imports)]))
        without = {}
        for module in {module for module, _ in self.imports} & self._project_modules():
            named = (f"{'' if m == module else m}\0{n}" for m, n in self.imports)
            without[module] = digest(sorted([*lines, *named]))
        return Closure(own, without, frozenset(self.files))

    def _project_modules(self) -> set[str]:
        modules = self.closures.modules()
        named = {module for module, _ in self.imports}
        return {
            each
            for each in named
            if each in modules and not self.closures.is_test_text(modules[each])
        }

    def _follow(self, front: list[tuple[PurePosixPath, str]]) -> None:
        while front:
            path, name = front.pop()
            if (path, name) in self.seen:
                continue
            self.seen.add((path, name))
            for place in (path, *self.closures.conftests(self.start)):
                file = self.closures.file(place)
                if file is not None:
                    for each in file.by_name.get(name, ()):
                        wanted = place == path or each.is_fixture
                        front += self._take(file, each, each) if wanted else ()

    def _take(
        self, file: "_File", binding: Binding, used: Binding
    ) -> Iterable[tuple[PurePosixPath, str]]:
        """Take one binding in, and yield what it mentions."""
        self.files.add(file.path)
        if binding.imports:
            yield from self._imported(file, binding)
            return
        self.parts[self._relative(file.path), used.label] = used.text
        for name in used.mentions:
            yield file.path, name

    def _relative(self, path: PurePosixPath) -> str:
        """Return the file's name, but for the test's own: that one may be renamed."""
        return "" if path == self.start else str(path)

    def _imported(self, file: "_File", binding: Binding) -> Iterator[tuple[PurePosixPath, str]]:
        modules = self.closures.modules()
        for level, module, name, alias in binding.imports:
            base = absolute_module(module, level, self.closures.package(file.path)) or ""
            full = f"{base}.{name}".strip(".") if name else base
            for candidate, rest in ((full, ""), (base, name)):
                path = modules.get(candidate)
                if path is not None and self.closures.is_test_text(path):
                    self.files.add(path)
                    yield from self._names_in(path, rest)
                    break
            else:
                whole = full in modules
                self.imports.add((full, f"as {alias}") if whole else (base, f"{name} as {alias}"))

    def _names_in(self, path: PurePosixPath, name: str) -> Iterator[tuple[PurePosixPath, str]]:
        """Yield what an import of a test file brings in: one name, or all for the whole module."""
        file = self.closures.file(path)
        if file is None:
            return
        names = [name] if name and name != "*" else list(file.by_name)
        if path not in self.opened:
            self.opened.add(path)
            for each in file.bindings:
                if each.is_always:
                    yield from self._take(file, each, each)
        yield from ((path, each) for each in names)
