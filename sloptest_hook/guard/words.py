"""Writes a set of names as one text, which reads better than a column of quotes."""


def words(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())
