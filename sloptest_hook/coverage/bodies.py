"""Finds the lines of a symbol that only a call executes, not the import of its module."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping

from sloptest_hook.coverage.syntax import Function, blocks, tree_of, without_docstring
from sloptest_hook.values.records import dataclass
from sloptest_hook.values.source import Symbol

# coverage.py's own default pattern.
_EXCLUDED = re.compile(r"#\s*(pragma|PRAGMA)[:\s]?\s*(no|NO)\s*(cover|COVER)")
_LINE_ENDS = re.compile("\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Body:
    """The body of a symbol: every line of it, and the lines on which a statement begins.

    Decorators, the ``def`` line and the docstring are not in it: importing the module executes
    them. A body on the line of its ``def`` has that line, and ``shares_def_line`` is true.
    """

    lines: frozenset[int] = frozenset()
    statements: frozenset[int] = frozenset()
    shares_def_line: bool = False


def bodies(text: str, symbols: Iterable[Symbol]) -> dict[Symbol, Body]:
    """Return the body of each symbol of one file; ``text`` is the text they were extracted from."""
    text = text.removeprefix("\ufeff")
    tree = tree_of(text)
    source = _LINE_ENDS.split(text)
    functions: dict[str, list[Function]] = {}
    for node in _counted(tree.body, source):
        if isinstance(node, Function):
            functions.setdefault(node.name, []).append(node)
    return {symbol: _body(_definitions(symbol, functions), source) for symbol in symbols}


def _counted(code: Iterable[ast.stmt], source: list[str]) -> Iterator[ast.stmt]:
    """Yield statements and all below but what is excluded from coverage, as coverage.py has it.

    The comment on the first line of a statement excludes the whole of it: a function, a class, the
    body of an ``if``.
    """
    for node in code:
        if not _EXCLUDED.search(source[node.lineno - 1]):
            yield node
            for block in blocks(node):
                yield from _counted(block, source)


def _definitions(symbol: Symbol, functions: Mapping[str, list[Function]]) -> list[Function]:
    """Return the ``def``s of a symbol; a property and its setter are two.

    A nested function of the same name may be among them: its lines are lines of the symbol anyway.
    """
    name = symbol.qualname.rpartition(".")[2]
    return [node for node in functions.get(name, ()) if node.lineno in symbol.lines]


def _body(definitions: Iterable[Function], source: list[str]) -> Body:
    lines: set[int] = set()
    statements: set[int] = set()
    shared = False
    for node in definitions:
        code = without_docstring(node.body)
        if _on_def_line(node, source):
            shared = True
            lines.add(node.lineno)
            statements.add(node.lineno)
        elif code:
            lines.update(range(_first_line(code[0]), (node.end_lineno or node.lineno) + 1))
            statements.update(each.lineno for each in _statements(code, source))
    return Body(frozenset(lines), frozenset(statements), shared)


def _on_def_line(node: Function, source: list[str]) -> bool:
    first = node.body[0]
    before = source[first.lineno - 1].encode("utf-8", "surrogatepass")[: first.col_offset]
    return bool(before.strip())


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(each.lineno for each in decorators)])


def _statements(code: Iterable[ast.stmt], source: list[str]) -> Iterator[ast.stmt]:
    """Yield what coverage.py would call executable: no ``global``, no docstring, no ``else``."""
    return (node for node in _counted(code, source) if not _is_unexecuted(node))


def _is_unexecuted(node: ast.stmt) -> bool:
    match node:
        case ast.Global() | ast.Nonlocal() | ast.Expr(value=ast.Constant()):
            return True
        case _:
            return False
