"""A keyword argument is not passed."""

import ast
from collections.abc import Iterator

from sloptest_hook.quality.edits import Edit, Operator, Place

# Passing these is saying what is so anyway, for most functions that take them.
_DEFAULTS: dict[str, tuple[object, ...]] = {
    "reverse": (False,),
    "key": (None,),
    "default": (None,),
    "encoding": ("utf-8", "utf8", "UTF-8"),
    "errors": ("strict",),
    "strict": (False,),
    "sep": (None, " "),
    "end": ("\n",),
    "check": (False,),
    "exist_ok": (False,),
    "parents": (False,),
    "stacklevel": (1, 2, 3, 4),
    "sort_keys": (False,),
    "ensure_ascii": (True,),
    "flags": (0,),
}


def _edits(node: ast.AST, place: Place) -> Iterator[Edit]:
    if not isinstance(node, ast.Call):
        return
    for each in node.keywords:
        if each.arg is not None and not _says_what_is_so(each.arg, each.value):
            says = f"the argument `{each.arg}` need not be passed"
            yield Edit(_with_comma(node, each, place), "", says)


def _says_what_is_so(name: str, value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value in _DEFAULTS.get(name, ())


def _with_comma(call: ast.Call, keyword: ast.keyword, place: Place) -> tuple[int, int]:
    """Return where the argument stands, with the comma behind it, or before the last one."""
    start, end = place.source.span(keyword)
    call_end = place.source.span(call)[1]
    behind = place.source.token(r"\A\s*,\s*", end, call_end)
    if behind is not None:
        return start, behind[1]
    others = [*call.args, *(each.value for each in call.keywords if each is not keyword)]
    before = [place.source.span(each)[1] for each in others if place.source.span(each)[1] <= start]
    comma = place.source.token(r",\s*\Z", max(before), start) if before else None
    return (start if comma is None else comma[0]), end


OPERATOR = Operator(
    "keyword-drop",
    1,
    _edits,
    (
        ("def f(a): return g(a, b=1)", ("def f(a): return g(a)",)),
        ("def f(a): return g(b=1, c=2)", ("def f(a): return g(c=2)", "def f(a): return g(b=1)")),
        ("def f(a): return sorted(a, reverse=False)", ()),
        ("def f(a): return g(**a)", ()),
    ),
)
