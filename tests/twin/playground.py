"""Makes pairs of worlds quickly, one for each random sequence, and counts what is done in them."""

import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from tests.twin import staging_hook
from tests.twin.world import PRODUCT, Runner, Twins, World, make_twins

HookName = Literal["stager", "product"]

# Fails when it is told to: the way of a commit that is given up after the hook.
_COMMIT_MSG = '#!/bin/sh\ntest -z "$TWIN_REFUSES_MESSAGE"\n'

_OTHER_BRANCH = {
    "shop/cart.py": "\n\ndef cheapest(prices):\n    return min(prices)\n",
    "tests/test_cart.py": "\n\ndef test_nothing_costs_nothing():\n    assert total([]) == 0\n",
}


@dataclass(frozen=True)
class Playground:
    """All that the sequences of one run share. ``figures`` counts what they did."""

    pattern: Twins
    place: Path
    figures: Counter[str] = field(default_factory=Counter)

    def new_twins(self) -> Twins:
        """Copy the pattern; the copy is removed by ``remove``."""
        place = Path(tempfile.mkdtemp(dir=self.place))
        self.figures["sequences"] += 1
        return Twins(_copied(self.pattern.hooked, place), _copied(self.pattern.bare, place))

    def remove(self, twins: Twins) -> None:
        shutil.rmtree(twins.bare.side.parent)


def make_playground(
    seed: Path, place: Path, python: Path, runner: Runner, hook: Sequence[str]
) -> Playground:
    """Prepare the worlds that every sequence begins with.

    ``base`` is where main begins; the branch ``other`` is one commit further on a way of its own.
    """
    pattern = make_twins(seed, place / "pattern", python, runner, hook)
    for world in pattern.both:
        world.git("tag", "base")
        world.git("switch", "-q", "-c", "other")
        texts = {name: world.text(name) + text for name, text in _OTHER_BRANCH.items()}
        world.commit({**texts}, "the other way")
        world.git("switch", "-q", "main")
        message_hook = world.write(".git/hooks/commit-msg", _COMMIT_MSG)
        message_hook.chmod(0o755)
    return Playground(pattern, place)


def hook_command(name: HookName, variant: str = staging_hook.CAREFUL) -> tuple[str, ...]:
    """Return the command of the fast hook or of the product."""
    if name == "product":
        return PRODUCT
    return sys.executable, str(Path(staging_hook.__file__)), variant


def _copied(world: World, place: Path) -> World:
    side = place / world.side.name
    shutil.copytree(world.side, side, symlinks=True)
    # An editor that changes nothing, for whatever git wants to have edited.
    copied = replace(world, root=side / "repository", side=side, settings={"GIT_EDITOR": "true"})
    copied.git("update-index", "-q", "--refresh")
    return copied
