"""Tells what a test file may do to others on being imported from what only binds a name."""

import ast
import builtins
from collections.abc import Iterable, Iterator

from sloptest_hook.symbols.mentions import last_name

# Calling, decorating with or deriving from what these hold changes nothing elsewhere.
_HARMLESS = frozenset(
    {"abc", "collections", "contextlib", "copy", "dataclasses", "datetime", "decimal", "enum"}
    | {"fractions", "functools", "inspect", "io", "itertools", "math", "operator", "pathlib"}
    | {"pytest", "pytest_asyncio", "re", "string", "textwrap", "types", "typing"}
    | {"typing_extensions", "unittest", "uuid", "zoneinfo", "hypothesis", "mock", "attr", "attrs"}
)
# But for these.
_HARMFUL = frozenset(
    {"importorskip", "skip", "exit", "fail", "xfail", "register_assert_rewrite", "start"}
    | {"mkdir", "write_text", "write_bytes", "touch", "unlink", "chmod", "rename", "replace"}
    | {"register_type_strategy", "register_profile", "load_profile"}
)
_HARMFUL_BUILTINS = frozenset(
    {"exec", "eval", "compile", "__import__", "input", "open", "print", "setattr", "delattr"}
    | {"next", "globals", "locals", "vars", "breakpoint", "help", "exit", "quit"}
)
_BUILTINS = frozenset(dir(builtins)) - _HARMFUL_BUILTINS


class Origins:
    """Where the names of a file come from, as far as its own text tells."""

    def __init__(self, tree: ast.Module) -> None:
        self._modules: dict[str, str] = {}
        self._own: set[str] = set()
        for node in tree.body:
            self._add(node)

    def _add(self, node: ast.stmt) -> None:
        match node:
            case ast.Import(names=names):
                for alias in names:
                    bound = alias.asname or alias.name.partition(".")[0]
                    self._modules[bound] = alias.name.partition(".")[0]
            case ast.ImportFrom(module=module, names=names, level=level):
                top = "" if level else (module or "").partition(".")[0]
                self._modules.update({alias.asname or alias.name: top for alias in names})
            case (
                ast.FunctionDef(name=name)
                | ast.AsyncFunctionDef(name=name)
                | ast.ClassDef(name=name)
            ):
                self._own.add(name)
            case _:
                self._own.update(
                    each.id
                    for each in ast.walk(node)
                    if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load)
                )

    def is_harmless(self, node: ast.expr) -> bool:
        """Say whether calling an expression, or deriving from it, is known to touch nothing."""
        if last_name(node) in _HARMFUL:
            return False
        while isinstance(node, ast.Call | ast.Subscript | ast.Attribute):
            node = node.func if isinstance(node, ast.Call) else node.value
        if not isinstance(node, ast.Name):
            return not isinstance(node, ast.Lambda)  # a method of a literal
        if node.id in self._own:
            return False
        if node.id in self._modules:
            return self._modules[node.id] in _HARMLESS
        return node.id in _BUILTINS

    def is_foreign(self, name: str) -> bool:
        """Say whether a name comes from where classes may have any method that calls another."""
        module = self._modules.get(name)
        return module is not None and module not in _HARMLESS

    def calls_strangers(self, nodes: Iterable[ast.AST | None]) -> bool:
        """Say whether evaluating expressions may change more than their value."""
        return any(
            isinstance(each, ast.Await) or not self.is_harmless(each.func)
            for node in nodes
            if node is not None
            for each in _evaluated(node)
            if isinstance(each, ast.Call | ast.Await)
        )


def has_effect(statement: ast.stmt, origins: Origins) -> bool:
    """Say whether a statement that is no definition and no import may do more than bind names."""
    match statement:
        case ast.Assign(targets=targets, value=value):
            return not all(map(_is_plain, targets)) or origins.calls_strangers([value])
        case ast.AnnAssign(target=target, value=value, annotation=annotation):
            return not _is_plain(target) or origins.calls_strangers([value, annotation])
        case ast.Pass():
            return False
        case _:
            return type(statement).__name__ != "TypeAlias"  # since Python 3.12


def defaults_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.expr]:
    """Return the default values of a function's arguments."""
    given = (*node.args.defaults, *node.args.kw_defaults)
    return [each for each in given if each is not None]


def _is_plain(target: ast.expr) -> bool:
    match target:
        case ast.Name():
            return True
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return all(map(_is_plain, parts))
        case ast.Starred(value=value):
            return _is_plain(value)
        case _:
            return False


def _evaluated(node: ast.AST) -> Iterator[ast.AST]:
    stack = [node]
    while stack:
        each = stack.pop()
        yield each
        if not isinstance(each, ast.Lambda):
            stack.extend(ast.iter_child_nodes(each))
