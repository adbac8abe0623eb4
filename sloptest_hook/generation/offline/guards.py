"""Under which condition of the function a case came to its end: ``y_is_negative``."""

import ast
from collections.abc import Iterator, Mapping

from sloptest_hook.generation.offline.conditions import condition_words
from sloptest_hook.generation.offline.evaluation import UNKNOWN
from sloptest_hook.generation.offline.fragments import parse_expression, parse_statements
from sloptest_hook.values.observed import Check, ObservedCase, Relation
from sloptest_hook.values.records import dataclass

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_End = ast.Raise | ast.Return


@dataclass(frozen=True, slots=True)
class _Guarded:
    """A statement that ends the function, and the nearest condition around it."""

    end: _End
    test: ast.expr
    holds: bool


@dataclass(frozen=True, slots=True)
class Guards:
    """The ends of one function that stand under a condition."""

    guarded: tuple[_Guarded, ...] = ()
    defaults: Mapping[str, object] | None = None

    def words(self, case: ObservedCase) -> str:
        """Return the condition that led to the case's end; empty where that is not certain."""
        known = {**(self.defaults or {}), **_literals(case)}
        ends = [each for each in self.guarded if _is_end_of(each.end, case)]
        told = {condition_words(each.test, known, holds=each.holds) for each in ends}
        return told.pop() if len(told) == 1 else ""


def guards_of(source: str, qualname: str) -> Guards:
    """Return what the source says of the function; nothing when it is not found."""
    body = parse_statements(source) or ()
    for part in qualname.split(".")[:-1]:
        body = next((tuple(e.body) for e in _named(body, part) if isinstance(e, ast.ClassDef)), ())
    found = [e for e in _named(body, qualname.rpartition(".")[2]) if isinstance(e, _Function)]
    if not found:
        return Guards()
    function = found[-1]
    return Guards(tuple(_guarded(function.body)), _defaults(function))


def _named(body: tuple[ast.stmt, ...], name: str) -> Iterator[ast.stmt]:
    """Yield the definitions of a name, below ``if`` and ``try`` too."""
    for statement in body:
        if isinstance(statement, _Function | ast.ClassDef):
            if statement.name == name:
                yield statement
        elif isinstance(statement, ast.If | ast.Try):
            yield from _named((*statement.body, *statement.orelse), name)


def _guarded(
    body: list[ast.stmt], test: ast.expr | None = None, *, holds: bool = True
) -> Iterator[_Guarded]:
    for statement in body:
        match statement:
            case ast.Raise() | ast.Return() if test is not None:
                yield _Guarded(statement, test, holds)
            case ast.If(test=inner, body=then, orelse=otherwise):
                yield from _guarded(then, inner)
                yield from _guarded(otherwise, inner, holds=False)
            case ast.For(body=inner_body) | ast.While(body=inner_body) | ast.With(body=inner_body):
                yield from _guarded(inner_body, test, holds=holds)
            case ast.Try(body=inner_body, orelse=otherwise):
                yield from _guarded([*inner_body, *otherwise], test, holds=holds)
            case _:
                continue


def _is_end_of(end: _End, case: ObservedCase) -> bool:
    """Say whether the case ended there: by its lines, and an exception by its words too."""
    check = case.result
    raises = check is not None and check.relation is Relation.RAISES
    if isinstance(end, ast.Raise) is not raises or check is None:
        return False
    last = end.end_lineno or end.lineno
    inside = any(end.lineno <= line <= last for line in case.lines)
    if isinstance(end, ast.Raise):
        return _says(end, check) and (inside or not case.lines)
    return inside


def _says(end: ast.Raise, check: Check) -> bool:
    """Say whether the statement raises this exception, as far as it is written out."""
    match end.exc:
        case ast.Call(func=called, args=args):
            texts = [text for each in args[:1] for text in _constant_texts(each)]
            name = ast.unparse(called).rpartition(".")[2]
            told = check.message is None or all(text in check.message for text in texts)
            return name == check.expected.rpartition(".")[2] and told
        case ast.Name() | ast.Attribute() as named:
            return ast.unparse(named).rpartition(".")[2] == check.expected.rpartition(".")[2]
        case _:
            return False


def _constant_texts(node: ast.expr) -> list[str]:
    match node:
        case ast.Constant(value=str() as text):
            return [text]
        case ast.JoinedStr(values=parts):
            return [text for part in parts for text in _constant_texts(part)]
        case _:
            return []


def _defaults(function: _Function) -> dict[str, object]:
    """Return the defaults that are literals, by parameter."""
    given = function.args
    positional = [*given.posonlyargs, *given.args]
    pairs = [
        *zip(reversed(positional), reversed(given.defaults), strict=False),
        *zip(given.kwonlyargs, given.kw_defaults, strict=True),
    ]
    return dict(_literal(each.arg, ast.unparse(node)) for each, node in pairs if node is not None)


def _literals(case: ObservedCase) -> dict[str, object]:
    return dict(_literal(argument.name, argument.source) for argument in case.arguments)


def _literal(name: str, source: str) -> tuple[str, object]:
    """Return the name with its value; what is no literal gets one that nothing is compared with."""
    node = parse_expression(source)
    try:
        return name, ast.literal_eval(node) if node is not None else UNKNOWN
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return name, UNKNOWN
