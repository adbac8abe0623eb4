"""Reads a source text that is known to parse, as the coverage rooms need it."""

import ast
import warnings
from collections.abc import Iterator
from functools import lru_cache

Function = ast.FunctionDef | ast.AsyncFunctionDef


@lru_cache(maxsize=2)  # several look at the same file, one after the other
def tree_of(text: str) -> ast.Module:
    """Return the tree; raises SyntaxError for a text that no symbols can have come from."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text.removeprefix("\ufeff"))


def without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    """Return the body of a definition from its first statement that does something."""
    match body:
        case [ast.Expr(value=ast.Constant(value=str())), *rest]:
            return rest
        case _:
            return body


def blocks(node: ast.stmt) -> Iterator[list[ast.stmt]]:
    """Yield the lists of statements right below a statement, none for a simple one."""
    for name in ("body", "orelse", "finalbody"):
        yield getattr(node, name, [])
    for part in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
        yield part.body
