"""Finds the files of the tests that an import statement, or a dotted name, leads to."""

import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from sloptest_hook.symbols.imports import absolute_module
from sloptest_hook.symbols.mentions import Mentions
from sloptest_hook.symbols.modules import import_root, module_index, module_name, package_of
from sloptest_hook.symbols.statements import Imported, Target

_INIT = "__init__.py"
_CONFTEST = "conftest.py"


@dataclass(slots=True)
class _Route:
    """The files on the way to a dotted name below one directory."""

    files: list[PurePosixPath] = field(default_factory=list)
    directories: list[PurePosixPath] = field(default_factory=list)
    candidates: list[PurePosixPath] = field(default_factory=list)
    last: PurePosixPath | None = None
    is_whole: bool = False


class ImportNames:
    """The module names of one tree, as they are seen from each of its test files.

    Which directories are on ``sys.path`` depends on pytest's settings and on what ran before: a
    name may stand for a file below any directory.
    """

    def __init__(self, tests: Collection[PurePosixPath], files: frozenset[PurePosixPath]) -> None:
        self.tests = tuple(sorted(tests))
        self._tests = frozenset(tests)
        self._files = files
        self._tops: dict[str, set[PurePosixPath]] = {}
        self._directories: set[PurePosixPath] = set()
        self._scripts: dict[str, list[PurePosixPath]] = {}
        for path in self.tests:
            self._scripts.setdefault(path.name, []).append(path)
            below = path
            for above in path.parents:
                self._tops.setdefault(below.name.removesuffix(".py"), set()).add(above)
                self._directories.add(above)
                below = above
        self._modules: Mapping[str, PurePosixPath] | None = None
        self._known: dict[tuple[PurePosixPath, Imported], Target] = {}

    def is_project(self, module: str) -> bool:
        """Say whether a module is one of the project's, and none of its tests'."""
        path = self.modules().get(module)
        return path is not None and path not in self._tests

    def modules(self) -> Mapping[str, PurePosixPath]:
        """Return the file behind each module name of the tree."""
        if self._modules is None:
            self._modules = module_index(self._files)
        return self._modules

    def above(self, path: PurePosixPath) -> list[PurePosixPath]:
        """Return what is imported before a test file, or would be if it were there."""
        every = [above / name for above in path.parents for name in (_CONFTEST, _INIT)]
        return [each for each in every if each in self._tests or each not in self._files]

    def submodule(self, package: PurePosixPath, name: str) -> PurePosixPath | None:
        """Return the test file that is the module of a name in a package's directory."""
        for path in (package / name / _INIT, package / f"{name}.py"):
            if path in self._tests:
                return path
        return None

    def named(self, importer: PurePosixPath, mentions: Mentions) -> Target:
        """Return where strings lead; ``modules`` of it are used in ways that nobody can see."""
        target = Target()
        for name in mentions.dotted | mentions.modules | mentions.plugins:
            # A plugin is only imported; any other module that a string names may be run.
            is_used = mentions.is_computed or name not in mentions.plugins
            for route in self._dotted(importer, name):
                target.candidates.update(self._deciding(route))
                target.packages.update(route.directories)
                found = [path for path in route.files if path in self._tests]
                target.opened += found
                if is_used and (route.is_whole or mentions.is_computed):
                    target.modules += found[-1:]
        for name in mentions.scripts:
            target.modules += self._scripts.get(name, ())
        return target

    def _dotted(self, importer: PurePosixPath, name: str) -> Iterator[_Route]:
        level = len(name) - len(name.lstrip("."))
        parts = [part for part in name.split(".") if part]
        if level or (parts and parts[0] in self._tops):
            for root in self._roots(importer, level, parts):
                yield self._route(root, parts)

    def target(self, importer: PurePosixPath, imported: Imported) -> Target:
        """Return where one name of an import statement leads."""
        key = importer.parent, imported
        if key not in self._known:
            self._known[key] = self._target(importer, imported)
        return self._known[key]

    def _target(self, importer: PurePosixPath, imported: Imported) -> Target:
        parts = imported.module.split(".") if imported.module else []
        target = Target()
        for root in self._roots(importer, imported.level, parts):
            route = self._route(root, parts)
            self._add(target, route, imported)
        if not (target.leaves or target.modules):
            target.project = self._project(importer, imported)
            # Python's own are loaded before any directory of tests is looked into.
            if not imported.level and parts[0] in sys.stdlib_module_names:
                target.candidates.clear()
        return target

    def _add(self, target: Target, route: _Route, imported: Imported) -> None:
        target.candidates.update(self._deciding(route))
        if not route.is_whole:
            return
        target.opened += [path for path in route.files if path in self._tests]
        if not imported.name:
            target.modules += [path for path in route.files if path in self._tests]
            target.packages.update(each for each in route.directories if each in self._directories)
        elif route.last is not None:
            self._add_name(target, route.last, imported.name)

    def _add_name(self, target: Target, last: PurePosixPath, name: str) -> None:
        """Add what ``from last import name`` leads to; ``last`` is a file or a directory."""
        module = last / _INIT if last.suffix != ".py" else last
        if module in self._tests:
            target.leaves.append(module)
        if name == "*":
            target.packages.update({last} - {module})
        elif module != last:
            inner = self._route(last, [name])
            target.candidates.update(self._deciding(inner))
            if inner.is_whole and inner.last is not None:
                found = [path for path in inner.files if path in self._tests]
                target.opened += found
                target.modules += found
                target.packages.update(d for d in inner.directories if d in self._directories)

    def _roots(
        self, importer: PurePosixPath, level: int, parts: Sequence[str]
    ) -> list[PurePosixPath]:
        above = list(importer.parents)
        if level:
            return above[level - 1 : level]
        beside = self._tops.get(parts[0], set()) if parts else set()
        return [*above, *sorted(beside.difference(above))]

    def _route(self, root: PurePosixPath, parts: Sequence[str]) -> _Route:
        route = _Route(last=root, is_whole=True)
        place = root
        for position, part in enumerate(parts):
            package, module = place / part / _INIT, place / f"{part}.py"
            route.candidates += [package, module]
            if package in self._files or (place / part) in self._directories:
                route.files += [package] if package in self._files else []
                place = route.last = place / part
                route.directories.append(place)
            elif module in self._files:
                route.files.append(module)
                route.last = module
                route.is_whole = position == len(parts) - 1
                break
            else:
                route.is_whole = False
                break
        if not parts and root / _INIT in self._files:  # from . import name
            route.files.append(root / _INIT)
        return route

    def _deciding(self, route: _Route) -> Iterator[PurePosixPath]:
        """Yield what must stay as it is; the project's own code is looked at elsewhere."""
        for path in route.candidates:
            if path in self._tests or path not in self._files:
                yield path

    def _project(self, importer: PurePosixPath, imported: Imported) -> tuple[str, str]:
        name = module_name(importer, import_root(self._files, importer))
        package = package_of(importer, name) if isinstance(name, str) else ""
        base = absolute_module(imported.module, imported.level, package) or ""
        full = f"{base}.{imported.name}".strip(".") if imported.name else base
        if full in self.modules() or not imported.name:
            return full, f"as {imported.alias}"
        return base, imported.shown
