"""The statements of a test file as values: what each binds and mentions, when it runs unasked."""

import ast
import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from sloptest_hook.symbols.effects import Origins
from sloptest_hook.symbols.fingerprint import digest, tokens_of
from sloptest_hook.symbols.mentions import Mentions, last_name


class Kind(enum.Enum):
    """What a statement is."""

    IMPORT = "import"
    FUNCTION = "function"
    CLASS = "class"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Imported:
    """One name of an import statement; ``name`` is "" for a whole module."""

    level: int
    module: str
    name: str
    alias: str

    @property
    def bound(self) -> str:
        """Return the name that it binds."""
        return self.alias or self.module.partition(".")[0]

    @property
    def shown(self) -> str:
        """Return how the name is said after its module."""
        return f"{self.name} as {self.alias}"


@dataclass(slots=True)
class Target:
    """What an import leads to in the tests.

    ``opened`` are executed by it, ``leaves`` are where its name is looked up, ``modules`` are what
    its name is if that is a module, ``packages`` the directories that attributes of it lead into.
    ``candidates`` are the files that decide all this by being there or not. ``project`` is the
    module that it leads to instead, with the name as it is said after it.
    """

    opened: list[PurePosixPath] = field(default_factory=list)
    leaves: list[PurePosixPath] = field(default_factory=list)
    modules: list[PurePosixPath] = field(default_factory=list)
    packages: set[PurePosixPath] = field(default_factory=set)
    candidates: set[PurePosixPath] = field(default_factory=set)
    project: tuple[str, str] | None = None


@dataclass(slots=True, eq=False)
class Statement:
    """One statement of a module or a class; of an import, one name. Equal only to itself.

    ``is_always`` says that it runs, or may, whoever asks; ``is_unmentioned`` is an import that is
    there for what it does: its file never says its name. ``runs`` are the names that are read when
    the file is imported: of a function those of its decorators and default values. A class
    mentions what its first line does but for its bases; the rest is in ``members``.
    """

    node: ast.stmt
    kind: Kind
    names: tuple[str, ...]
    position: int
    mentions: Mentions
    is_always: bool = False
    runs: frozenset[str] = frozenset()
    imported: Imported | None = None
    bases: tuple[ast.expr, ...] = ()
    keywords: tuple[ast.keyword, ...] = ()
    members: "tuple[Statement, ...]" = ()
    is_decorated: bool = False
    is_unmentioned: bool = False
    has_effect: bool = False
    owner: "Statement | None" = None
    _digest: str = ""

    @property
    def text(self) -> str:
        """Return what stands for the meaning of the statement, of a class for its first line."""
        if not self._digest:
            node = self.node
            parts = _first_line(node) if isinstance(node, ast.ClassDef) else tokens_of(node)
            self._digest = digest(parts)
        return self._digest

    @property
    def is_test(self) -> bool:
        """Say whether pytest may collect it of a test class, or of a module."""
        beginning = "test" if self.kind is Kind.FUNCTION else "Test"
        return self.kind is not Kind.OTHER and self.names[0].startswith(beginning)

    @property
    def is_test_class(self) -> bool:
        """Say whether it is a class that exists for its tests."""
        return self.kind is Kind.CLASS and (self.is_test or any(m.is_test for m in self.members))

    @property
    def registers_others(self) -> bool:
        """Say whether it is a class that learns of those that derive from it."""
        return any(each.arg == "metaclass" for each in self.keywords) or any(
            not {"__init_subclass__", "__set_name__"}.isdisjoint(each.names)
            for each in self.members
        )

    @property
    def may_be_fixture(self) -> bool:
        """Say whether an argument of that name may get its value from here."""
        return self.is_decorated or self.kind in (Kind.IMPORT, Kind.OTHER)


@dataclass(slots=True, eq=False)
class Statements:
    """The statements of one file.

    ``stars`` are its ``from ... import *``. ``targets`` tells where imports lead, as far as anybody
    asked. ``by_base`` has the classes under the names of what they derive from, and imports under
    what they import by another name.
    """

    path: PurePosixPath
    all: tuple[Statement, ...]
    origins: Origins
    by_name: Mapping[str, list[Statement]] = field(init=False)
    by_base: Mapping[str, list[Statement]] = field(init=False)
    stars: tuple[Imported, ...] = field(init=False)
    has_effects: bool = field(init=False)
    targets: dict[Imported, Target] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = [each.imported for each in self.all if each.imported is not None]
        for each in self.all:
            if each.kind is Kind.OTHER:
                names += [name for node in each.mentions.imports for name in imported_names(node)]
        self.stars = tuple(name for name in names if name.name == "*")
        found: dict[str, list[Statement]] = {}
        for each in self.all:
            for name in each.names:
                found.setdefault(name, []).append(each)
        self.by_name = found
        self.by_base = self._by_base()
        self.has_effects = any(each.has_effect for each in self.all)

    def _by_base(self) -> Mapping[str, list[Statement]]:
        found: dict[str, list[Statement]] = {}
        for each in self.all:
            for base in each.bases:
                found.setdefault(last_name(base), []).append(each)
            if each.imported is not None and each.imported.name not in ("", *each.names):
                found.setdefault(each.imported.name, []).append(each)
        return found


def dotted_name(node: ast.expr) -> tuple[str, list[str]]:
    """Return ``a`` and ``[c, b]`` for ``a.b.c`` or ``a.b.c[...]``; "" if no name begins it."""
    words = []
    while isinstance(node, ast.Subscript | ast.Attribute):
        words += [node.attr] if isinstance(node, ast.Attribute) else []
        node = node.value
    return (node.id if isinstance(node, ast.Name) else ""), words


def imported_names(node: ast.Import | ast.ImportFrom) -> Iterator[Imported]:
    """Yield each name that an import statement binds."""
    for alias in node.names:
        if isinstance(node, ast.Import):
            yield Imported(0, alias.name, "", alias.asname or "")
        else:
            yield Imported(node.level, node.module or "", alias.name, alias.asname or alias.name)


def _first_line(node: ast.ClassDef) -> list[str]:
    """Return what stands for a class statement without its body."""
    tokens = [node.name]
    for parts in (node.bases, node.keywords, node.decorator_list, getattr(node, "type_params", [])):
        tokens.append(str(len(parts)))
        for part in parts:
            tokens += tokens_of(part)
    return tokens
