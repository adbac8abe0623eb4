"""Shows text that came from outside without letting it command the terminal."""

import re

# Printable to Python, and nothing to the eye: fillers, variation selectors, joiners. What Unicode
# calls ignorable, as far as `isprintable` does not refuse it already; texts are hidden in them.
_UNSEEN = re.compile(
    r"[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    r"\U000e0100-\U000e01ef]"
)


def visible(text: str) -> str:
    r"""Return the text with every character that does not print as its escape: ``\x1b[31m``.

    A file name may hold a newline, a terminal escape, a character that turns the direction of
    writing, or bytes that are not UTF-8; an exception's message may hold all of them. Letters of
    whatever script stay.
    """
    if text.isprintable() and (text.isascii() or not _UNSEEN.search(text)):
        return text
    return "".join(each if _is_seen(each) else _escaped(each) for each in text)


def visible_lines(text: str) -> str:
    """Return a text of several lines, each made visible; tabs stay too."""
    return "\n".join("\t".join(map(visible, line.split("\t"))) for line in text.split("\n"))


def visible_message(text: str) -> str:
    """Return a message whose further lines are set in: none can pass for one of ours."""
    first, *more = visible_lines(text).split("\n")
    return "\n".join([first, *(line if line.startswith("  ") else f"  {line}" for line in more)])


def _is_seen(character: str) -> bool:
    return character.isprintable() and not _UNSEEN.match(character)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
