"""What counts as an assertion, and which assertions can never fail or say next to nothing."""

import ast
import re
from collections.abc import Callable, Iterator

_ASSERTING = re.compile(
    r"_?assert|check_|expect|verify|validate_|(?:raises|warns|deprecated_call|fail|fnmatch_lines)$"
)
_OPPOSITES = (
    {"Eq", "NotEq"},
    {"Is", "IsNot"},
    {"In", "NotIn"},
    {"Lt", "GtE"},
    {"Gt", "LtE"},
    {"plain", "not"},
)
_SAYS_LITTLE = frozenset({"callable", "hasattr", "isinstance"})


def is_assertion(node: ast.AST) -> bool:
    """Return whether a node can make a test fail by itself: assert, raises, ``assert_called``."""
    if isinstance(node, ast.Assert):
        return True
    return isinstance(node, ast.Call) and bool(_ASSERTING.match(called_name(node)))


def called_name(call: ast.Call) -> str:
    """Return the last word of what is called."""
    match call.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ""


def why_trivial(test: ast.expr) -> str:
    """Return why an asserted expression cannot be false; empty when it can."""
    match test:
        case ast.Constant(value=value):
            return "a constant" if value else ""
        case ast.UnaryOp(op=ast.Not(), operand=ast.Constant(value=value)):
            return "" if value else "a constant"
        case ast.Tuple(elts=[_, *_]) | ast.List(elts=[_, *_]) | ast.Dict(keys=[_, *_]):
            return "a filled container"
        case ast.Lambda() | ast.GeneratorExp():
            return "an object that is always true"
        case _:
            judge = _WHYS.get(type(test))
            return judge(test) if judge is not None else ""


def says_little(test: ast.expr) -> bool:
    """Return whether an assertion holds for nearly any value: not None, an instance, callable."""
    match test:
        case ast.Compare(ops=[ast.IsNot()], comparators=[ast.Constant(value=None)]):
            return True
        case ast.Call():
            return called_name(test) in _SAYS_LITTLE
        case ast.BoolOp(op=ast.And(), values=values):
            return all(map(says_little, values))
        case _:
            return False


def _of_choice(test: ast.BoolOp) -> str:
    if isinstance(test.op, ast.And):
        return "a constant" if all(map(why_trivial, test.values)) else ""
    if any(isinstance(each, ast.Constant) and each.value for each in test.values):
        return "or true"
    seen: dict[str, set[str]] = {}
    for each in test.values:
        for what, kind in _claims(each):
            seen.setdefault(what, set()).add(kind)
    both = any(pair <= kinds for kinds in seen.values() for pair in _OPPOSITES)
    return "one of two opposites" if both else ""


def _claims(node: ast.expr) -> Iterator[tuple[str, str]]:
    match node:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield ast.dump(operand), "not"
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            yield ast.dump(left) + ast.dump(right), type(op).__name__
            yield ast.dump(node), "plain"
        case _:
            yield ast.dump(node), "plain"


def _of_comparison(test: ast.Compare) -> str:
    if len(test.ops) > 1:
        return ""
    left, op, right = test.left, test.ops[0], test.comparators[0]
    same = isinstance(op, ast.Eq | ast.Is | ast.LtE | ast.GtE)
    if same and ast.dump(left) == ast.dump(right):
        return "a value compared with itself"
    if isinstance(left, ast.Constant) and isinstance(right, ast.Constant):
        return "a constant"
    length = isinstance(left, ast.Call) and called_name(left) == "len"
    zero = isinstance(right, ast.Constant) and right.value in (0, -1)
    if length and zero and isinstance(op, ast.GtE | ast.Gt):
        never_false = isinstance(op, ast.GtE) or (
            isinstance(right, ast.Constant) and right.value == -1
        )
        return "a length, which is never negative" if never_false else ""
    return ""


def _of_call(test: ast.Call) -> str:
    name = called_name(test)
    if name == "bool" and test.args:
        return why_trivial(test.args[0])
    anything = (
        name == "isinstance"
        and len(test.args) == 2  # noqa: PLR2004  # what isinstance takes
        and isinstance(test.args[1], ast.Name)
        and test.args[1].id == "object"
    )
    return "an object, which everything is" if anything else ""


_WHYS: dict[type[ast.expr], Callable[..., str]] = {
    ast.BoolOp: _of_choice,
    ast.Compare: _of_comparison,
    ast.Call: _of_call,
}
