"""A source as a tree with its nodes at hand by kind, if it is small enough to be looked at."""

import ast
import warnings
from collections.abc import Iterator, Mapping
from typing import TypeVar

from sloptest_hook.values.records import dataclass

MOST_NODES = 20_000
MOST_DEPTH = 60
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
SCOPES = (*FUNCTIONS, ast.Lambda, ast.Module)
Function = ast.FunctionDef | ast.AsyncFunctionDef
_Node = TypeVar("_Node", bound=ast.AST)
_Other = TypeVar("_Other", bound=ast.AST)


@dataclass(frozen=True, slots=True)
class Unparsable:
    """Why there is no tree: ``kind`` is ``syntax``, ``nodes`` or ``depth``."""

    kind: str
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """The tree, its nodes by exact type in no useful order, and the parent of every node."""

    tree: ast.Module
    by_type: Mapping[type[ast.AST], list[ast.AST]]
    parents: Mapping[ast.AST, ast.AST]

    def all(self, kind: type[_Node]) -> Iterator[_Node]:
        yield from self.by_type.get(kind, ())  # type: ignore[misc]  # what by_type promises

    def either(self, kind: type[_Node], other: type[_Other]) -> Iterator[_Node | _Other]:
        yield from self.all(kind)
        yield from self.all(other)

    def functions(self) -> Iterator[Function]:
        yield from self.all(ast.FunctionDef)
        yield from self.all(ast.AsyncFunctionDef)

    def parent(self, node: ast.AST) -> ast.AST | None:
        return self.parents.get(node)

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield the nodes around a node, the nearest first."""
        found = self.parents.get(node)
        while found is not None:
            yield found
            found = self.parents.get(found)

    def scope(self, node: ast.AST) -> ast.AST:
        """Return the function, lambda or module in which a node stands."""
        return next((each for each in self.above(node) if isinstance(each, SCOPES)), self.tree)


def parsed(source: str) -> Parsed | Unparsable:
    """Return the tree of a source; never raises, whatever the source."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
    except (SyntaxError, ValueError) as error:
        return Unparsable("syntax", getattr(error, "lineno", None) or 1, str(error))
    except (RecursionError, MemoryError):
        return Unparsable("depth", 1, "")
    return _indexed(tree)


def _indexed(tree: ast.Module) -> Parsed | Unparsable:
    by_type: dict[type[ast.AST], list[ast.AST]] = {}
    parents: dict[ast.AST, ast.AST] = {}
    level: list[ast.AST] = [tree]
    count = depth = 0
    while level:
        if count > MOST_NODES or depth > MOST_DEPTH:
            kind = "nodes" if count > MOST_NODES else "depth"
            return Unparsable(kind, getattr(level[0], "lineno", 1), "")
        below: list[ast.AST] = []
        for node in level:
            by_type.setdefault(type(node), []).append(node)
            for child in ast.iter_child_nodes(node):
                if not isinstance(child, ast.expr_context | ast.operator | ast.cmpop):
                    # The context and operator nodes are shared by all the tree.
                    parents[child] = node
                    below.append(child)
        count += len(below)
        depth += 1
        level = below
    return Parsed(tree, by_type, parents)
