"""The ways to call ``git commit``."""

from tests.twin.scenario import Scenario, committed
from tests.twin.world import World


def stage_a_function(world: World) -> None:
    world.add_function("shop/cart.py", "settle")


SCENARIOS = (
    Scenario("a plain commit", committed(), stage_a_function, is_quick_share=True),
    Scenario("all", committed("-a"), stage_a_function),
    Scenario("a path", committed("--", "shop/cart.py"), stage_a_function, is_quick_share=True),
)
