"""What can be said of the place of a path."""

from collections.abc import Iterable
from enum import Enum


class Root(Enum):
    """Where a path is known to lie."""

    TEMPORARY = "below a temporary directory of this test"
    ELSEWHERE = "anywhere else"
    UNKNOWN = "not known"


def worst_of(roots: Iterable[Root]) -> Root:
    """Return TEMPORARY only if all are, and there is one; ELSEWHERE as soon as one is."""
    found = set(roots)
    if Root.ELSEWHERE in found:
        return Root.ELSEWHERE
    return Root.TEMPORARY if found == {Root.TEMPORARY} else Root.UNKNOWN
