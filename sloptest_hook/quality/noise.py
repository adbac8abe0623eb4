"""Rules on what no test could notice, so that nobody is asked to: log lines, messages, stubs."""

import ast
from itertools import pairwise

from sloptest_hook.quality.edits import Function, Place

_LEVELS = frozenset(
    {"debug", "info", "warning", "warn", "error", "exception", "critical", "log", "trace"}
)
_TEXT_OF_OBJECTS = frozenset({"__repr__", "__str__"})
_SAID_FOR_READERS = frozenset({"encoding", "errors", "newline", "stacklevel"})
_OFF = "pragma: no mutate"


def is_noise(node: ast.AST, place: Place) -> bool:
    """Say whether a node and all that is in it is left as it is."""
    match node:
        case ast.Expr(value=ast.Constant()):  # a docstring, or ``...``
            return True
        case ast.Expr(value=ast.Call() as call):
            return _is_logging(call) or _is_switched_off(node, place)
        case ast.If(test=test):
            return _is_type_checking(test) or _is_switched_off(node, place)
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return _is_never_read(name, place) or _is_switched_off(node, place)
        case ast.Constant():
            return _is_wording(node, place)
        case _:
            return _is_switched_off(node, place)


def _is_logging(call: ast.Call) -> bool:
    """Say whether a call is ``logger.info(...)``: some name on the way to it has "log" in it."""
    func = call.func
    if not isinstance(func, ast.Attribute) or func.attr not in _LEVELS:
        return False
    owner = func.value
    while isinstance(owner, ast.Attribute):
        if "log" in owner.attr.lower():
            return True
        owner = owner.value
    if isinstance(owner, ast.Call):
        return "log" in ast.unparse(owner.func).lower()
    return isinstance(owner, ast.Name) and "log" in owner.id.lower()


def _is_type_checking(test: ast.expr) -> bool:
    name = test.attr if isinstance(test, ast.Attribute) else getattr(test, "id", "")
    return bool(name == "TYPE_CHECKING")


def _is_never_read(name: str, place: Place) -> bool:
    """Say whether a local name, or a module's ``__all__`` and its like, has no reader."""
    if name.startswith("__") and name.endswith("__"):
        return True
    function = place.function
    if function is None or isinstance(place.parent, ast.ClassDef | ast.Module):
        return False
    return not any(
        isinstance(each, ast.Name) and each.id == name and not isinstance(each.ctx, ast.Store)
        for each in ast.walk(function)
    ) and not any(
        isinstance(each, ast.Global | ast.Nonlocal) and name in each.names
        for each in ast.walk(function)
    )


def _is_wording(node: ast.Constant, place: Place) -> bool:
    """Say whether a constant is a message, what an object looks like, or said for readers alone."""
    if _is_below_a_message(place):
        return True
    match place.parent:
        case ast.keyword(arg=str() as name) if name in _SAID_FOR_READERS:
            return True
        case ast.Call(func=ast.Name(id="sleep") | ast.Attribute(attr="sleep")):
            return True
        case _:
            pass
    function = place.function
    if function is not None and function.name == "__hash__":
        return True
    is_text = isinstance(node.value, str)
    return function is not None and function.name in _TEXT_OF_OBJECTS and is_text


def _is_below_a_message(place: Place) -> bool:
    """Say whether it is in what a raise, an assert or a warning says."""
    for outer, inner in pairwise(place.ancestors):
        if isinstance(outer, ast.Raise) and isinstance(inner, ast.Call):
            return True
        if isinstance(outer, ast.Assert) and inner is outer.msg:
            return True
    last = place.parent
    return isinstance(last, ast.Assert) or any(_is_warning(each) for each in place.ancestors)


def _is_warning(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    match node.func:
        case ast.Attribute(value=ast.Name(id="warnings"), attr="warn" | "warn_explicit"):
            return True
        case _:
            return _is_logging(node)


def _is_switched_off(node: ast.AST, place: Place) -> bool:
    """Say whether the first line of a statement says so."""
    if not isinstance(node, ast.stmt) or isinstance(node, Function | ast.ClassDef):
        return False
    start = place.source.span(node)[0]
    return _OFF in place.source.text[start:].split("\n", 1)[0]
