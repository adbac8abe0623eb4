"""Whatever the situation: the hooked repository equals its twin but for the generated tests.

``TWIN=all`` in the environment runs every scenario; without it a small share runs.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from tests.twin import commit_scenarios
from tests.twin.scenario import Scenario, play
from tests.twin.world import Runner, Twins

SCENARIOS: tuple[Scenario, ...] = (*commit_scenarios.SCENARIOS,)


def _wanted() -> Iterator[ParameterSet]:
    for scenario in SCENARIOS:
        if scenario.is_quick_share or os.environ.get("TWIN") == "all":
            for runner in scenario.runners:
                yield pytest.param(scenario, runner, id=f"{scenario.name}, {runner}")


def test_every_scenario_has_a_name_of_its_own() -> None:
    names = [scenario.name for scenario in SCENARIOS]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize(("scenario", "runner"), list(_wanted()))
def test_the_twins_are_equal(
    scenario: Scenario, runner: Runner, twins: Callable[[Runner], Twins], tmp_path: Path
) -> None:
    play(scenario, twins(runner), tmp_path)
