"""What of a large table of cases runs always; the rest waits for ``pytest --slow``."""

from collections.abc import Iterable

import pytest
from _pytest.mark.structures import ParameterSet


def share(cases: Iterable[object], one_in: int, *, first: int = 0) -> list[ParameterSet]:
    """Return the cases as parameters: every ``one_in``-th of them, from ``first`` on, is quick."""
    return [
        _marked(case, is_quick=number % one_in == first % one_in)
        for number, case in enumerate(cases)
    ]


def _marked(case: object, *, is_quick: bool) -> ParameterSet:
    known = case if isinstance(case, ParameterSet) else pytest.param(case)
    marks = known.marks if is_quick else (*known.marks, pytest.mark.slow)
    return pytest.param(*known.values, marks=marks, id=known.id)
