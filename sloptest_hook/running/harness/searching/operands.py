"""Watches the comparisons of a function: what was compared with what, to steer the next inputs."""

from __future__ import annotations

import ast
import copy
import operator
from collections.abc import Callable, Iterator
from typing import NamedTuple

from .syntax import Definition

_MOST = 150
_MOST_OF_SITE = 6  # different ones of a comparison: a loop makes many
_TWO = 2
_SIMPLE = (int, float, str, bytes)
_OPERATORS: dict[str, Callable[[object, object], object]] = {
    "Eq": operator.eq,
    "NotEq": operator.ne,
    "Lt": operator.lt,  # type: ignore[dict-item]  # whatever the project compares
    "LtE": operator.le,  # type: ignore[dict-item]
    "Gt": operator.gt,  # type: ignore[dict-item]
    "GtE": operator.ge,  # type: ignore[dict-item]
    "In": lambda left, right: operator.contains(right, left),  # type: ignore[arg-type]
    "NotIn": lambda left, right: not operator.contains(right, left),  # type: ignore[arg-type]
    "Is": operator.is_,
    "IsNot": operator.is_not,
}
_METHODS = (
    "startswith",
    "endswith",
    "removeprefix",
    "removesuffix",
    "index",
    "find",
    "split",
    "count",
)

# Of the others one operand may be a part only of what was compared.
_OF_OPERANDS = frozenset(["Eq", "NotEq", "Lt", "LtE", "Gt", "GtE"])

# What is said to be of a kind: letters of that kind, and how a text becomes so.
_PREDICATES: dict[str, str] = {
    "isdigit": "1234567890",
    "isdecimal": "1234567890",
    "isnumeric": "1234567890",
    "isalpha": "abcdefgh",
    "isalnum": "a1b2c3",
    "isupper": "ABCDEFGH",
    "islower": "abcdefgh",
    "isspace": " ",
    "isidentifier": "abcdefgh",
    "istitle": "A",
}

_WATCHED = frozenset([*_METHODS, *_PREDICATES])

COMPARE = "_sloptest_compare"
METHOD = "_sloptest_method"
KIND = "_sloptest_isinstance"


class Pair(NamedTuple):
    """Two operands that met, at which line, under which operator or method."""

    operator: str
    left: object
    right: object
    line: int


class Watch:
    """The functions that the instrumented code calls; ``pairs`` is what they saw."""

    def __init__(self) -> None:
        self.pairs: list[Pair] = []
        self._seen: dict[tuple[int, str], set[Pair]] = {}

    def forget(self) -> None:
        """Begin anew, for another trial."""
        self.pairs = []
        self._seen = {}

    def names(self) -> dict[str, object]:
        return {COMPARE: self.compare, METHOD: self.method, KIND: self.kind}

    def compare(self, line: int, operators: tuple[str, ...], *operands: object) -> object:
        result: object = True
        for name, left, right in zip(operators, operands, operands[1:]):
            self._keep(name, left, right, line)
            result = _OPERATORS[name](left, right)
            if not result:
                return result
        return result

    def method(self, line: int, owner: object, name: str, *arguments: object) -> object:
        if type(owner) in (str, bytes) and arguments:
            options = arguments[0] if type(arguments[0]) is tuple else arguments[:1]
            for option in options:
                self._note(Pair(name, owner, option, line))
        elif type(owner) is str and name in _PREDICATES:
            self._note(Pair(name, owner, _other_kind(name, owner), line))
        return getattr(owner, name)(*arguments)

    def kind(self, line: int, value: object, kinds: object) -> bool:
        self._note(Pair("isinstance", value, kinds, line))
        return isinstance(value, kinds)  # type: ignore[arg-type]  # as the project wrote it

    def _keep(self, name: str, left: object, right: object, line: int) -> None:
        if type(right) in (list, tuple, set, frozenset, dict) and name in ("In", "NotIn"):
            options = [plain for plain in map(_plain, list(right)[:12]) if plain is not None]  # type: ignore[call-overload]
            for option in sorted(options, key=repr):
                self._note(Pair(name, left, option, line))
        else:
            self._note(Pair(name, left, right, line))

    def _note(self, pair: Pair) -> None:
        """Keep operands of plain types: those of the project's classes run its code."""
        left = _plain(pair.left)
        if pair.operator == "isinstance":
            kept = pair._replace(left=FOREIGN if left is None else left)
        else:
            right = _plain(pair.right)
            if left is None or right is None:
                return
            kept = pair._replace(left=left, right=right)
        site = (pair.line, pair.operator)
        seen = self._seen.setdefault(site, set())
        if len(self.pairs) < _MOST and len(seen) < _MOST_OF_SITE and kept not in seen:
            seen.add(kept)
            self.pairs.append(kept)


def _other_kind(name: str, text: str) -> str:
    """Return a text like this one of which the predicate says the opposite."""
    if getattr(text, name)():
        return f"{text}-"
    letters = _PREDICATES[name]
    return (letters * (len(text) // len(letters) + 1))[: max(1, len(text))]


class _Foreign:
    """The type of ``FOREIGN``."""


FOREIGN = _Foreign()


def _plain(value: object) -> object:
    """Return a value of exactly a plain type, the plain part of one of a subclass, or None."""
    if type(value) in _EXACT:
        return value
    for kind, exact in _EXACT_FROM.items():
        if issubclass(type(value), kind):
            return exact(value)
    return None


_EXACT = (bool, int, float, str, bytes)
_EXACT_FROM: dict[type, Callable[[object], object]] = {
    str: str.__str__,
    int: int.__int__,  # type: ignore[dict-item]
    float: float.__float__,  # type: ignore[dict-item]
    bytes: lambda value: b"".join([value]),  # type: ignore[list-item]
}


def outcome(pair: Pair) -> bool | None:
    """Return what the comparison said of these operands; None where they do not tell."""
    compare = _OPERATORS.get(pair.operator) if pair.operator in _OF_OPERANDS else None
    if compare is None:
        return None
    try:
        return bool(compare(pair.left, pair.right))
    except TypeError:
        return None


def instrumented(node: Definition) -> Definition:
    """Return a copy whose comparisons report their operands."""
    changed = _Instrument().visit(copy.deepcopy(node))
    return ast.fix_missing_locations(changed)  # type: ignore[no-any-return]


class _Instrument(ast.NodeTransformer):
    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        names = ast.Tuple([ast.Constant(type(each).__name__) for each in node.ops], ast.Load())
        return _call(COMPARE, [names, node.left, *node.comparators], node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        simple = not node.keywords and not any(isinstance(e, ast.Starred) for e in node.args)
        function = node.func
        if isinstance(function, ast.Attribute) and function.attr in _WATCHED and simple:
            return _call(METHOD, [function.value, ast.Constant(function.attr), *node.args], node)
        if (
            isinstance(function, ast.Name)
            and function.id == "isinstance"
            and len(node.args) == _TWO
        ):
            return _call(KIND, node.args, node)
        return node


def _call(name: str, arguments: list[ast.expr], node: ast.expr) -> ast.AST:
    line = ast.Constant(node.lineno)
    call = ast.Call(ast.Name(name, ast.Load()), [line, *arguments], [])
    return ast.copy_location(call, node)


def replacements(pair: Pair) -> Iterator[tuple[object, object]]:
    """Yield (what to look for in the arguments, what to put there) for one pair."""
    left, right = pair.left, pair.right
    if isinstance(left, str) and isinstance(right, str):
        yield from _texts(pair.operator, left, right)
    elif isinstance(left, _SIMPLE) and isinstance(right, _SIMPLE):
        numbers = isinstance(left, (int, float)) and isinstance(right, (int, float))
        for old, new in ((left, right), (right, left)):
            yield old, new
            if numbers and not isinstance(new, (bool, str, bytes)):
                yield old, new + 1
                yield old, new - 1


def _texts(name: str, left: str, right: str) -> Iterator[tuple[object, object]]:
    if name in ("startswith", "removeprefix"):
        yield left, right + left
        yield left, right
    elif name in ("endswith", "removesuffix"):
        yield left, left + right
        yield left, right
    elif name in ("In", "NotIn"):
        yield right, f"{right}{left}"
        yield left, right
        yield right, left
    elif name in ("index", "find", "split", "count"):
        yield left, f"{left}{right}{left}"
    else:
        yield left, right
        yield right, left
