"""Calls whose result is not what the return annotation says: code and annotation contradict.

Only what can mean one thing is taken: a plain function, arguments that are literals of the types
that their annotations name, and a result whose type the return annotation does not name.
"""

import ast
from collections.abc import Mapping
from itertools import chain
from textwrap import indent

from sloptest_hook.generation.subject_view import documented, importable_names
from sloptest_hook.values.candidate import Claim, WrittenTest
from sloptest_hook.values.observed import ObservedCase, Relation
from sloptest_hook.values.plan import Target

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_BUILT_IN = (int, bool, float, str, bytes, complex, list, dict, tuple, set)
_KINDS: Mapping[str, type] = {
    **{kind.__name__: kind for kind in _BUILT_IN},
    **{kind.__name__.title(): kind for kind in (list, dict, tuple, set)},  # those of typing
}
# A number of these kinds is as good as one of that kind; PEP 484, "the numeric tower".
_AS_GOOD: Mapping[type, tuple[type, ...]] = {
    int: (bool,),
    float: (int, bool),
    complex: (float, int, bool),
}
_PLAIN_DECORATORS = ("staticmethod", "classmethod", "property")
_NAME = "test_return_annotation"


def annotation_claims(
    target: Target, cases: tuple[ObservedCase, ...]
) -> tuple[tuple[Claim, ...], tuple[ObservedCase, ...]]:
    """Return a claim, if a case contradicts the annotation, and the cases that do not."""
    node = documented(target)
    if not isinstance(node, _Function) or not _returns_itself(node):
        return (), cases
    allowed = _kinds(node.returns)
    if not allowed:
        return (), cases
    wrong = [case for case in cases if _contradicts(case, node, allowed)]
    claims = tuple(_claim(target, node, case, allowed) for case in wrong[:1])
    return claims, tuple(case for case in cases if case not in wrong)


def _returns_itself(node: _Function) -> bool:
    """Say whether what a call gives is what the body returns."""
    plain = all(ast.unparse(each) in _PLAIN_DECORATORS for each in node.decorator_list)
    yields = any(isinstance(each, ast.Yield | ast.YieldFrom) for each in ast.walk(node))
    return plain and not yields


def _kinds(annotation: ast.expr | None) -> frozenset[type]:
    """Return the types that an annotation names, those as good included; none: it is not plain."""
    match annotation:
        case ast.Constant(value=None):
            return frozenset((type(None),))
        case ast.Constant(value=str(text)):
            return _kinds(_expression(text))
        case ast.Name(id=name) if name in _KINDS:
            return frozenset((_KINDS[name], *_AS_GOOD.get(_KINDS[name], ())))
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _together(_kinds(left), _kinds(right))
        case ast.Subscript(value=ast.Name() as outer, slice=inner):
            return _subscripted(outer, inner)
        case _:
            return frozenset()


def _subscripted(outer: ast.Name, inner: ast.expr) -> frozenset[type]:
    if outer.id == "Optional":
        return _together(_kinds(inner), frozenset((type(None),)))
    if outer.id == "Union" and isinstance(inner, ast.Tuple):
        return _together(*map(_kinds, inner.elts))
    return _kinds(outer)


def _expression(text: str) -> ast.expr | None:
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _together(*parts: frozenset[type]) -> frozenset[type]:
    return frozenset(chain.from_iterable(parts)) if all(parts) else frozenset()


def _contradicts(case: ObservedCase, node: _Function, allowed: frozenset[type]) -> bool:
    result = case.result
    if result is None or result.relation not in (Relation.IS, Relation.EQUALS):
        return False
    if case.fixtures or case.drain or case.is_async or case.arrange:
        return False
    kind = _kind_of(result.expected)
    return kind is not None and kind not in allowed and _is_called_as_annotated(case, node)


def _is_called_as_annotated(case: ObservedCase, node: _Function) -> bool:
    every = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
    annotations = {each.arg: each.annotation for each in every}
    return all(
        _kind_of(argument.source) in _kinds(annotations.get(argument.name))
        for argument in case.arguments
    )


def _kind_of(source: str) -> type | None:
    """Return the type of a literal, None for what is none."""
    try:
        return type(ast.literal_eval(source))
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        return None


def _claim(target: Target, node: _Function, case: ObservedCase, allowed: frozenset[type]) -> Claim:
    call = case.expression
    names = sorted(each.__name__ for each in allowed)
    body = indent(f"assert type({call}).__name__ in {names!r}\n", "    ")
    result = case.result
    own = [each for each in importable_names(target) if each in call]
    imports = [f"from {target.module} import {', '.join(own)}"] if own else []
    return Claim(
        target.symbol,
        WrittenTest(_NAME, f"def {_NAME}():\n{body}"),
        tuple(dict.fromkeys((*case.imports, *imports))),
        expected=ast.unparse(node.returns) if node.returns else "",
        call=call,
        actual=result.expected if result else "",
        why="its return annotation says so",
    )
