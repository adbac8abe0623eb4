"""The fingerprint of a test: of itself and of all that it may execute of the test files."""

import ast
from collections.abc import Collection, Iterator, Mapping
from pathlib import PurePosixPath

from sloptest_hook.symbols.dissection import statements_of
from sloptest_hook.symbols.fingerprint import digest, tokens_of
from sloptest_hook.symbols.import_names import ImportNames
from sloptest_hook.symbols.parsing import parsed
from sloptest_hook.symbols.reach import Reach
from sloptest_hook.symbols.statements import Kind, Statement, Statements
from sloptest_hook.values.pytest_run import function_of
from sloptest_hook.values.records import dataclass

# What a module knows of its own name.
_PLACES = frozenset({"__file__", "__name__", "__module__", "__qualname__", "__spec__"})


@dataclass(frozen=True, slots=True)
class Closure:
    """What a test depends on in the test files.

    ``without`` gives, for each module of the project that the closure imports, the fingerprint with
    that module's name left out. ``relies_on`` are the files that were read, and every path that
    would have been read if a file were there: a ``conftest.py`` above the test, a module that an
    import would find instead of what it finds now.
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
        self._names = ImportNames(texts, frozenset(files))
        self._read: dict[PurePosixPath, Statements | None] = {}
        self._begun: dict[PurePosixPath, Reach] = {}
        self._found: dict[str, Closure | None] = {}
        self._tree = ""

    def of(self, node_id: str) -> Closure | None:
        """Return the closure of a node id, None for what is no function of a known file.

        The variants of a parametrised test share theirs: the table is part of it.
        """
        place = function_of(node_id)
        if place not in self._found:
            self._found[place] = self._closure(place)
        return self._found[place]

    def reach(self, node_id: str) -> Reach | None:
        """Return the statements that a closure is made of."""
        name, *parts = function_of(node_id).split("::")
        path = PurePosixPath(name)
        if self._file(path) is None or not parts:
            return None
        if path not in self._begun:
            self._begun[path] = Reach(path, self._file, self._names)
            self._begun[path].begin()
        reach = self._begun[path].copied()
        reach.add(parts)
        is_there = any(parts[0] in each.names for each in reach.taken)
        return reach if is_there or reach.is_everything else None

    def _closure(self, place: str) -> Closure | None:
        reach = self.reach(place)
        if reach is None:
            return None
        if reach.is_everything:
            own = digest([self._whole_tree(), *place.split("::")[1:]])
            return Closure(own, {}, frozenset({*self._texts, *reach.relies_on}))
        lines = _Lines(reach)
        modules = {module for _, module, _ in reach.imports if self._names.is_project(module)}
        return Closure(
            lines.digest(),
            {module: lines.digest(without=module) for module in modules},
            frozenset(reach.relies_on),
        )

    def _whole_tree(self) -> str:
        if not self._tree:
            texts = ((path, parsed(text), text) for path, text in sorted(self._texts.items()))
            parts = (
                [str(path), *(tokens_of(tree) if isinstance(tree, ast.Module) else [text])]
                for path, tree, text in texts
            )
            self._tree = digest(digest(each) for each in parts)
        return self._tree

    def _file(self, path: PurePosixPath) -> Statements | None:
        """Return a test file as its statements, None for one that is unknown or does not parse."""
        if path not in self._read:
            tree = parsed(self._texts[path]) if path in self._texts else None
            self._read[path] = statements_of(path, tree) if isinstance(tree, ast.Module) else None
        return self._read[path]


class _Lines:
    """All that a fingerprint is made of; what order does not matter to is sorted."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._start = str(reach.start) if self._knows_its_name() else ""
        self._lines = [f"opened\0{self._label(path)}" for path in reach.opened]
        if any(file.has_effects for file in reach.opened.values()):
            self._lines += map(self._effects, reach.opened.values())
        scopes: dict[tuple[Statements, Statement | None], list[Statement]] = {}
        for each, file in reach.taken.items():
            scopes.setdefault((file, each.owner), []).append(each)
        for (file, owner), found in scopes.items():
            self._lines += self._scope(f"{self._label(file.path)}\0{_qualname(owner)}", found)

    def digest(self, *, without: str | None = None) -> str:
        """Return the fingerprint, or the one with a module's name left out."""
        imports = (
            f"{self._label(path)}\0{'' if module == without else module}\0{shown}"
            for path, module, shown in self._reach.imports
        )
        links = (f"{self._label(path)}\0{link}" for path, link in self._reach.links)
        return digest(sorted([*self._lines, *imports, *links]))

    def _effects(self, file: Statements) -> str:
        """Return in which order a file does things to others and imports files that may."""
        shown = [f"in order\0{self._label(file.path)}"]
        for each in file.all:
            target = file.targets.get(each.imported) if each.imported is not None else None
            if each.has_effect:
                shown.append("")
            elif target is not None:
                labels = map(self._label, target.opened)
                shown += [label for label in labels if label not in shown]
        return "\0".join(shown)

    def _label(self, path: PurePosixPath) -> str:
        """Return the file's name, but for the test's own: that one may be renamed."""
        return self._start if path == self._reach.start else str(path)

    def _knows_its_name(self) -> bool:
        return any(
            file.path == self._reach.start
            and not _PLACES.isdisjoint(each.mentions.names | each.mentions.words)
            for each, file in self._reach.taken.items()
        )

    def _scope(self, label: str, found: list[Statement]) -> Iterator[str]:
        loose, ordered = _by_order(found)
        for each in loose:
            if each.imported is None:
                yield f"{label}\0{each.text}"
        if ordered:
            yield "\0".join([label, "in order", *ordered])


def _by_order(found: list[Statement]) -> tuple[list[Statement], list[str]]:
    """Return what may stand anywhere in its scope, and what may not, in the order of the file.

    A definition may move unless it is read while the file is imported, or reads what changes then;
    an import unless its name is bound again, or something is done to others between imports.
    """
    often: set[str] = set()
    known: set[str] = set()
    for each in found:
        often |= known.intersection(each.names)
        known.update(each.names)
    fixed = often.union(*(each.runs for each in found))
    changing = {name for each in found if each.kind is not Kind.IMPORT for name in each.names}
    is_quiet = not any(each.has_effect for each in found)

    def is_loose(each: Statement) -> bool:
        if each.kind is Kind.IMPORT:
            return is_quiet and often.isdisjoint(each.names)
        is_definition = each.kind is not Kind.OTHER
        return is_definition and fixed.isdisjoint(each.names) and changing.isdisjoint(each.runs)

    loose = [each for each in found if is_loose(each)]
    rest = sorted(set(found) - set(loose), key=lambda each: each.position)
    return loose, [_shown(each, often) for each in rest]


def _shown(each: Statement, often: Collection[str]) -> str:
    """Return a statement of those in order; what an import leads to is told elsewhere."""
    if each.imported is None:
        return each.text
    module = each.imported.module if each.names[0] in often else ""
    return f"{module}\0{each.imported.shown}"


def _qualname(owner: Statement | None) -> str:
    names: list[str] = []
    while owner is not None:
        names.append(owner.names[0])
        owner = owner.owner
    return ".".join(reversed(names))
