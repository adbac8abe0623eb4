"""A sample of the points at which the hook can be killed; ``faults.py`` goes through all of them.

With ``TWIN=all`` in the environment the sample has the whole product in it.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from tests.twin import processes
from tests.twin.deaths import Death, Form, deaths, forms, visits
from tests.twin.series import Series

pytestmark = pytest.mark.skipif(
    not processes.ARE_SHOWN, reason="only Linux shows what a process was started with"
)

# A form of commit, a death, and how many of its points are tried.
_QUICK = (
    ("a new test, plain, plain", "SIGKILL to hook, before", 3),
    ("both, plain, pre-commit", "SIGINT to commit, before", 2),
)
_SLOW = (
    ("more tests, a path, plain", "SIGKILL to commit, before", 5),
    ("the product, plain, plain", "SIGKILL to hook, before", 6),
    ("the product, plain, pre-commit", "SIGKILL to commit, before", 6),
    ("the product, plain, plain", "SIGTERM to hook, before", 4),
)


def _wanted() -> Iterator[ParameterSet]:
    rows = (*_QUICK, *(_SLOW if os.environ.get("TWIN") == "all" else ()))
    for form_name, death_name, count in rows:
        form = _form(form_name)
        (death,) = (each for each in deaths() if str(each) == death_name)
        yield pytest.param(form, death, count, id=f"{form}; {death}")


def _form(name: str) -> Form:
    (form,) = (each for each in forms() if str(each) == name)
    return form


@pytest.mark.parametrize(("form", "death", "count"), list(_wanted()))
def test_a_hook_that_is_killed_leaves_a_repository_that_works(
    form: Form, death: Death, count: int, seed: Path, project_python: Path, tmp_path: Path
) -> None:
    series = Series(form, tmp_path, seed, project_python)
    points = _spread(_of_writing(death.points(series.calls), series.calls), count)
    series.prepare(death)

    found = [series.play(death, point) for point in points]

    assert [each.point for each in found if each.point], "no point was reached"
    assert not [each for each in found if each.problems]


@pytest.mark.slow
def test_what_somebody_else_stages_meanwhile_is_in_the_commit(
    seed: Path, project_python: Path, tmp_path: Path
) -> None:
    form = _form("more tests, plain, plain")
    series = Series(form, tmp_path, seed, project_python)
    points = _spread(_of_writing(range(1, len(series.calls) + 1), series.calls), 3)

    found = [series.receive(visit, point) for visit in visits(form) for point in points[:2]]

    assert [each.point for each in found if each.point], "no point was reached"
    assert not [each for each in found if each.problems]


def _of_writing(points: Sequence[int], calls: Sequence[str]) -> list[int]:
    """Leave out the time before the first file is opened: only git is asked there."""
    first = next(number for number, name in enumerate(calls, 1) if name.startswith("open "))
    return [point for point in points if point >= first]


def _spread(points: list[int], count: int) -> list[int]:
    """Return some of the points, at equal distances, the last of them too."""
    step = max(1, len(points) // count)
    return points[::-1][::step][:count]
