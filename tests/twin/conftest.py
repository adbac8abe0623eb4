"""The seed of all worlds is made once a session, a pair of worlds for each test."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.twin.world import PRODUCT, Runner, Twins, make_seed, make_twins

TwinMaker = Callable[..., Twins]


@pytest.fixture(scope="session")
def seed(tmp_path_factory: pytest.TempPathFactory, project_python: Path) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        from tests.conftest import set_git_environment

        set_git_environment(patch, tmp_path_factory.mktemp("home"))
        return make_seed(tmp_path_factory.mktemp("seed"), project_python)


@pytest.fixture
def twins(seed: Path, tmp_path: Path, project_python: Path) -> TwinMaker:
    """Return a function that makes the worlds for one runner, and with another hook if asked."""

    def make(runner: Runner, hook: tuple[str, ...] = PRODUCT) -> Twins:
        return make_twins(seed, tmp_path, project_python, runner, hook)

    return make
