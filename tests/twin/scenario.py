"""One situation in which somebody commits, and how it is checked in both worlds."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from tests.twin.oracle import compare, is_in_commit, suite_passes_in_a_clone
from tests.twin.world import LEFTHOOK, PREK, Runner, Twins, World

BOTH: tuple[Runner, ...] = ("plain", "pre-commit")
# prek keeps the promises of pre-commit, and hides unstaged work in the same way.
STASHING: tuple[Runner, ...] = ("pre-commit", "prek") if PREK else ("pre-commit",)
# lefthook hides the unstaged part of files that are staged, and nothing else.
ALL_STASHING: tuple[Runner, ...] = (*STASHING, "lefthook") if LEFTHOOK else STASHING


class Tests(Enum):
    """What becomes of generated tests."""

    COMMITTED = "in the commit"
    LEFT = "left behind by a commit that was given up"
    NONE = "none are written"


def _nothing(_world: World) -> None:
    """Arrange nothing."""


@dataclass(frozen=True)
class Scenario:
    """``arrange`` and ``act`` are run in both worlds; ``act`` returns the exit status that git had.

    ``says`` must be part of what the hook prints. ``also`` names directories beside the repository
    that are compared too (worktrees, submodules). ``committed_in`` is where the commit is made.
    ``is_suite_sound`` is false where the user's own tests fail anyway.
    ``is_quick_share`` marks the few that run with every ``pytest``.
    """

    name: str
    act: Callable[[World], "Acted"]
    arrange: Callable[[World], None] = _nothing
    tests: Tests = Tests.COMMITTED
    runners: tuple[Runner, ...] = BOTH
    says: str = ""
    also: tuple[str, ...] = ()
    committed_in: str = "repository"
    is_followed: bool = True
    is_suite_sound: bool = True
    same_status: bool = True
    is_quick_share: bool = False
    check: Callable[[World], None] = field(default=_nothing)


@dataclass(frozen=True)
class Acted:
    """How the command of the user ended, and what was printed."""

    status: int
    said: str


def committed(*words: str) -> Callable[[World], Acted]:
    """Return an act: ``git commit`` with these words."""

    def act(world: World) -> Acted:
        done = world.git_result("commit", "-m", "the commit", *words)
        return Acted(done.returncode, done.stdout + done.stderr)

    return act


def play(scenario: Scenario, twins: Twins, scratch: Path) -> None:
    """Run a scenario in both worlds and compare them; raises AssertionError."""
    for world in twins.both:
        scenario.arrange(world)
    without, acted = scenario.act(twins.bare), scenario.act(twins.hooked)
    assert not scenario.same_status or acted.status == without.status, (acted, without)
    generated = _compared(scenario, twins, acted.said)
    place = twins.hooked.at(twins.hooked.side / scenario.committed_in)
    match scenario.tests:
        case Tests.COMMITTED:
            assert generated, f"no test was generated: {acted.said}"
            for name in generated:
                assert is_in_commit(place, name), f"{name} is not in the commit: {acted.said}"
            if scenario.is_suite_sound:
                suite_passes_in_a_clone(place, twins.hooked.python, scratch / "clone")
        case Tests.NONE:
            assert not generated, f"{generated}: {acted.said}"
        case Tests.LEFT:
            assert generated, f"nothing was left: {acted.said}"
    assert scenario.says in acted.said, f"{scenario.says!r} was not said: {acted.said}"
    scenario.check(twins.hooked)
    if scenario.is_followed:
        _follow(scenario, twins)


def _compared(scenario: Scenario, twins: Twins, said: str) -> tuple[str, ...]:
    generated: tuple[str, ...] = ()
    for name in dict.fromkeys(("repository", scenario.committed_in, *scenario.also)):
        hooked, bare = (world.at(world.side / name) for world in (twins.hooked, twins.bare))
        difference = compare(hooked, bare, _apart(name, (scenario.committed_in, *scenario.also)))
        assert not difference, "\n".join([name, *difference.problems, said])
        generated += difference.generated
    return generated


def _apart(name: str, places: tuple[str, ...]) -> set[str]:
    """Return those of the other places that lie inside of this one, as seen from it."""
    return {place.removeprefix(f"{name}/") for place in places if place.startswith(f"{name}/")}


def _follow(scenario: Scenario, twins: Twins) -> None:
    """Commit once more: what the first commit has left in the index comes to light now."""
    for world in twins.both:
        place = world.at(world.side / scenario.committed_in)
        place.git("commit", "-q", "--no-verify", "--allow-empty", "-m", "the next commit")
    _compared(scenario, twins, "after the next commit")
