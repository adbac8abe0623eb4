"""Finds ``# sloptest: no test - why`` at the head of a function."""

import re
from collections.abc import Iterable, Iterator, Mapping

from sloptest_hook.values.source import Symbol

TYPE_CHECKING = False  # typing itself costs 5 ms, which every commit would pay
if TYPE_CHECKING:
    import tokenize

_MARK = re.compile(r"#\s*sloptest:\s*no[ -]test\b[\s:,;\u2013\u2014-]*(?P<reason>.*?)\s*$")
_HEADS = frozenset({"def", "async", "class"})


def waiver_comments(text: str, symbols: Iterable[Symbol]) -> Mapping[Symbol, str]:
    """Return the reason that each marked symbol gives, empty where it gives none.

    The head runs from the line above the first decorator, if that is a comment of its own, to the
    colon of the ``def``.
    """
    if "sloptest:" not in text:  # as good as always
        return {}
    marks, heads, alone = _read(text)
    found: dict[Symbol, str] = {}
    for symbol in symbols:
        first = symbol.lines.first
        last = min((end for start, end in heads.items() if end >= first), default=first)
        above = first - 1 if first - 1 in alone else first
        reasons = [marks[line] for line in range(above, last + 1) if line in marks]
        if reasons:
            found[symbol] = reasons[0]
    return found


def _read(text: str) -> tuple[Mapping[int, str], Mapping[int, int], frozenset[int]]:
    """Return reasons by line, heads of definitions, and the lines that are comments alone."""
    from tokenize import COMMENT, NAME, NEWLINE  # 4 ms, where somebody wrote to us

    marks: dict[int, str] = {}
    heads: dict[int, int] = {}
    alone: set[int] = set()
    first: tokenize.TokenInfo | None = None
    for token in _tokens(text):
        if token.type == COMMENT:
            mark = _MARK.match(token.string)
            if mark:
                marks[token.start[0]] = mark["reason"]
            if not token.line[: token.start[1]].strip():
                alone.add(token.start[0])
        elif token.type == NEWLINE:
            if first is not None and first.string in _HEADS:
                heads[first.start[0]] = token.start[0]
            first = None
        elif first is None and token.type == NAME:
            first = token
    return marks, heads, frozenset(alone)


def _tokens(text: str) -> "Iterator[tokenize.TokenInfo]":
    import io
    import tokenize

    try:
        yield from tokenize.generate_tokens(io.StringIO(text).readline)
    except (tokenize.TokenError, SyntaxError):
        return
