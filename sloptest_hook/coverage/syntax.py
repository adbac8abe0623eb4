"""Reads a source text that is known to parse, as the coverage rooms need it."""

import ast
import warnings

Function = ast.FunctionDef | ast.AsyncFunctionDef


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
