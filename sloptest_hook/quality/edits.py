"""What an operator is: a name, a version, examples of its own, and the edits it sees in a node."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sloptest_hook.quality.text import SourceText

Node = ast.AST
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Edit:
    """A span and what takes its place; ``says`` is for a person where the texts do not do."""

    span: tuple[int, int]
    after: str
    says: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node stands: its ancestors, the innermost last, and the text of the whole file."""

    source: SourceText
    ancestors: tuple[ast.AST, ...] = ()

    @property
    def parent(self) -> ast.AST | None:
        """Return the node around this one."""
        return self.ancestors[-1] if self.ancestors else None

    @property
    def function(self) -> Function | None:
        """Return the innermost function around this node."""
        for each in reversed(self.ancestors):
            if isinstance(each, Function):
                return each
        return None

    def replaced(self, node: ast.expr | ast.stmt, after: str, says: str = "") -> Edit:
        """Return the edit that puts a text in the place of a whole node."""
        return Edit(self.source.span(node), after, says)

    def text(self, node: ast.expr | ast.stmt) -> str:
        """Return a node as it is written."""
        return self.source.of(self.source.span(node))


Edits = Callable[[ast.AST, Place], Iterator[Edit]]


@dataclass(frozen=True, slots=True)
class Operator:
    """One way to break code.

    ``version`` goes up whenever other edits come out of the same code: what was remembered of the
    old ones counts no more. ``examples`` pair a module with all that it can become, in the order of
    the text. ``at_definition``: it changes what runs when the function is defined.
    """

    name: str
    version: int
    edits: Edits
    examples: tuple[tuple[str, tuple[str, ...]], ...]
    at_definition: bool = field(default=False)

    @property
    def label(self) -> str:
        """Return name and version."""
        return f"{self.name}/{self.version}"
