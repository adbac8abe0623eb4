import sys
from pathlib import Path

import coverage
import pytest

from sloptest_hook.running.lending import lent
from sloptest_hook.values.pytest_run import ProjectPython


def python(version: tuple[int, int, int], has: str | None = None) -> ProjectPython:
    return ProjectPython("/usr/bin/python", "PATH", version, "/usr", "9.0", has)


OWN = (*sys.version_info[:2], 0)


@pytest.mark.parametrize("version", [OWN, (3, 12, 1), (3, 13, 0), (3, 14, 2)])
def test_a_project_without_coverage_gets_the_hooks_own(version: tuple[int, int, int]) -> None:
    found = lent(python(version))

    assert found.coverage == coverage.__version__
    assert (Path(found.lent_coverage) / "__init__.py").is_file()


@pytest.mark.parametrize("version", [(3, 9, 1), (3, 10, 0)])
def test_the_tracer_of_another_minor_version_is_not_lent(version: tuple[int, int, int]) -> None:
    assert lent(python(version)) == python(version)


def test_a_project_keeps_its_own_coverage() -> None:
    assert lent(python(OWN, "7.1")).coverage == "7.1"
    assert not lent(python(OWN, "7.1")).lent_coverage
