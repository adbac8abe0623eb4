"""Conditions in words: ``y < 0`` is ``y_is_negative``, ``not items`` is ``items_are_empty``."""

import ast
from collections.abc import Mapping

from sloptest_hook.generation.offline.evaluation import UNKNOWN, value_of
from sloptest_hook.generation.offline.shapes import snake

_MOST_JOINED = 2
_LONGEST = 45  # characters; a longer condition is no name
_AGAINST_ZERO: dict[type[ast.cmpop], str] = {
    ast.Lt: "{is}_negative",
    ast.LtE: "{is}_not_positive",
    ast.Gt: "{is}_positive",
    ast.GtE: "{is}_not_negative",
    ast.Eq: "{is}_zero",
    ast.NotEq: "{is}_not_zero",
}
_AGAINST_CONSTANT: dict[type[ast.cmpop], str] = {
    ast.Lt: "{is}_below_{it}",
    ast.LtE: "{is}_at_most_{it}",
    ast.Gt: "{is}_above_{it}",
    ast.GtE: "{is}_at_least_{it}",
    ast.Eq: "{is}_{it}",
    ast.NotEq: "{is}_not_{it}",
    ast.Is: "{is}_{it}",
    ast.IsNot: "{is}_not_{it}",
}
_AGAINST_NAME: dict[type[ast.cmpop], str] = {
    ast.Lt: "{is}_below_{it}",
    ast.LtE: "{is}_at_most_{it}",
    ast.Gt: "{is}_above_{it}",
    ast.GtE: "{is}_at_least_{it}",
    ast.Eq: "equals_{it}",
    ast.NotEq: "differs_from_{it}",
    ast.In: "{is}_in_{it}",
    ast.NotIn: "{is}_not_in_{it}",
}
_OF_LENGTH: dict[type[ast.cmpop], str] = {
    ast.Lt: "{is}_shorter_than_{it}",
    ast.Gt: "{is}_longer_than_{it}",
    ast.Eq: "has_length_{it}",
    ast.NotEq: "has_not_length_{it}",
}
_OPPOSITES: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}


def condition_words(test: ast.expr, known: Mapping[str, object], *, holds: bool = True) -> str:
    """Return the condition in words, or its opposite; empty when there are no short ones.

    ``known`` are values of names in it: they say which half of an ``or`` it was.
    """
    words = _words(test, known, holds=holds)
    return words if len(words) <= _LONGEST else ""


def _words(test: ast.expr, known: Mapping[str, object], *, holds: bool) -> str:
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return _words(inner, known, holds=not holds)
        case ast.BoolOp(op=ast.And() | ast.Or() as op, values=parts):
            together = isinstance(op, ast.And) is holds
            return _joined(parts, known, holds=holds, together=together)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _comparison(left, type(op) if holds else _OPPOSITES[type(op)], right)
        case ast.Call():
            return _question(test, holds=holds)
        case _:
            return _of_range(test, known, holds=holds)


def _of_range(test: ast.expr, known: Mapping[str, object], *, holds: bool) -> str:
    """Return words for ``0 < x < 9`` and for a name alone."""
    match test:
        case ast.Compare(left=ast.Constant(), ops=[_, _], comparators=[subject, _]):
            return _said(subject, "{is}_in_range" if holds else "{is}_out_of_range")
        case ast.Name() | ast.Attribute():
            return _truth(test, value_of(test, known), holds=holds)
        case _:
            return ""


def _joined(
    parts: list[ast.expr], known: Mapping[str, object], *, holds: bool, together: bool
) -> str:
    """Return all parts in words, or the first part that can have been the one."""
    if together:
        each = [_words(part, known, holds=holds) for part in parts]
        return "_and_".join(each) if len(each) <= _MOST_JOINED and all(each) else ""
    values = [(part, value_of(part, known)) for part in parts]
    sure = [part for part, value in values if value is not UNKNOWN and bool(value) is holds]
    open_ = [part for part, value in values if value is UNKNOWN]
    if not sure and len(open_) > 1:
        return ""
    return next((_words(part, known, holds=holds) for part in [*sure, *open_]), "")


def _comparison(left: ast.expr, kind: type[ast.cmpop], right: ast.expr) -> str:
    match left, right:
        case ast.Call(func=ast.Name(id="len"), args=[inner]), ast.Constant(value=int() as size):
            empty = (kind, size) in ((ast.Eq, 0), (ast.Lt, 1))
            return _said(inner, "{is}_empty" if empty else _OF_LENGTH.get(kind, ""), str(size))
        case _, ast.Constant(value=value):
            return _said(left, _against(kind, value), snake(str(value)))
        case _, ast.Tuple() | ast.List() | ast.Set() if kind is ast.NotIn:
            return _said(left, "{is}_unknown")
        case _:
            return _said(left, _AGAINST_NAME.get(kind, ""), _subject(right))


def _against(kind: type[ast.cmpop], value: object) -> str:
    """Return the form for a comparison with a constant."""
    if value == "":
        return {ast.Eq: "{is}_empty", ast.NotEq: "{is}_not_empty"}.get(kind, "")
    is_zero = isinstance(value, int | float) and not isinstance(value, bool) and value == 0
    return (_AGAINST_ZERO if is_zero else _AGAINST_CONSTANT).get(kind, "")


def _question(call: ast.Call, *, holds: bool) -> str:
    match call:
        case ast.Call(func=ast.Name(id=name), args=[subject, *others]):
            form, it = _of_builtin(name, others, holds=holds)
        case ast.Call(func=ast.Attribute(value=subject, attr=name), args=others):
            form, it = _of_method(name, others, holds=holds)
        case _:
            return ""
    return _said(subject, form, it)


def _of_builtin(name: str, others: list[ast.expr], *, holds: bool) -> tuple[str, str]:
    """Return the form for a builtin's question, and what it asks for."""
    no = "" if holds else "not_"
    match name, others:
        case "isinstance", [kinds]:
            named = kinds.elts if isinstance(kinds, ast.Tuple) else [kinds]
            return "{is}_" + no + "{it}", "_or_".join(map(_subject, named))
        case "callable", []:
            return "{is}_" + no + "callable", ""
        case "hasattr", [ast.Constant(value=str() as it)]:
            return "has_{it}" if holds else "has_no_{it}", snake(it)
        case _:
            return "", ""


def _of_method(name: str, others: list[ast.expr], *, holds: bool) -> tuple[str, str]:
    """Return the form for a method's question, and what it asks for."""
    match name, others:
        case "exists", []:
            return "exists" if holds else "does_not_exist", ""
        case _, [] if name.startswith("is"):
            return "{is}_{it}" if holds else "{is}_not_{it}", snake(name[2:])
        case "startswith" | "endswith", [ast.Constant(value=str() as it)]:
            verb = name.removesuffix("swith")
            return (f"{verb}s_with" if holds else f"does_not_{verb}_with") + "_{it}", snake(it)
        case _:
            return "", ""


def _truth(subject: ast.expr, value: object, *, holds: bool) -> str:
    """Return words for a name that stands alone, by what it is where that is known."""
    if isinstance(value, bool):
        return _said(subject, "{is}_true" if holds else "{is}_false")
    if holds:
        return _said(subject, "{is}_given")
    if value is None or value is UNKNOWN:
        return _said(subject, "{is}_missing" if value is UNKNOWN else "{is}_none")
    zero = isinstance(value, int | float)
    return _said(subject, "{is}_zero" if zero else "{is}_empty")


def _said(subject: ast.expr, form: str, it: str = "") -> str:
    """Fill a form with a subject; the verb follows its number."""
    name = _subject(subject)
    if not name or not form or ("{it}" in form and not it):
        return ""
    plural = name.endswith("s") and not name.endswith("ss")
    verb = "are" if plural else "is"
    predicate = form.replace("{is}", verb).replace("{it}", it)
    if plural and predicate.startswith("has_"):
        predicate = predicate.replace("has_", "have_", 1)
    return f"{name}_{predicate}"


def _subject(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name):
            return snake(name)
        case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name):
            return snake(name)
        case ast.Attribute(value=ast.Name(id=owner), attr=name):
            return snake(f"{owner}_{name}")
        case _:
            return ""
