"""The value of an expression that is put together from constants, without running anything."""

import ast
from collections.abc import Callable

Constant = str | bytes | int
_LONGEST = 10_000  # characters: what is longer is no name and no path


def folded(node: ast.AST | None) -> Constant | None:
    """Return the text or number that an expression is made to be; None when it cannot be known.

    Knows literals, ``+``, ``*``, f-strings, ``join``, slices, ``replace``, the change of case,
    ``chr``, ``bytes.fromhex`` and ``decode``: the ways in which a name is hidden.
    """
    if node is None:
        return None
    fold = _FOLDS.get(type(node))
    value = fold(node) if fold is not None else None
    return None if isinstance(value, str | bytes) and len(value) > _LONGEST else value


def folded_text(node: ast.AST | None) -> str | None:
    """Return the text that an expression is made to be, else None."""
    value = folded(node)
    return value if isinstance(value, str) else None


def _literal(node: ast.Constant) -> Constant | None:
    value = node.value
    return value if isinstance(value, str | bytes | int) else None


def _binary(node: ast.BinOp) -> Constant | None:
    left, right = folded(node.left), folded(node.right)
    match node.op, left, right:
        case ast.Add(), str(), str():
            return left + right
        case ast.Add(), bytes(), bytes():
            return left + right
        case ast.Mult(), str(), int() if right * len(left) <= _LONGEST:
            return left * right
        case ast.Mod(), str(), str() if left.count("%") == left.count("%s") == 1:
            return left % right
    return None


def _joined(node: ast.JoinedStr) -> str | None:
    parts = [
        folded(part.value) if isinstance(part, ast.FormattedValue) else folded(part)
        for part in node.values
    ]
    if any(part is None or isinstance(part, bytes) for part in parts):
        return None
    return "".join(map(str, parts))


def _sliced(node: ast.Subscript) -> Constant | None:
    value = folded(node.value)
    if not isinstance(value, str | bytes):
        return None
    if isinstance(node.slice, ast.Slice):
        limits = (node.slice.lower, node.slice.upper, node.slice.step)
        bounds = [_bound(each) for each in limits]
        known = all(
            bound is not None or limit is None for bound, limit in zip(bounds, limits, strict=True)
        )
        return value[slice(*bounds)] if known and bounds[2] != 0 else None
    index = _bound(node.slice)
    return value[index] if index is not None and -len(value) <= index < len(value) else None


def _bound(node: ast.expr | None) -> int | None:
    negative = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)
    value = folded(node.operand if negative and isinstance(node, ast.UnaryOp) else node)
    if not isinstance(value, int):
        return None
    return -value if negative else value


def _called(node: ast.Call) -> Constant | None:
    if isinstance(node.func, ast.Attribute):
        method = _METHODS.get(node.func.attr)
        return method(node.func.value, node.args) if method is not None else None
    if isinstance(node.func, ast.Name) and node.func.id in ("chr", "str") and len(node.args) == 1:
        value = folded(node.args[0])
        if node.func.id == "str":
            return value if isinstance(value, str) else None
        return chr(value) if isinstance(value, int) and 0 <= value < 0x110000 else None  # noqa: PLR2004
    return None


def _join(base: ast.expr, args: list[ast.expr]) -> str | None:
    glue = folded(base)
    match args:
        case [ast.List(elts=items) | ast.Tuple(elts=items)]:
            parts = [folded(item) for item in items]
        case [ast.Constant(value=str(text))]:
            parts = list(text)
        case _:
            return None
    texts = [part for part in parts if isinstance(part, str)]
    return glue.join(texts) if isinstance(glue, str) and len(texts) == len(parts) else None


def _replace(base: ast.expr, args: list[ast.expr]) -> str | None:
    texts = [folded_text(each) for each in (base, *args[:2])]
    match texts:
        case [str(text), str(old), str(new)] if len(args) == 2 and len(new) < 100:  # noqa: PLR2004
            return text.replace(old, new)
    return None


def _format(base: ast.expr, args: list[ast.expr]) -> str | None:
    text, parts = folded_text(base), [folded_text(each) for each in args]
    if text is None or text.count("{") != text.count("{}") or text.count("{}") != len(parts):
        return None
    known = [part for part in parts if part is not None]
    return text.format(*known) if len(known) == len(parts) else None


def _decode(base: ast.expr, _args: list[ast.expr]) -> str | None:
    value = folded(base)
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else None


def _fromhex(base: ast.expr, args: list[ast.expr]) -> bytes | None:
    text = folded_text(args[0]) if len(args) == 1 else None
    if text is None or not (isinstance(base, ast.Name) and base.id in ("bytes", "bytearray")):
        return None
    try:
        return bytes.fromhex(text)
    except ValueError:
        return None


def _cased(change: Callable[[str], str]) -> Callable[[ast.expr, list[ast.expr]], str | None]:
    def fold(base: ast.expr, args: list[ast.expr]) -> str | None:
        text = folded_text(base)
        return change(text) if text is not None and not args else None

    return fold


_METHODS: dict[str, Callable[[ast.expr, list[ast.expr]], Constant | None]] = {
    "join": _join,
    "replace": _replace,
    "format": _format,
    "decode": _decode,
    "fromhex": _fromhex,
    "lower": _cased(str.lower),
    "upper": _cased(str.upper),
    "casefold": _cased(str.casefold),
    "swapcase": _cased(str.swapcase),
    "strip": _cased(str.strip),
    "lstrip": _cased(str.lstrip),
    "rstrip": _cased(str.rstrip),
}
_FOLDS: dict[type[ast.AST], Callable[..., Constant | None]] = {
    ast.Constant: _literal,
    ast.BinOp: _binary,
    ast.JoinedStr: _joined,
    ast.Subscript: _sliced,
    ast.Call: _called,
}
