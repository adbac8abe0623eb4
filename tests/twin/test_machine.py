"""Random sequences of what people do with git; `machine.py` plays many more of them by hand.

``TWIN=all`` in the environment looks for every broken hook; without it for one.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.twin.machine import play
from tests.twin.playground import HookName, Playground, hook_command, make_playground
from tests.twin.staging_hook import ADD_EVERYTHING, NEVER_REFUSE, ONE_INDEX
from tests.twin.world import Runner

PlaygroundMaker = Callable[[Runner, tuple[str, ...]], Playground]

BROKEN = (ADD_EVERYTHING, NEVER_REFUSE, ONE_INDEX)


@pytest.fixture
def playground_of(seed: Path, tmp_path: Path, project_python: Path) -> PlaygroundMaker:
    """Return a function that makes the place for sequences with a runner and a hook."""
    return lambda runner, hook: make_playground(seed, tmp_path, project_python, runner, hook)


@pytest.mark.parametrize(
    ("hook", "runner", "sequences"),
    [
        ("stager", "plain", 4),
        pytest.param("stager", "pre-commit", 6, marks=pytest.mark.slow),
        pytest.param("product", "plain", 4, marks=pytest.mark.slow),
        pytest.param("product", "pre-commit", 4, marks=pytest.mark.slow),
    ],
)
def test_the_twins_stay_equal_whatever_is_done(
    hook: HookName, runner: Runner, sequences: int, playground_of: PlaygroundMaker
) -> None:
    playground = playground_of(runner, hook_command(hook))

    play(playground, sequences, shrink=False)

    assert playground.figures["files with new tests, committed"]


@pytest.mark.parametrize("variant", BROKEN if os.environ.get("TWIN") == "all" else BROKEN[:1])
def test_a_broken_hook_is_found(variant: str, playground_of: PlaygroundMaker) -> None:
    playground = playground_of("plain", hook_command("stager", variant))

    with pytest.raises(AssertionError):
        play(playground, 100, shrink=False)
