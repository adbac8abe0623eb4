"""Import statements as bound names: read from code, sorted and printed as isort would."""

import ast
import sys
from collections.abc import Iterable, Iterator
from enum import IntEnum

from sloptest_hook.values.records import dataclass

FUTURE = "__future__"


class Section(IntEnum):
    """The blocks of an import list, in their order."""

    FUTURE = 0
    STANDARD = 1
    THIRD_PARTY = 2
    FIRST_PARTY = 3
    RELATIVE = 4


@dataclass(frozen=True, slots=True)
class ImportedName:
    """One name of one import statement.

    ``module`` keeps the leading dots of a relative import; ``name`` is None for ``import module``.
    """

    module: str
    name: str | None = None
    alias: str | None = None

    @property
    def bound(self) -> str:
        """The name that the statement binds in the file."""
        return self.alias or self.name or self.module.partition(".")[0]

    @property
    def meaning(self) -> str:
        """The dotted path of what the bound name stands for."""
        if self.name:
            joint = "" if self.module.endswith(".") else "."
            return f"{self.module}{joint}{self.name}"
        return self.module if self.alias else self.module.partition(".")[0]

    def means(self, other: "ImportedName") -> bool:
        """Return whether both stand for the same thing; a relative path may match by its end."""
        mine, theirs = self.meaning, other.meaning
        if mine.startswith("."):
            mine = mine.lstrip(".")
            return theirs == mine or theirs.endswith(f".{mine}")
        return mine == theirs


def names_of_import(node: ast.stmt) -> tuple[ImportedName, ...]:
    """Return what an import statement binds; nothing for any other statement."""
    if isinstance(node, ast.Import):
        return tuple(ImportedName(alias.name, None, alias.asname) for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        module = "." * node.level + (node.module or "")
        return tuple(ImportedName(module, alias.name, alias.asname) for alias in node.names)
    return ()


def imported_names(body: Iterable[ast.stmt]) -> Iterator[ImportedName]:
    """Yield what a module imports when it is executed: not what only a type checker sees."""
    for node in body:
        yield from names_of_import(node)
        for block in executed_blocks(node):
            yield from imported_names(block)


def typing_only_names(body: Iterable[ast.stmt]) -> Iterator[ImportedName]:
    """Yield what is imported under ``if TYPE_CHECKING:``."""
    for node in body:
        if isinstance(node, ast.If) and is_type_checking(node):
            yield from imported_names(node.body)


def executed_blocks(node: ast.stmt) -> list[list[ast.stmt]]:
    """Return the statement lists inside a statement that are executed with the module."""
    match node:
        case ast.If():
            return [node.orelse] if is_type_checking(node) else [node.body, node.orelse]
        case ast.Try() | ast.TryStar():
            handlers = [handler.body for handler in node.handlers]
            return [node.body, *handlers, node.orelse, node.finalbody]
        case ast.With() | ast.For() | ast.While():
            return [node.body]
        case _:
            return []


def is_type_checking(node: ast.If) -> bool:
    match node.test:
        case ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING"):
            return True
        case _:
            return False


def section_of(module: str, first_party: frozenset[str]) -> Section:
    """Return the block a module is imported in; ``first_party`` holds top-level names."""
    top = module.partition(".")[0]
    if module.startswith("."):
        return Section.RELATIVE
    if module == FUTURE:
        return Section.FUTURE
    if top in first_party:
        return Section.FIRST_PARTY
    return Section.STANDARD if top in sys.stdlib_module_names else Section.THIRD_PARTY


def sort_key(name: ImportedName) -> tuple[bool, str, str]:
    """Return what orders statements within a section: ``import x`` before ``from x import y``."""
    return (name.name is not None, name.module.lower(), name.module)


def member_key(name: ImportedName) -> tuple[int, str, str]:
    """Return isort's order of members: CONSTANTS, then Classes, then the rest."""
    member = name.name or ""
    rank = 0 if member.isupper() and len(member) > 1 else 1 if member[:1].isupper() else 2
    return (rank, member.lower(), name.alias or "")


def sorted_names(names: Iterable[ImportedName]) -> list[ImportedName]:
    """Return the names in the order of statements, those of one module as its members."""
    return sorted(set(names), key=lambda name: (*sort_key(name), *member_key(name)))


def print_imports(names: Iterable[ImportedName], line_length: int) -> list[tuple[str, str]]:
    """Return ``(module, statement)`` pairs, members of one module in one statement, sorted."""
    statements: list[tuple[str, str]] = []
    members: dict[str, list[ImportedName]] = {}
    for name in sorted_names(names):
        if name.name is None:
            suffix = f" as {name.alias}" if name.alias else ""
            statements.append((name.module, f"import {name.module}{suffix}\n"))
        else:
            members.setdefault(name.module, []).append(name)
    for module, listed in members.items():
        statements.append((module, _from_statement(module, listed, line_length)))
    return statements


def grouped_imports(
    names: Iterable[ImportedName], first_party: frozenset[str], line_length: int
) -> str:
    """Return an import list of its own, one blank line between its sections."""
    sections: dict[Section, list[str]] = {}
    for module, statement in print_imports(names, line_length):
        sections.setdefault(section_of(module, first_party), []).append(statement)
    return "\n".join("".join(sections[section]) for section in sorted(sections))


def _from_statement(module: str, names: list[ImportedName], line_length: int) -> str:
    members = [f"{n.name} as {n.alias}" if n.alias else str(n.name) for n in names]
    line = f"from {module} import {', '.join(members)}\n"
    if len(line) <= line_length + 1:
        return line
    listed = "".join(f"    {member},\n" for member in members)
    return f"from {module} import (\n{listed})\n"
