"""Colors the words that a reader looks for first; the text is made visible before."""

import re

_PLAIN = "\x1b[0m"
_COLORS = {
    "suspected bug": "\x1b[1;31m",
    "broken": "\x1b[1;31m",
    "uncovered": "\x1b[31m",
    "deferred": "\x1b[33m",
    "generated": "\x1b[32m",
    "skipped": "\x1b[2m",
    "covered": "\x1b[2m",
    "problem:": "\x1b[31m",
    "note:": "\x1b[36m",
}
_WORD = re.compile(rf"(?m)^( *(?:sloptest: )?)({'|'.join(_COLORS)})(?= |\()")


def painted(text: str) -> str:
    """Return the text with the first word of a line in color, where it is one of ours."""
    return _WORD.sub(lambda word: f"{word[1]}{_COLORS[word[2]]}{word[2]}{_PLAIN}", text)


def wants_color(*, choice: bool | None, is_terminal: bool, no_color: str, term: str) -> bool:
    """Tell whether to color: as it was said, else on a terminal, unless NO_COLOR is set."""
    if choice is not None:
        return choice
    return is_terminal and not no_color and term != "dumb"
