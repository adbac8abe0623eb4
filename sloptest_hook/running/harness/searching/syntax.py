"""What the syntax tree of the module says: definitions by qualname, lines of statements."""

from __future__ import annotations

import ast
from typing import Union

Definition = Union[ast.FunctionDef, ast.AsyncFunctionDef]
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_SCOPES = (*_DEFINITIONS, ast.ClassDef, ast.Lambda)


def definitions(tree: ast.AST, qualname: str) -> list[Definition]:
    """Return every function written under this qualname: a property's getter and setter share one.

    Definitions below ``if`` and ``try`` count, those inside another function do not.
    """
    *outer, name = qualname.split(".")
    scopes: list[ast.AST] = [tree]
    for part in outer:
        scopes = [
            node
            for scope in scopes
            for node in own_nodes(scope)
            if isinstance(node, ast.ClassDef) and node.name == part
        ]
    return [
        node
        for scope in scopes
        for node in own_nodes(scope)
        if isinstance(node, _DEFINITIONS) and node.name == name
    ]


def expression(source: str) -> ast.expr | None:
    """Return what an expression says; None for what is none."""
    try:
        return ast.parse(source, mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None


def own_nodes(scope: ast.AST) -> list[ast.AST]:
    """Return the nodes below ``scope`` in source order, without entering other scopes."""
    found: list[ast.AST] = []
    for child in ast.iter_child_nodes(scope):
        found.append(child)
        if not isinstance(child, _SCOPES):
            found += own_nodes(child)
    return found


def first_line(node: Definition | ast.ClassDef) -> int:
    """Return the line of the first decorator, or of ``def``."""
    return min([node.lineno, *(each.lineno for each in node.decorator_list)])


def last_line(node: ast.AST) -> int:
    """Return the last line of a node."""
    end: object = getattr(node, "end_lineno", None)
    return end if isinstance(end, int) else 0


def statement_lines(node: ast.AST) -> dict[int, int]:
    """Map every line of a multi-line statement, or of a block's header, to its first line."""
    lines: dict[int, int] = {}
    for each in ast.walk(node):
        if not isinstance(each, (ast.stmt, ast.ExceptHandler)):
            continue
        body = getattr(each, "body", None)
        blocks = isinstance(body, list) and body and hasattr(body[0], "lineno")
        end = _first_of(body[0]) - 1 if blocks and body is not None else last_line(each)
        for line in range(each.lineno, end + 1):
            lines[line] = each.lineno
    return lines


def _first_of(node: ast.AST) -> int:
    if isinstance(node, (*_DEFINITIONS, ast.ClassDef)):
        return first_line(node)
    line = getattr(node, "lineno", 0)
    return int(line)


def decorated_starts(node: ast.AST) -> dict[int, int]:
    """Map the line of each ``def`` to that of its first decorator."""
    return {
        each.lineno: first_line(each) for each in ast.walk(node) if isinstance(each, _DEFINITIONS)
    }


def body_lines(node: Definition) -> frozenset[int]:
    """Return the first lines of the statements of the body, the docstring left out."""
    body = node.body[1:] if docstring(node) is not None else node.body
    lines: set[int] = set()
    for statement in body:
        lines |= {
            each.lineno
            for each in ast.walk(statement)
            if isinstance(each, ast.stmt) and not isinstance(each, (ast.Global, ast.Nonlocal))
        }
    return frozenset(lines)


def is_straight(node: Definition) -> bool:
    """Whether every call takes the same way through the function itself."""
    return not any(isinstance(each, _FORKS) for part in node.body for each in ast.walk(part))


_FORKS = (
    ast.If,
    ast.IfExp,
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.Try,
    ast.BoolOp,
    ast.Compare,
    ast.comprehension,
    ast.Assert,
)


def docstring(node: Definition) -> str | None:
    """Return the docstring as written."""
    return ast.get_docstring(node, clean=False)


def raise_lines(tree: ast.AST) -> dict[int, str]:
    """Map every line that belongs to a ``raise`` with an exception to what is raised, as source."""
    lines: dict[int, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and node.exc is not None:
            raised = ast.unparse(node.exc)
            lines.update(dict.fromkeys(range(node.lineno, last_line(node) + 1), raised))
    return lines


def dotted(node: ast.AST) -> str | None:
    """Return ``a.b.c`` for such an expression, None for any other."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return None if before is None else f"{before}.{node.attr}"
    return None
