"""Numbers as spans: how lines are read by a person, and ids are kept."""

from collections.abc import Iterable


def spans(numbers: Iterable[int]) -> list[str]:
    """Return ``["3-5", "9"]`` for 3, 4, 5 and 9."""
    found: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return [str(first) if first == last else f"{first}-{last}" for first, last in found]
