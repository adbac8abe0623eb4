"""Gathers the statements of the test files that one test may execute.

Too many rather than too few: a name reaches what its file binds under it, an attribute or a string
all that any file which was opened binds under it. What is computed reaches the whole file.
"""

import ast
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from pathlib import PurePosixPath

from sloptest_hook.symbols.import_names import ImportNames
from sloptest_hook.symbols.mentions import Mentions, Use, last_name
from sloptest_hook.symbols.statements import (
    Imported,
    Kind,
    Statement,
    Statements,
    Target,
    dotted_name,
    imported_names,
)
from sloptest_hook.symbols.subjects import Subjects, hands_itself_on


class Reach:
    """What one test reaches; begun for its file, then copied for each of the file's tests."""

    def __init__(
        self,
        start: PurePosixPath,
        read: Callable[[PurePosixPath], Statements | None],
        names: ImportNames,
    ) -> None:
        self.start = start
        self.opened: dict[PurePosixPath, Statements] = {}
        self.taken: dict[Statement, Statements] = {}
        self.imports: set[tuple[PurePosixPath, str, str]] = set()
        self.links: set[tuple[PurePosixPath, str]] = set()
        self.relies_on: set[PurePosixPath] = set()
        # A module whose name is computed may be any: nobody need look further.
        self.is_everything = False
        self._read = read
        self._names = names
        self._uses: dict[Statement, Use] = {}
        self._front: list[tuple[Statement, Use]] = []
        self._words: dict[str, Use] = {}
        self._arguments: set[str] = set()
        self._seen: dict[tuple[Statements, str], Use] = {}
        self._packages: set[PurePosixPath] = set()
        self._subjects = Subjects()
        self._whole: set[Statements] = set()
        self._is_wide = False
        self._registering: set[str] = set()

    def copied(self) -> "Reach":
        """Return a copy that can go on alone."""
        made = copy(self)
        grown = {name: each.copy() for name, each in vars(self).items() if hasattr(each, "copy")}
        vars(made).update(grown)
        return made

    def begin(self) -> None:
        """Take what runs for every test of the file."""
        self.open(self.start)
        for path in self._names.above(self.start):
            self.relies_on.add(path)
            self.open(path)
        self._run()

    def add(self, parts: Sequence[str]) -> None:
        """Take what the parts of a node id name."""
        file = self.opened[self.start]
        self._name(file, parts[0], Use.BASE if len(parts) > 1 else Use.VALUE)
        for part in parts[1:]:
            self._member(part)
        self._run()

    def open(self, path: PurePosixPath) -> Statements | None:
        """Take what a file does on being imported, and what is asked of every open file."""
        if path in self.opened:
            return self.opened[path]
        file = self._read(path)
        if file is not None:
            self.opened[path] = file
            self.relies_on.add(path)
            for each in file.all:
                if each.is_always:
                    self._take(file, each, Use.INSIDE if each.is_test_class else Use.VALUE)
                if each.imported is not None:
                    target = self._target(file, each.imported)
                    self._open_all(target)
                    if each.is_unmentioned and target.project is not None:
                        self._take(file, each, Use.INSIDE)
            self._ask(file)
        return file

    def _ask(self, file: Statements) -> None:
        """Take of a file that was just opened what others were asked for before."""
        for word in self._words.keys() & file.by_name.keys():
            self._take_all(file, file.by_name[word], self._words[word])
        for name in self._arguments:
            self._take_fixtures(file, name)
        if self._is_wide:
            self._take_whole(file)
        for name in list(self._registering):
            self._take_derived(file, name)

    def _target(self, file: Statements, imported: Imported) -> Target:
        found = file.targets.get(imported)
        if found is None:
            found = file.targets[imported] = self._names.target(file.path, imported)
        return found

    def _open_all(self, target: Target) -> None:
        self.relies_on |= target.candidates
        for path in target.opened:
            self.open(path)

    def _run(self) -> None:
        while self._front and not self.is_everything:
            statement, use = self._front.pop()
            file = self.taken[statement]
            if statement.kind is Kind.CLASS:
                self._use_class(file, statement, use)
            elif statement.imported is not None:
                self._follow(file, statement.imported, use)
            elif use & Use.BASE:  # Base = made()
                self._expose()
            for each in statement.mentions.imports:
                for imported in imported_names(each):
                    bare = imported.alias in statement.mentions.bare
                    self._follow(file, imported, use | (Use.VALUE if bare else Use.INSIDE))

    def _take(self, file: Statements, statement: Statement, use: Use) -> None:
        known = self._uses.get(statement)
        if known is not None and use in known:
            return
        self._uses[statement] = use if known is None else known | use
        self._front.append((statement, use))
        if known is None:
            self.taken[statement] = file
            self._mention(file, statement.mentions)
            if hands_itself_on(statement):
                self._expose()

    def _take_all(self, file: Statements, found: Iterable[Statement], use: Use) -> None:
        for each in found:
            self._take(file, each, use)

    def _mention(self, file: Statements, mentions: Mentions) -> None:
        bare = mentions.bare
        for name in mentions.names:
            self._name(file, name, Use.VALUE if name in bare else Use.INSIDE)
        for word in mentions.words:
            self._word(word, Use.VALUE if word in bare else Use.INSIDE)
        for name in mentions.arguments - self._arguments:
            self._argument(name)
        if mentions.is_computed:
            self._take_whole(file)
        if mentions.is_wide and not self._is_wide:
            self._is_wide = True
            for each in list(self.opened.values()):
                self._take_whole(each)
        self.is_everything |= mentions.imports_any
        target = self._names.named(file.path, mentions)
        self._open_all(target)
        self._enter(target.packages)
        for path in target.modules:
            self._use_module(path, Use.VALUE)

    def _name(self, file: Statements, name: str, use: Use) -> None:
        known = self._seen.get((file, name))
        if known is not None and use in known:
            return
        self._seen[file, name] = use if known is None else known | use
        self._take_all(file, file.by_name.get(name, ()), use)
        for target in [self._target(file, star) for star in file.stars]:
            for leaf in target.leaves:
                self._name_in(leaf, name, use)
            for package in target.packages:  # which __all__ may make it import
                if module := self._names.submodule(package, name):
                    self._use_module(module, use)
        if known is None:
            self._member(name)

    def _name_in(self, path: PurePosixPath, name: str, use: Use) -> None:
        file = self.open(path)
        if file is not None:
            self._name(file, name, use)

    def _word(self, word: str, use: Use) -> None:
        known = self._words.get(word)
        if known is not None and use in known:
            return
        self._words[word] = use if known is None else known | use
        for file in list(self.opened.values()):
            if word in file.by_name:
                self._take_all(file, file.by_name[word], use)
        for package in list(self._packages):
            self._submodule(package, word)
        if known is None:
            self._member(word)

    def _argument(self, name: str) -> None:
        self._arguments.add(name)
        for file in list(self.opened.values()):
            self._take_fixtures(file, name)
        self._member(name)

    def _take_fixtures(self, file: Statements, name: str) -> None:
        for each in file.by_name.get(name, ()):
            if each.may_be_fixture:
                self._take(file, each, Use.VALUE)

    def _submodule(self, package: PurePosixPath, word: str) -> None:
        path = self._names.submodule(package, word)
        if path is not None:
            self._use_module(path, self._words[word])
            if path.name == "__init__.py":
                self._enter({path.parent})

    def _enter(self, packages: Iterable[PurePosixPath]) -> None:
        for package in packages:
            if package not in self._packages:
                self._packages.add(package)
                for word in list(self._words):
                    self._submodule(package, word)

    def _follow(self, file: Statements, imported: Imported, use: Use) -> None:
        target = self._target(file, imported)
        self._open_all(target)
        for leaf in target.leaves:
            self._name_in(leaf, "__all__" if imported.name == "*" else imported.name, use)
        for module in target.modules:
            self._use_module(module, use)
        self._enter(target.packages)
        if target.project is None:
            files = " ".join(map(str, target.opened))
            self.links.add((file.path, f"{files}\0{imported.shown}"))
        else:
            self.imports.add((file.path, *target.project))
            if Use.BASE in use and file.origins.is_foreign(imported.bound):
                self._expose()

    def _use_module(self, path: PurePosixPath, use: Use) -> None:
        file = self.open(path)
        if file is not None and Use.VALUE in use:
            self._take_whole(file)

    def _take_whole(self, file: Statements) -> None:
        if file not in self._whole:
            self._whole.add(file)
            self._take_all(file, file.all, Use.VALUE)

    def _take_derived(self, file: Statements, name: str) -> None:
        """Take the classes of a file that derive from one that learns of it, and from these."""
        for each in file.by_base.get(name, ()):
            if each.imported is None:
                self._take(file, each, Use.INSIDE)
            self._register(each.names[0])

    def _register(self, name: str) -> None:
        if name not in self._registering:
            self._registering.add(name)
            for file in list(self.opened.values()):
                self._take_derived(file, name)

    def _use_class(self, file: Statements, found: Statement, use: Use) -> None:
        is_whole = Use.VALUE in use or (Use.INSIDE in use and not found.is_test_class)
        if is_whole:
            self._take_all(file, found.members, Use.VALUE)
        else:
            self._take_members(self._subjects.add(file, found))
        for base in found.bases:
            self._base(file, base, Use.VALUE if is_whole else Use.BASE)
        if found.registers_others:
            self._register(found.names[0])

    def _base(self, file: Statements, base: ast.expr, use: Use) -> None:
        root, words = dotted_name(base)
        for word in words:
            self._word(word, use)
        if root:
            self._name(file, root, use & Use.BASE or Use.INSIDE if words else use)
        elif last_name(base):
            self._expose()

    def _member(self, name: str) -> None:
        self._take_members(self._subjects.want(name))

    def _take_members(self, found: Iterable[tuple[Statements, Statement]]) -> None:
        for file, each in found:
            self._take(file, each, Use.INSIDE if each.is_test_class else Use.VALUE)

    def _expose(self) -> None:
        self._take_members(self._subjects.expose())
