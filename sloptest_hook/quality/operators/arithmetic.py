"""``+`` becomes ``-``, ``*`` becomes ``/``, in assignments too."""

import ast
from collections.abc import Iterator

from sloptest_hook.quality.edits import Edit, Operator, Place

_OTHERS: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "/"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "*"),
    ast.Mod: ("%", "*"),
    ast.Pow: ("**", "*"),
    ast.LShift: ("<<", ">>"),
    ast.RShift: (">>", "<<"),
    ast.BitAnd: ("&", "|"),
    ast.BitOr: ("|", "&"),
    ast.BitXor: ("^", "&"),
}
_TEXTS_AND_LISTS = (ast.JoinedStr, ast.List, ast.Tuple, ast.ListComp, ast.Dict, ast.Set)


def _edits(node: ast.AST, place: Place) -> Iterator[Edit]:
    match node:
        case ast.BinOp():
            if not (_is_joined(node.left) or _is_joined(node.right)):
                start, end = place.source.span(node.left)[1], place.source.span(node.right)[0]
                yield from _other(place, node.op, start, end)
        case ast.AugAssign():
            if not _is_joined(node.value):
                start, end = place.source.span(node.target)[1], place.source.span(node.value)[0]
                yield from _other(place, node.op, start, end)
        case ast.UnaryOp(op=ast.USub()) if not isinstance(node.operand, ast.Constant):
            start = place.source.span(node)[0]
            yield Edit((start, start + 1), "+")
        case _:
            return


def _other(place: Place, kind: ast.operator, start: int, end: int) -> Iterator[Edit]:
    if type(kind) not in _OTHERS:
        return
    written, other = _OTHERS[type(kind)]
    span = place.source.token("".join("\\" + each for each in written), start, end)
    if span is not None:
        yield Edit(span, other)


def _is_joined(node: ast.expr) -> bool:
    """Say whether anything else but joining this would be a TypeError, which every test notices."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str | bytes)
    if isinstance(node, ast.BinOp):
        return _is_joined(node.left) or _is_joined(node.right)
    return isinstance(node, _TEXTS_AND_LISTS)


OPERATOR = Operator(
    "arithmetic",
    1,
    _edits,
    (
        ("def f(a): return a + b", ("def f(a): return a - b",)),
        ("def f(a): return (a) // (b)", ("def f(a): return (a) * (b)",)),
        ("def f(a): a **= 2", ("def f(a): a *= 2",)),
        ("def f(a): return -a", ("def f(a): return +a",)),
        ("def f(a): return 'a' + a + b", ()),
        ("def f(a): return '%s' % a", ()),
    ),
)
