"""What can be said of the place of a path."""

from collections.abc import Iterable
from enum import Enum


class Root(Enum):
    """Where a path is known to lie."""

    TEMPORARY = "below a temporary directory of this test"
    ELSEWHERE = "anywhere else"
    WORKING = "below the working directory, wherever a fixture may have gone to"
    UNKNOWN = "not known"


def worst_of(roots: Iterable[Root]) -> Root:
    """Return TEMPORARY only if all are, and there is one; ELSEWHERE as soon as one is."""
    found = set(roots)
    for root in (Root.ELSEWHERE, Root.WORKING):
        if root in found:
            return root
    return Root.TEMPORARY if found == {Root.TEMPORARY} else Root.UNKNOWN
