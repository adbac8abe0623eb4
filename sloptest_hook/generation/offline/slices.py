"""Calls in a source and the statements that each of them needs."""

import ast
from collections.abc import Iterator, Sequence

from sloptest_hook.generation.offline.scoping import names_read
from sloptest_hook.values.records import dataclass

_MOST_STATEMENTS = 6
_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom
_SIMPLE = (ast.Expr, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Return, ast.Assert, ast.Raise)


@dataclass(frozen=True, slots=True)
class Site:
    """A call, the statements that ran before it in its scope, and names of unknown value.

    ``opaque`` are parameters, loop variables and the like.
    """

    call: ast.Call
    before: tuple[ast.stmt, ...]
    opaque: frozenset[str]


@dataclass(frozen=True, slots=True)
class Slice:
    """Statements that a call needs, and the names that they and the call take from elsewhere."""

    statements: tuple[ast.stmt, ...]
    outside: frozenset[str]


def sites(tree: Sequence[ast.stmt], *, with_top_level: bool) -> Iterator[Site]:
    """Yield the calls of a source in reading order.

    ``with_top_level`` False: top-level statements are not listed as running before a call, since
    what they bind can be imported.
    """
    before: tuple[ast.stmt, ...] = ()
    for statement in tree:
        yield from _sites_in(statement, before, frozenset())
        before = (*before, statement) if with_top_level else ()


def needed_by(site: Site) -> Slice | None:
    """Return what must run before the call; None when a value is not known."""
    needed = set(names_read(ast.unparse(site.call)))
    kept: list[ast.stmt] = []
    for statement in reversed(site.before):
        bound = _bound(statement) & needed
        if not bound and not _acts_on(statement, needed):
            continue
        if bound and not _is_assignment(statement):
            return None
        if not isinstance(statement, ast.AugAssign):
            needed -= bound
        needed |= names_read(ast.unparse(statement)) - (bound - _self_reading(statement))
        kept.append(statement)
    if len(kept) > _MOST_STATEMENTS or needed & site.opaque:
        return None
    return Slice(tuple(reversed(kept)), frozenset(needed))


def _sites_in(
    statement: ast.stmt, before: tuple[ast.stmt, ...], opaque: frozenset[str]
) -> Iterator[Site]:
    for call in _calls_of(statement):
        yield Site(call, before, opaque)
    inner = opaque | _made_opaque(statement)
    for body in _bodies(statement):
        done = before
        for child in body:
            yield from _sites_in(child, done, inner)
            done = (*done, child)


def _calls_of(statement: ast.stmt) -> Iterator[ast.Call]:
    """Yield the calls in a statement's own expressions, not those in its body."""
    pending: list[ast.AST] = [statement]
    while pending:
        node = pending.pop(0)
        if isinstance(node, ast.Call):
            yield node
        pending += [
            child
            for child in ast.iter_child_nodes(node)
            if not isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case)
        ]


def _bodies(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        yield getattr(statement, name, [])
    for part in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
        yield part.body


def _made_opaque(statement: ast.stmt) -> frozenset[str]:
    """Return the names whose value a compound statement gives to its body."""
    match statement:
        case ast.FunctionDef(args=given) | ast.AsyncFunctionDef(args=given):
            return frozenset(node.arg for node in ast.walk(given) if isinstance(node, ast.arg))
        case ast.For() | ast.AsyncFor() | ast.With() | ast.AsyncWith() | ast.Match() | ast.Try():
            return _bound(statement)
        case _:
            return frozenset()


def _bound(statement: ast.stmt) -> frozenset[str]:
    """Return the names that a statement assigns anywhere in it; definitions assign nothing."""
    if isinstance(statement, _Definition):
        return frozenset()
    return frozenset(
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    )


def _is_assignment(statement: ast.stmt) -> bool:
    match statement:
        case ast.Assign(targets=[ast.Name()]) | ast.AugAssign(target=ast.Name()):
            return True
        case ast.AnnAssign(target=ast.Name(), value=ast.expr()):
            return True
        case _:
            return False


def _acts_on(statement: ast.stmt, names: set[str]) -> bool:
    """Say whether a statement calls a method of one of the values: ``cart.add(3)``."""
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)))):
            return name in names
        case _:
            return False


def _self_reading(statement: ast.stmt) -> frozenset[str]:
    """Return the names that an assignment reads as well as binds: ``x += 1``, ``x = x + 1``."""
    value = getattr(statement, "value", None)
    read = names_read(ast.unparse(value)) if isinstance(value, ast.expr) else frozenset()
    return (read | _bound(statement)) if isinstance(statement, ast.AugAssign) else read
