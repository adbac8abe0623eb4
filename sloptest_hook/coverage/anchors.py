"""Finds where an executable line may begin in a definition, in an order that formatting leaves."""

import ast
from collections.abc import Iterable, Iterator

from sloptest_hook.coverage.syntax import Function, blocks, tree_of, without_docstring
from sloptest_hook.values.source import Symbol

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def anchors(text: str, symbols: Iterable[Symbol]) -> dict[Symbol, tuple[int, ...]]:
    """Return for each symbol of one file the line of every anchor; ``text`` must parse.

    An anchor is a decorator, a statement, an ``except`` or a ``case``, in the order of the tree,
    docstrings left out. Two versions with the same fingerprint have the same anchors, on whatever
    lines; two anchors may share a line (``a = 1; b = 2``).
    """
    wanted = list(symbols)
    by_name: dict[str, list[Symbol]] = {}
    for symbol in wanted:
        by_name.setdefault(symbol.qualname.rpartition(".")[2], []).append(symbol)
    found: dict[Symbol, list[int]] = {symbol: [] for symbol in wanted}
    for node in _functions(tree_of(text).body):
        for symbol in by_name.get(node.name, ()):
            if node.lineno in symbol.lines:
                found[symbol] += _lines(node)
    return {symbol: tuple(lines) for symbol, lines in found.items()}


def _functions(body: Iterable[ast.stmt]) -> Iterator[Function]:
    """Yield the functions that are no function's part: those are anchors of the outer one."""
    for node in body:
        if isinstance(node, Function):
            yield node
        else:
            yield from _functions(each for block in _blocks(node) for each in block)


def _lines(node: ast.stmt) -> Iterator[int]:
    for decorator in getattr(node, "decorator_list", ()):
        yield decorator.lineno
    yield node.lineno
    for handler in getattr(node, "handlers", ()):
        yield handler.lineno
    for case in getattr(node, "cases", ()):
        yield case.pattern.lineno
    for block in _blocks(node):
        for each in block:
            yield from _lines(each)


def _blocks(node: ast.stmt) -> Iterator[list[ast.stmt]]:
    if isinstance(node, _DEFINITIONS):
        yield without_docstring(node.body)
    else:
        yield from blocks(node)
