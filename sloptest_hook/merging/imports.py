"""Import statements as bound names, read from code."""

import ast
from collections.abc import Iterable, Iterator

from sloptest_hook.values.records import dataclass

FUTURE = "__future__"


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
