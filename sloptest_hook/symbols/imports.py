"""Reads which modules a source imports, without parsing all of it."""

import ast
import re
import warnings
from collections.abc import Iterator

# Where an import statement may begin; a hit inside a string is dropped by the parser, or costs a
# test file too many.
_BEGINNING = re.compile(r"(?:^|[;:])[ \t]*(?=(?:import|from)[ \t\\.(])", re.MULTILINE)
_COMMENT = re.compile(r"#[^\n]*")


def imported_modules(text: str, package: str) -> frozenset[str]:
    """Return the absolute dotted names that a source imports anywhere, functions included.

    ``package`` is the package that the source belongs to ("" at the top): relative imports start
    there. ``from pkg import name`` gives both ``pkg`` and ``pkg.name``, since ``name`` may be a
    module; ``import pkg.mod`` gives ``pkg.mod``. Works on text that does not parse as a whole, and
    at a tenth of the price of parsing: a project may have a thousand test files.
    """
    return frozenset(
        name
        for node in _import_statements(text.replace("\r\n", "\n"))
        for name in _names(node, package)
    )


def _import_statements(text: str) -> Iterator[ast.stmt]:
    end = 0
    for match in _BEGINNING.finditer(text):
        # `import` on the second line of `from a \\ import b` begins nothing.
        if match.end() >= end:
            statement = _statement(text, match.end())
            nodes = _parsed(statement)
            end = match.end() + len(statement) if nodes else end
            yield from nodes


def _statement(text: str, start: int) -> str:
    """Return the logical line from ``start``: a bracket or a backslash carries it on."""
    end = _line_end(text, start)
    head = text[start:end]
    while head.endswith("\\") and end < len(text):
        end = _line_end(text, end + 1)
        head = text[start:end]
    code = _COMMENT.sub("", head)
    if "(" in code and ")" not in code:
        closed = text.find(")", end)
        # A comment inside the brackets may hold a bracket of its own.
        while closed != -1 and "#" in text[text.rfind("\n", 0, closed) + 1 : closed]:
            closed = text.find(")", closed + 1)
        head = text[start : closed + 1] if closed != -1 else head
    return head


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end == -1 else end


def _parsed(statement: str) -> list[ast.stmt]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(statement).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _names(node: ast.stmt, package: str) -> Iterator[str]:
    match node:
        case ast.Import():
            yield from (alias.name for alias in node.names)
        case ast.ImportFrom():
            base = absolute_module(node.module, node.level, package)
            if base is not None:
                yield from (base,) if base else ()
                yield from (f"{base}.{alias.name}".lstrip(".") for alias in node.names)
        case _:
            pass


def absolute_module(module: str | None, level: int, package: str) -> str | None:
    """Return the module that names are imported from; None when the dots lead out of the tree."""
    if not level:
        return module or ""
    parts = package.split(".") if package else []
    kept = len(parts) - (level - 1)
    if kept < 0 or not parts:
        return None
    return ".".join([*parts[:kept], *([module] if module else [])])
