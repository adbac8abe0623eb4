"""Which names code takes from outside of itself, and which it binds.

``symtable`` knows too, but not alike on all versions: since 3.12 it lists a comprehension's
variables among those around it.
"""

import ast
from collections.abc import Iterable, Iterator
from functools import lru_cache

from sloptest_hook.generation.offline.fragments import parse_statements

_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_SIMPLE = ast.Expr | ast.Assign | ast.AugAssign | ast.AnnAssign


@lru_cache(maxsize=4096)
def names_read(source: str) -> frozenset[str]:
    """Return the names that statements take from outside of themselves; none if they do not parse.

    ``total = add(x)`` reads ``add`` and ``x``, ``x = x(1)`` reads ``x``; what an inner scope or a
    compound statement binds for itself (``with open(p) as file:``) is not read.
    """
    tree = parse_statements(source) or ()
    read = frozenset(_read_by(tree, frozenset()))
    if all(isinstance(statement, _SIMPLE) for statement in tree):
        return read
    return read - names_bound(source)


@lru_cache(maxsize=4096)
def names_bound(source: str) -> frozenset[str]:
    """Return the names that statements bind in the scope they stand in."""
    return frozenset(_bound_by(parse_statements(source) or ()))


def _read_by(nodes: Iterable[ast.AST], hidden: frozenset[str]) -> Iterator[str]:
    """Yield the names read, without those that are ``hidden`` by a scope in between."""
    for node in nodes:
        match node:
            case ast.Name(id=name):
                if name not in hidden and not isinstance(node.ctx, ast.Store):
                    yield name
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                yield from _read_by_function(node, hidden)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                yield from _read_by_comprehension(node, hidden)
            case ast.ClassDef(body=body):
                around = (*node.decorator_list, *node.bases, *node.keywords)
                yield from _read_by(around, hidden)
                yield from _read_by(body, hidden | frozenset(_bound_by(body)))
            case ast.AugAssign(target=ast.Name(id=name)):
                yield from () if name in hidden else (name,)
                yield from _read_by([node.value], hidden)
            case _:
                yield from _read_by(ast.iter_child_nodes(node), hidden)


def _read_by_function(node: _Function, hidden: frozenset[str]) -> Iterator[str]:
    given = node.args
    parameters = [part for part in ast.walk(given) if isinstance(part, ast.arg)]
    around = [*given.defaults, *(value for value in given.kw_defaults if value)]
    around += [part.annotation for part in parameters if part.annotation]
    body: list[ast.AST] = [node.body] if isinstance(node, ast.Lambda) else [*node.body]
    if not isinstance(node, ast.Lambda):
        around += [*node.decorator_list, *([node.returns] if node.returns else [])]
    yield from _read_by(around, hidden)
    own = {part.arg for part in parameters} | set(_bound_by(body))
    yield from _read_by(body, hidden | own)


def _read_by_comprehension(node: _Comprehension, hidden: frozenset[str]) -> Iterator[str]:
    """Yield names; the first iterable is evaluated outside of the comprehension."""
    yield from _read_by([node.generators[0].iter], hidden)
    targets = [part for each in node.generators for part in ast.walk(each.target)]
    own = {part.id for part in targets if isinstance(part, ast.Name)}
    inner = [part for part in ast.iter_child_nodes(node) if part not in node.generators]
    inner += [part for each in node.generators for part in (*each.ifs, each.target)]
    inner += [each.iter for each in node.generators[1:]]
    yield from _read_by(inner, hidden | own)


def _bound_by(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                yield name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.ClassDef(name=name):
                yield name
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                yield from (alias.asname or alias.name.partition(".")[0] for alias in aliases)
            case ast.Lambda() | ast.comprehension():
                continue
            case ast.ExceptHandler(name=str(name)):
                yield name
                yield from _bound_by(node.body)
            case _:
                yield from _bound_by(ast.iter_child_nodes(node))
