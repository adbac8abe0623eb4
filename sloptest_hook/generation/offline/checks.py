"""Checks as assert statements."""

import ast
import copy

from sloptest_hook.generation.offline.fragments import one_line, parse_expression, quoted
from sloptest_hook.generation.offline.layout import fits, laid_out, width
from sloptest_hook.values.observed import Check, Relation

_MATCH_ROOM = 60  # columns; then ``match=re.escape(...)`` still fits on a line of its own
_INLINE_HEAD = 60  # columns of the line that opens a split expected value
_SPECIAL = frozenset(".^$*+?{}[]\\|()")
_LOOSE = (ast.Compare, ast.BoolOp, ast.IfExp, ast.Lambda, ast.NamedExpr)


def assertion(check: Check) -> str:
    """Return the check as one line of code, however long."""
    if check.relation is Relation.INSTANCE:
        return f"assert isinstance({check.actual}, {check.expected})"
    comparison = _spoken(check)
    if comparison:
        return f"assert {comparison}"
    return f"assert {_tight(check.actual)} {_operator(check)} {expected_source(check)}"


def assertion_lines(check: Check, *, indent: int) -> list[str]:
    """Return the check as lines; the expected value is what is split."""
    if check.relation is Relation.INSTANCE:
        return laid_out("assert ", f"isinstance({check.actual}, {check.expected})", indent=indent)
    comparison = _spoken(check)
    if comparison:
        return laid_out("assert ", comparison, indent=indent)
    prefix = f"assert {_tight(check.actual)} {_operator(check)} "
    return laid_out(prefix, expected_source(check), indent=indent)


def _spoken(check: Check) -> str:
    """Return a comparison as it is said: ``"a" not in cart`` for ``("a" in cart) is False``."""
    if check.relation is not Relation.IS or check.expected not in ("True", "False"):
        return ""
    match parse_expression(check.actual), check.expected:
        case ast.Compare(ops=[_]), "True":
            return check.actual
        case ast.Compare(left=left, ops=[ast.In()], comparators=[right]), _:
            return one_line(ast.Compare(left, [ast.NotIn()], [right]))
        case _:
            return ""


def reads_well_inline(check: Check, act: str, *, indent: int) -> bool:
    """Say whether the act can stand in the assertion instead of on a line of its own."""
    inline = Check(act, check.relation, check.expected)
    if fits(assertion(inline), indent=indent):
        return True
    first = assertion_lines(inline, indent=indent)[0]
    return first.endswith(("[", "{")) and width(first) <= _INLINE_HEAD


def expected_source(check: Check) -> str:
    """Return the right side of the comparison; floats in a nest are approximated one by one.

    ``pytest.approx`` takes a flat list or dict of numbers and nothing deeper.
    """
    if check.relation is not Relation.APPROX:
        return _tight(check.expected)
    node = parse_expression(check.expected)
    if node is None or is_flat(check.expected):
        return f"pytest.approx({rounded(check.expected)})"
    return one_line(_Approximation().visit(copy.deepcopy(node)))


def rounded(source: str) -> str:
    """Return the expression with its floats as a person would write them.

    Nine digits are far more than ``pytest.approx`` looks at, a millionth.
    """
    node = parse_expression(source)
    return source if node is None else one_line(_Rounding().visit(copy.deepcopy(node)))


def is_flat(source: str) -> bool:
    """Say whether ``pytest.approx`` takes the value as a whole."""
    match parse_expression(source):
        case ast.List(elts=items) | ast.Tuple(elts=items):
            return all(_is_number(item) for item in items)
        case ast.Dict(values=items):
            return all(_is_number(item) for item in items)
        case ast.Set() | ast.Call(args=[_, _, *_]) | ast.Call(keywords=[_, *_]):
            return False
        case _:
            return True


def is_number(source: str) -> bool:
    node = parse_expression(source)
    return node is not None and _is_number(node)


def raises_source(check: Check, pattern: str | None) -> str:
    """Return ``pytest.raises(...)``; ``pattern`` is what matches instead of the check's message."""
    if not check.message:
        return f"pytest.raises({check.expected})"
    return f"pytest.raises({check.expected}, match={pattern or _pattern(check.message)})"


def matched_text(message: str) -> str:
    """Return the part of a message that is matched: a long one is known by its beginning."""
    line = message.strip("\n").split("\n", 1)[0]
    if not line.strip():
        return message
    if width(quoted(line)) <= _MATCH_ROOM:
        return line
    cut = line[: _MATCH_ROOM - 2]
    return cut.rpartition(" ")[0] or cut


def is_special(message: str) -> bool:
    return not _SPECIAL.isdisjoint(message)


def _pattern(message: str) -> str:
    """Return the pattern that finds the message: plain where nothing in it is special."""
    text = matched_text(message)
    return f"re.escape({quoted(text)})" if is_special(text) else quoted(text)


def _operator(check: Check) -> str:
    return "is" if check.relation is Relation.IS else "=="


def _tight(source: str) -> str:
    """Put an expression that binds looser than a comparison into parentheses."""
    node = parse_expression(source)
    loose = isinstance(node, _LOOSE) or (
        isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
    )
    return f"({source})" if loose else source


def _is_number(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=bool()):
            return False
        case ast.Constant(value=int() | float() | complex()):
            return True
        case ast.UnaryOp(operand=ast.Constant(value=int() | float() | complex())):
            return True
        case ast.Call(func=ast.Name(id="float")):
            return True
        case _:
            return False


class _Rounding(ast.NodeTransformer):
    """Shortens every float of an expression."""

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return ast.Constant(float(f"{node.value:.9g}")) if isinstance(node.value, float) else node


class _Approximation(ast.NodeTransformer):
    """Wraps every float of an expression."""

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return _approximated(node) if isinstance(node.value, float | complex) else node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        match node.operand:
            case ast.Constant(value=float() | complex()):
                return _approximated(node)
            case _:
                return self._inside(node)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        match node.func:
            case ast.Attribute(value=ast.Name(id="pytest"), attr="approx"):
                return node
            case ast.Name(id="float"):
                return node
            case _:
                return self._inside(node)

    def _inside(self, node: ast.expr) -> ast.expr:
        self.generic_visit(node)
        return node


def _approximated(node: ast.expr) -> ast.expr:
    function = ast.Attribute(ast.Name("pytest", ast.Load()), "approx", ast.Load())
    return ast.Call(function, [_Rounding().visit(node)], [])
