"""Shows text that came from outside without letting it command the terminal."""


def visible(text: str) -> str:
    r"""Return the text with every character that does not print as its escape: ``\x1b[31m``.

    A file name may hold a newline, a terminal escape, a character that turns the direction of
    writing, or bytes that are not UTF-8; an exception's message may hold all of them.
    """
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else _escaped(each) for each in text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
