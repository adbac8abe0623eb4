"""Which characters and sizes source text may have so that what is read is what is run."""

import re
from collections.abc import Iterator

from sloptest_hook.values.records import dataclass

MOST_BYTES = 64 * 1024
MOST_LINES = 1_500
MOST_COLUMNS = 1_000

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\u2028\u2029]")
# Bidirectional marks, zero-width and filler characters, variation selectors, tags, soft hyphen.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_COOKIE = re.compile(r"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_COOKIES = frozenset({"utf-8", "utf8", "ascii", "us-ascii"})


@dataclass(frozen=True, slots=True)
class Flaw:
    """What a text holds and must not; ``kind`` is one of a fixed few, the line counts from 1."""

    kind: str
    line: int
    shown: str


def flaws(text: str) -> Iterator[Flaw]:
    """Yield what makes a source text another one than it seems, or larger than any test is.

    Kinds: ``surrogate``, ``size``, ``lines``, ``columns``, ``control``, ``bare-cr``, ``invisible``,
    ``cookie``.
    """
    try:
        size = len(text.encode("utf-8"))
    except UnicodeEncodeError as error:
        yield Flaw("surrogate", _line(text, error.start), ascii(text[error.start]))
        return
    text = text.replace("\r\n", "\n")
    lines = text.split("\n")
    yield from _of_size(size, lines)
    if "\r" in text:
        yield Flaw("bare-cr", _line(text, text.index("\r")), "carriage return")
    for kind, pattern in (("control", _CONTROL), ("invisible", _INVISIBLE)):
        match = pattern.search(text)
        if match:
            yield Flaw(kind, _line(text, match.start()), f"U+{ord(match[0]):04X}")
    for number, line in enumerate(lines[:2], 1):
        cookie = _COOKIE.match(line)
        if cookie and cookie[1].lower().replace("_", "-") not in _COOKIES:
            yield Flaw("cookie", number, cookie[1])


def _of_size(size: int, lines: list[str]) -> Iterator[Flaw]:
    if size > MOST_BYTES:
        yield Flaw("size", 1, f"{size} bytes, at most {MOST_BYTES}")
    if len(lines) > MOST_LINES:
        yield Flaw("lines", MOST_LINES + 1, f"{len(lines)} lines, at most {MOST_LINES}")
    for number, line in enumerate(lines, 1):
        if len(line) > MOST_COLUMNS:
            yield Flaw("columns", number, f"{len(line)} columns, at most {MOST_COLUMNS}")
            return


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
