"""Whatever the situation: the hooked repository equals its twin but for the generated tests.

``TWIN=all`` in the environment runs every scenario; without it a small share runs.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from tests.twin import (
    abort_scenarios,
    commit_scenarios,
    content_scenarios,
    layout_scenarios,
    name_scenarios,
    operation_scenarios,
    place_scenarios,
    rebase_scenarios,
    runner_scenarios,
    source_scenarios,
    stash_scenarios,
    target_scenarios,
)
from tests.twin.scenario import Scenario, play
from tests.twin.world import Runner, Twins

SCENARIOS: tuple[Scenario, ...] = (
    *commit_scenarios.SCENARIOS,
    *abort_scenarios.SCENARIOS,
    *place_scenarios.SCENARIOS,
    *operation_scenarios.SCENARIOS,
    *rebase_scenarios.SCENARIOS,
    *target_scenarios.SCENARIOS,
    *layout_scenarios.SCENARIOS,
    *content_scenarios.SCENARIOS,
    *source_scenarios.SCENARIOS,
    *name_scenarios.SCENARIOS,
    *runner_scenarios.SCENARIOS,
    *stash_scenarios.SCENARIOS,
)


# A half of the quick share in every run.
_QUICK = [number for number, each in enumerate(SCENARIOS) if each.is_quick_share][::2]


def _wanted() -> Iterator[ParameterSet]:
    for number, scenario in enumerate(SCENARIOS):
        if os.environ.get("TWIN") == "all":
            runners = scenario.runners
        else:  # each in turn under another of its runners
            first = number % len(scenario.runners)
            runners = scenario.runners[first : first + 1] if number in _QUICK else ()
        for runner in runners:
            yield pytest.param(scenario, runner, id=f"{scenario.name}, {runner}")


def test_every_scenario_has_a_name_of_its_own() -> None:
    names = [scenario.name for scenario in SCENARIOS]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize(("scenario", "runner"), list(_wanted()))
def test_the_twins_are_equal(
    scenario: Scenario, runner: Runner, twins: Callable[[Runner], Twins], tmp_path: Path
) -> None:
    play(scenario, twins(runner), tmp_path)
