"""Where every name of a file gets its value, scope by scope."""

import ast
from collections.abc import Iterator, Sequence
from enum import Enum

from sloptest_hook.guard.parsed import FUNCTIONS, Parsed
from sloptest_hook.values.records import dataclass


class How(Enum):
    """How a name comes to its value."""

    VALUE = "the value of the expression"
    ENTERED = "what the context manager gives"
    PARAMETER = "a parameter of the function"
    DEFINED = "a function or class of the file"
    COUNTED = "a number that a loop counts"
    OTHER = "anything else: a loop, an import, a part of a value"


@dataclass(frozen=True, slots=True)
class Binding:
    """One place where a name gets a value; ``node`` is the expression or the function."""

    how: How
    node: ast.AST


_OTHER = ast.Pass()


class Bindings:
    """All bindings of a file; a name that several scopes share is asked for from the inside out."""

    __slots__ = ("_by_scope", "_parsed", "shared")

    def __init__(self, parsed: Parsed) -> None:
        self._parsed = parsed
        self._by_scope: dict[ast.AST, dict[str, list[Binding]]] = {}
        # Names whose scope is not where they are bound: nothing is known of them.
        self.shared = {
            name for node in parsed.either(ast.Global, ast.Nonlocal) for name in node.names
        }
        for scope, name, binding in self._found():
            self._by_scope.setdefault(scope, {}).setdefault(name, []).append(binding)

    def of(self, name: str, where: ast.AST) -> Sequence[Binding]:
        """Return what a name may be at a node; empty when no binding is in sight."""
        if name in self.shared:
            return (Binding(How.OTHER, _OTHER),)
        scope: ast.AST = where if where in self._by_scope else self._parsed.scope(where)
        while True:
            found = self._by_scope.get(scope, {}).get(name)
            if found is not None:
                return found
            if isinstance(scope, ast.Module):
                return ()
            scope = self._parsed.scope(scope)

    def everywhere(self) -> Iterator[tuple[str, Binding]]:
        for scope in self._by_scope.values():
            for name, bindings in scope.items():
                yield from ((name, binding) for binding in bindings)

    def _found(self) -> Iterator[tuple[ast.AST, str, Binding]]:
        parsed, handled = self._parsed, set[ast.AST]()
        for target, binding in (*self._with_values(), *self._counted()):
            handled.add(target)
            yield parsed.scope(target), target.id, binding
        for node in parsed.all(ast.Name):
            if not isinstance(node.ctx, ast.Load) and node not in handled:
                yield parsed.scope(node), node.id, Binding(How.OTHER, _OTHER)
        for argument in parsed.all(ast.arg):
            scope = next(iter(self._owners(argument)))
            yield scope, argument.arg, Binding(How.PARAMETER, scope)
        for definition in (*parsed.functions(), *parsed.all(ast.ClassDef)):
            yield parsed.scope(definition), definition.name, Binding(How.DEFINED, definition)
        yield from self._of_imports_and_handlers()

    def _owners(self, argument: ast.arg) -> Iterator[ast.AST]:
        for node in self._parsed.above(argument):
            if isinstance(node, (*FUNCTIONS, ast.Lambda)):
                yield node

    def _with_values(self) -> Iterator[tuple[ast.Name, Binding]]:
        for node in self._parsed.all(ast.Assign):
            for target in node.targets:
                yield from _assigned(target, node.value)
        for named in self._parsed.either(ast.AnnAssign, ast.NamedExpr):
            if isinstance(named.target, ast.Name) and named.value is not None:
                yield named.target, Binding(How.VALUE, named.value)
        for item in self._parsed.all(ast.withitem):
            if isinstance(item.optional_vars, ast.Name):
                yield item.optional_vars, Binding(How.ENTERED, item.context_expr)

    def _counted(self) -> Iterator[tuple[ast.Name, Binding]]:
        for loop in self._parsed.either(ast.For, ast.comprehension):
            if isinstance(loop.target, ast.Name) and _counts(loop.iter):
                yield loop.target, Binding(How.COUNTED, loop.iter)

    def _of_imports_and_handlers(self) -> Iterator[tuple[ast.AST, str, Binding]]:
        for node in self._parsed.all(ast.alias):
            name = node.asname or node.name.partition(".")[0]
            yield self._parsed.scope(node), name, Binding(How.OTHER, _OTHER)
        for handler in self._parsed.all(ast.ExceptHandler):
            if handler.name:
                yield self._parsed.scope(handler), handler.name, Binding(How.OTHER, _OTHER)
        for match in self._parsed.either(ast.MatchAs, ast.MatchStar):
            if match.name:
                yield self._parsed.scope(match), match.name, Binding(How.OTHER, _OTHER)


def _assigned(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.Name, Binding]]:
    if isinstance(target, ast.Name):
        yield target, Binding(How.VALUE, value)
    elif (
        isinstance(target, ast.Tuple | ast.List)
        and isinstance(value, ast.Tuple | ast.List)
        and len(target.elts) == len(value.elts)
        and not any(isinstance(each, ast.Starred) for each in (*target.elts, *value.elts))
    ):
        for one, other in zip(target.elts, value.elts, strict=True):
            yield from _assigned(one, other)


def _counts(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range"
    )
