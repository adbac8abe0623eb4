"""Constants that the symbol is about: what it compares with, looks up, matches and calls with."""

from __future__ import annotations

import ast
import itertools
import re
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .module_source import ModuleSource
from .syntax import Definition, docstring

_LONGEST = 80
_LARGEST = 10**12


class Constants(NamedTuple):
    """Plain values by type, the telling ones first, and the regular expressions in use."""

    strings: tuple[str, ...] = ()
    integers: tuple[int, ...] = ()
    floats: tuple[float, ...] = ()
    byte_strings: tuple[bytes, ...] = ()
    patterns: tuple[tuple[str, int], ...] = ()
    formats: tuple[str, ...] = ()  # the modules that read or write a format of text
    not_finite: bool = False  # whether it asks for infinite numbers and what is none


def constants_of(source: ModuleSource, node: Definition) -> Constants:
    """Return the constants of the function, then of the functions and module names it uses."""
    found: list[object] = [*_telling(node), *_others(node)]
    patterns = list(_patterns(node))
    near = _callees(source.tree, node)
    for each in near:
        found += _telling(each)
        patterns += _patterns(each)
    for value in _module_values(source, [node, *near]):
        if isinstance(value, re.Pattern):
            if isinstance(value.pattern, str):
                patterns.append((value.pattern, value.flags))
        else:
            found.append(value)
    mentioned = {name for each in [node, *near] for name in _mentioned(each)}
    formats = tuple(sorted(mentioned & _FORMATS))
    asks = not _NOT_FINITE.isdisjoint(mentioned)
    return _sorted_out(found, patterns)._replace(formats=formats, not_finite=asks)


_FORMATS = frozenset(["json", "yaml", "tomllib", "csv", "configparser"])
_NOT_FINITE = frozenset(["isnan", "isinf", "isfinite", "is_nan", "is_infinite"])


def _sorted_out(found: Iterable[object], patterns: Iterable[tuple[str, int]]) -> Constants:
    patterns = list(dict.fromkeys(patterns))
    written = {pattern for pattern, _ in patterns}  # nobody passes the pattern itself
    known = {(type(value), value): value for value in found if value not in written}
    distinct = list(known.values())
    return Constants(
        tuple(each for each in distinct if isinstance(each, str) and len(each) <= _LONGEST),
        tuple(each for each in distinct if type(each) is int and abs(each) < _LARGEST),
        tuple(each for each in distinct if type(each) is float),
        tuple(each for each in distinct if isinstance(each, bytes) and len(each) <= _LONGEST),
        tuple(patterns),
    )


def _telling(node: ast.AST) -> Iterator[object]:
    """Yield constants that decide something: operands, keys, arguments of string methods."""
    for each in ast.walk(node):
        for part in _deciding(each):
            yield from _plain(part)


def _deciding(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Compare):
        return [node.left, *node.comparators]
    if isinstance(node, ast.Subscript):
        return [node.slice]
    if isinstance(node, ast.Call) and _is_telling_method(node.func):
        return node.args
    # ast.MatchValue does not exist in Python 3.9.
    return [node.value] if type(node).__name__ == "MatchValue" else []  # type: ignore[attr-defined]


def _is_telling_method(function: ast.expr) -> bool:
    """Whether it is a method whose arguments are not the words of a message."""
    names = ("debug", "info", "warning", "error", "exception", "critical", "format", "write")
    return isinstance(function, ast.Attribute) and function.attr not in names


def _others(node: Definition) -> Iterator[object]:
    """Yield the remaining constants, without docstrings and the words of messages."""
    skipped = {id(each) for message in _messages(node) for each in ast.walk(message)}
    doc = docstring(node)
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and id(each) not in skipped and each.value != doc:
            yield from _plain(each)


def _messages(node: Definition) -> Iterator[ast.AST]:
    for each in ast.walk(node):
        if isinstance(each, (ast.Raise, ast.JoinedStr, ast.AnnAssign)):
            yield each.annotation if isinstance(each, ast.AnnAssign) else each
        elif isinstance(each, ast.arg) and each.annotation is not None:
            yield each.annotation
    if node.returns is not None:
        yield node.returns
    yield from node.decorator_list


def _plain(node: ast.AST) -> Iterator[object]:
    """Yield the constant that a node is, or those that a display of constants holds."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, (int, float, str, bytes)) and not isinstance(node.value, bool):
            yield node.value
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        negated = [value for value in _plain(node.operand) if isinstance(value, (int, float))]
        yield from (-value for value in negated)
    else:
        for inner in _held(node):
            yield from _plain(inner)


def _held(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        return node.elts[:20]
    if isinstance(node, ast.Dict):
        return [key for key in node.keys[:20] if key is not None]
    return []


def _patterns(node: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield the patterns given to functions of ``re``."""
    for each in ast.walk(node):
        if not (isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute)):
            continue
        owner = each.func.value
        if isinstance(owner, ast.Name) and owner.id == "re" and each.args:
            first = each.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value, 0


def with_state(constants: Constants, held: Iterable[object]) -> Constants:
    """Add what an instance keeps: its texts and patterns, the keys and members of containers."""
    found: list[object] = []
    patterns: list[tuple[str, int]] = []
    for value in held:
        if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
            patterns.append((value.pattern, value.flags))
        elif type(value) in (list, tuple, dict, OrderedDict, defaultdict):
            members = list(itertools.islice(value, 10))  # type: ignore[call-overload]
            found += [each for each in members if type(each) is str]
        elif type(value) is str:
            found.append(value)
    more = _sorted_out(found, patterns)
    strings = tuple(
        dict.fromkeys([*constants.strings[:4], *more.strings[:8], *constants.strings[4:]])
    )
    return constants._replace(strings=strings, patterns=(*more.patterns, *constants.patterns))


def nodes_in_use(source: ModuleSource, node: Definition) -> list[ast.AST]:
    """Return the function and those of its module that it uses."""
    return [node, *_callees(source.tree, node)]


def _callees(tree: ast.Module, node: Definition) -> list[ast.AST]:
    """Return functions of the module that the symbol mentions, and those they mention."""
    defined = {
        each.name: each
        for each in ast.walk(tree)
        if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef))
    }
    found: dict[str, ast.AST] = {}
    todo: list[ast.AST] = [node]
    for _ in range(2):
        names = [name for each in todo for name in _mentioned(each)]
        todo = [defined[name] for name in dict.fromkeys(names) if name in defined]
        found.update({name: defined[name] for name in names if name in defined})
    found.pop(node.name, None)
    return list(found.values())[:12]


def _mentioned(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Name):
            yield each.id
        elif isinstance(each, ast.Attribute):
            yield each.attr


def _module_values(source: ModuleSource, nodes: Iterable[ast.AST]) -> Iterator[object]:
    """Yield plain values of the module level names in use, keys and members of containers."""
    for name in dict.fromkeys(name for node in nodes for name in _mentioned(node)):
        value = source.names.get(name)
        if type(value) in (str, int, float, bytes, re.Pattern):
            yield value
        elif type(value) in (list, tuple, set, frozenset, dict):
            members = list(itertools.islice(value, 30))  # type: ignore[call-overload]
            parts = [p for m in members for p in (m if type(m) is tuple else (m,))]
            plain = [p for p in parts if type(p) in (str, int, float, re.Pattern)]
            yield from sorted(plain, key=repr) if type(value) in (set, frozenset) else plain
