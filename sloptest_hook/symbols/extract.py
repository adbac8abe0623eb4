"""Finds the functions and methods of a source text."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from sloptest_hook.symbols.fingerprint import class_header, fingerprint, without_docstring
from sloptest_hook.symbols.parsing import ParseFailure, parsed
from sloptest_hook.values.records import dataclass
from sloptest_hook.values.source import LineRange, Symbol, SymbolKind

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_ACCESSORS = frozenset({"getter", "setter", "deleter"})


def extract_symbols(path: PurePosixPath, text: str) -> tuple[Symbol, ...] | ParseFailure:
    """Return the symbols of one file in the order of their lines.

    A function inside a function belongs to the outer one. Of several definitions under one name
    the last counts, as it does for Python; a property and its setter are one symbol, named as the
    property, whose lines run from the first accessor to the last. Left out is what cannot be
    imported or has nothing to run: code under ``if TYPE_CHECKING`` and ``if __name__ == ...``,
    ``@overload``, and bodies that are only a docstring, ``...``, ``pass`` or
    ``raise NotImplementedError``.
    """
    tree = parsed(text)
    if isinstance(tree, ParseFailure):
        return tree
    try:
        found = _by_name(_definitions(tree.body, _Scope()))
    except RecursionError:
        return ParseFailure(1, "its if statements are nested too deeply to be read")
    symbols = (
        _symbol(path, qualname, group)
        for qualname, group in found.items()
        if not all(_is_stub(each.node) for each in group)
    )
    return tuple(sorted(symbols, key=lambda symbol: (symbol.lines.first, symbol.qualname)))


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where a statement stands: the dotted prefix of its name, and the class around it."""

    prefix: str = ""
    kind: SymbolKind = SymbolKind.FUNCTION
    header: str = ""


@dataclass(frozen=True, slots=True)
class _Definition:
    node: _Function
    scope: _Scope

    @property
    def qualname(self) -> str:
        return self.scope.prefix + self.node.name


def _definitions(body: Iterable[ast.stmt], scope: _Scope) -> Iterator[_Definition]:
    for node in body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                if "overload" not in _decorator_names(node):
                    yield _Definition(node, scope)
            case ast.ClassDef():
                prefix = f"{scope.prefix}{node.name}."
                inner = _Scope(prefix, SymbolKind.METHOD, class_header(node))
                yield from _definitions(node.body, inner)
            case _:
                for block in _blocks(node):
                    yield from _definitions(block, scope)


def _blocks(node: ast.stmt) -> Iterator[list[ast.stmt]]:
    """Yield the blocks of a compound statement that run when the module is imported."""
    match node:
        case ast.If():
            if not _is_never_imported(node.test):
                yield node.body
            if not _is_always_true(node.test):
                yield node.orelse
        case ast.With() | ast.AsyncWith():
            yield node.body
        case ast.For() | ast.AsyncFor() | ast.While():
            yield from (node.body, node.orelse)
        case ast.Try() | ast.TryStar():
            yield node.body
            yield from (handler.body for handler in node.handlers)
            yield from (node.orelse, node.finalbody)
        case ast.Match():
            yield from (case.body for case in node.cases)
        case _:
            pass


def _is_never_imported(test: ast.expr) -> bool:
    """Say whether a condition is false whenever a test imports the module."""
    match test:
        case ast.Compare(
            left=ast.Name(id="__name__"), ops=[ast.Eq()], comparators=[ast.Constant("__main__")]
        ):
            return True
        case ast.Constant(value=value):
            return not value
        case _:
            return _name(test) == "TYPE_CHECKING"


def _is_always_true(test: ast.expr) -> bool:
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _is_never_imported(operand)
        case ast.Constant(value=value):
            return bool(value)
        case _:
            return False


def _by_name(definitions: Iterable[_Definition]) -> dict[str, list[_Definition]]:
    found: dict[str, list[_Definition]] = {}
    for each in definitions:
        if _is_accessor(each.node) and each.qualname in found:
            found[each.qualname].append(each)
        else:
            found[each.qualname] = [each]
    return found


def _is_accessor(node: _Function) -> bool:
    return any(
        isinstance(each, ast.Attribute)
        and each.attr in _ACCESSORS
        and _name(each.value) == node.name
        for each in node.decorator_list
    )


def _is_stub(node: _Function) -> bool:
    return all(_does_nothing(statement) for statement in without_docstring(node))


def _does_nothing(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Raise(exc=ast.Call(func=raised)) | ast.Raise(exc=ast.Name() as raised):
            return _name(raised) == "NotImplementedError"
        case _:
            return False


def _decorator_names(node: _Function) -> set[str]:
    return {_name(each) for each in node.decorator_list}


def _name(node: ast.AST | None) -> str:
    """Return ``c`` for ``c`` and for ``a.b.c``; "" for anything else."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _symbol(path: PurePosixPath, qualname: str, group: list[_Definition]) -> Symbol:
    scope = group[-1].scope
    return Symbol(
        path=path,
        qualname=qualname,
        kind=scope.kind,
        lines=LineRange(
            min(first_line(each.node) for each in group),
            max(each.node.end_lineno or each.node.lineno for each in group),
        ),
        fingerprint=fingerprint((each.node for each in group), scope.header),
        is_async=isinstance(group[0].node, ast.AsyncFunctionDef),
    )


def first_line(node: _Function | ast.ClassDef) -> int:
    """Return the line of the first decorator, or of the definition itself."""
    return min([node.lineno, *(each.lineno for each in node.decorator_list)])
