"""What hook runners do in several steps, where a scenario cannot say what must be there then."""

from pathlib import Path

import pytest

from tests.twin.conftest import TwinMaker
from tests.twin.oracle import suite_passes_in_a_clone
from tests.twin.runner_scenarios import CART_TEST, FAILS_ONCE, OURS, configured
from tests.twin.scenario import STASHING
from tests.twin.world import Runner


@pytest.mark.slow
@pytest.mark.parametrize("runner", STASHING)
def test_an_edit_of_what_a_failed_commit_has_left_stays_unstaged(
    runner: Runner, twins: TwinMaker, tmp_path: Path
) -> None:
    world = twins(runner).hooked
    configured(OURS, FAILS_ONCE)(world)
    world.add_function("shop/cart.py", "settle")
    assert world.git_result("commit", "-m", "settle").returncode
    left = world.text(CART_TEST)
    world.write(CART_TEST, left + "# mine\n")
    world.write("notes.txt", "mine\n")

    world.git("commit", "-m", "settle")

    assert world.git("show", f"HEAD:{CART_TEST}") + "\n" == left
    assert world.text(CART_TEST) == left + "# mine\n"
    assert world.text("notes.txt") == "mine\n"
    assert world.git("status", "--porcelain") == f" M notes.txt\n M {CART_TEST}"
    suite_passes_in_a_clone(world, world.python, tmp_path / "clone")
