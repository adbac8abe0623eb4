"""Signals in the middle of the work: nothing lives on, nothing is staged, the next commit works.

``TWIN=all`` in the environment runs every case; without it a small share runs.
"""

import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from _pytest.mark import ParameterSet

from tests.twin import processes
from tests.twin.conftest import TwinMaker
from tests.twin.oracle import compare, is_in_commit, suite_passes_in_a_clone
from tests.twin.world import Runner, Twins, World, function, install_plain_hook

pytestmark = pytest.mark.skipif(
    not processes.ARE_SHOWN, reason="only Linux shows what a process was started with"
)

Who = Literal["hook", "runner", "git", "everybody"]
Where = Literal["the engine", "pytest"]

# A start and an end of git, runner and hook on a busy machine; far below the time budget.
_SOON = 12.0
_START_SECONDS = 60.0
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL)

# It waits where it is imported, in the engine alone: no test knows it.
_SLOW_MODULE = """\
import os

while not os.path.exists({go!r}):
    pass
"""
# It waits for a process of its own, which outlives a pytest that is killed.
_SLOW_TEST = """\


def test_the_other_program_answers():
    import os
    import subprocess
    import sys

    if not os.path.exists({go!r}):
        subprocess.run((sys.executable, "-c", "import signal; signal.pause()", "of the user's"))
"""
# In the place of the hook, in the twin: ends by a signal and does nothing else.
_STAND_IN = "import signal\nsignal.pause()\n"


@dataclass(frozen=True)
class Interruption:
    """A signal, who gets it, and what the hook is waiting for at that time."""

    number: signal.Signals
    who: Who
    where: Where
    runner: Runner
    is_quick_share: bool = False

    def __str__(self) -> str:
        return f"{self.number.name} to {self.who} during {self.where}, {self.runner}"


_QUICK = {
    (signal.SIGKILL, "git", "the engine", "pre-commit"),
    (signal.SIGINT, "everybody", "pytest", "pre-commit"),
}


def _interruptions() -> Iterator[Interruption]:
    places: tuple[Where, ...] = ("the engine", "pytest")
    single: tuple[Who, ...] = ("hook", "runner", "git")
    runners: tuple[Runner, ...] = ("plain", "pre-commit")
    for runner in runners:
        for where in places:
            for who in single:
                for number in _ENDING:
                    if who != "runner" or runner != "plain":
                        yield Interruption(number, who, where, runner)
            yield Interruption(signal.SIGINT, "everybody", where, runner)
            yield Interruption(signal.SIGHUP, "everybody", where, runner)


def _wanted() -> Iterator[ParameterSet]:
    for each in _interruptions():
        is_quick = (each.number, each.who, each.where, each.runner) in _QUICK
        if is_quick or os.environ.get("TWIN") == "all":
            yield pytest.param(each, id=str(each))


@pytest.mark.parametrize("interruption", list(_wanted()))
def test_an_interrupted_commit_leaves_nothing(
    interruption: Interruption, twins: TwinMaker, tmp_path: Path
) -> None:
    made = twins(interruption.runner)
    go = tmp_path / "go"
    _arrange(made, interruption.where, go)

    said = {world.side: _interrupt(world, interruption) for world in made.both}

    difference = compare(made.hooked, made.bare)
    assert not difference, "\n".join((*difference.problems, said[made.hooked.side]))
    assert not difference.generated, "nothing was proved yet"

    go.touch()
    _commit_again(made, tmp_path)


def _arrange(made: Twins, where: Where, go: Path) -> None:
    """Make the hook wait, have unstaged and untracked work, and a hook in the twin as well."""
    for world in made.both:
        if where == "pytest":
            text = world.text("tests/test_cart.py") + _SLOW_TEST.format(go=str(go))
            world.commit({"tests/test_cart.py": text}, "a slow test")
            world.add_function("shop/cart.py", "settle")
        else:
            world.stage("shop/slow.py", _SLOW_MODULE.format(go=str(go)) + function("settle"))
        world.write("notes.txt", "one\ntwo\nthree\nnot staged\n")
        world.write("shop/new.py", "untracked = True\n")
    made.bare.write("../stand_in.py", _STAND_IN)
    if made.bare.runner == "plain":
        install_plain_hook(made.bare.root / ".git" / "hooks")


def _interrupt(world: World, interruption: Interruption) -> str:
    """Commit, send the signal when the hook waits, and see that everybody ends soon."""
    stand_in = f"{sys.executable} {world.side / 'stand_in.py'}"
    env = {"TMPDIR": str(world.side)} if world.is_hooked else {"TWIN_HOOK": stand_in}
    process = world.start("git", "commit", "-m", "interrupted", env=env)
    assert process.stdout is not None
    with process.stdout:
        try:
            at_work = _at_work(world, interruption.where)
            started = processes.wait_until(lambda: _found(world, at_work), _START_SECONDS)
            assert started, [processes.command(pid) for pid in processes.of_world(world)]
            _send(world, interruption, process.pid)
            if not world.is_hooked and interruption.who in ("git", "runner"):
                # Left behind, it would wait for ever: nobody has told it.
                process.wait(_SOON)
                for pid in _found(world, at_work):
                    processes.end(pid, signal.SIGKILL)
            left = processes.are_gone(world, _SOON)
            assert not left, f"alive {_SOON:g} seconds after the signal: {left}"
            process.wait()
            return process.stdout.read().decode("utf-8", "replace")
        finally:
            for pid in processes.of_world(world):
                processes.end(pid, signal.SIGKILL)
            process.wait()


def _at_work(world: World, where: Where) -> str:
    if not world.is_hooked:
        return "stand_in.py"
    return "signal.pause()" if where == "pytest" else "harness search"


def _send(world: World, interruption: Interruption, git: int) -> None:
    number = interruption.number
    match interruption.who:
        case "everybody":
            os.killpg(git, number)
        case "git":
            processes.end(git, number)
        case "runner":
            processes.end(_the_one(world, "pre_commit"), number)
        case "hook":
            name = "sloptest_hook hook" if world.is_hooked else "stand_in.py"
            processes.end(_the_one(world, name), number)


def _the_one(world: World, text: str) -> int:
    found = _found(world, text)
    assert len(found) == 1, [processes.command(pid) for pid in processes.of_world(world)]
    return found[0]


def _found(world: World, text: str) -> list[int]:
    return [pid for pid in processes.of_world(world) if text in processes.command(pid)]


def _commit_again(made: Twins, scratch: Path) -> None:
    """Commit as if nothing had been: both work, and the hooked one has its tests."""
    for world in made.both:
        world.git("commit", "-q", "-m", "the commit", env={"TMPDIR": str(world.side)})
    difference = compare(made.hooked, made.bare)
    assert not difference, "\n".join(difference.problems)
    assert difference.generated
    for name in difference.generated:
        assert is_in_commit(made.hooked, name)
    suite_passes_in_a_clone(made.hooked, made.hooked.python, scratch / "clone")
    assert processes.are_gone(made.hooked, _SOON) == []
    room = made.hooked.root / ".git" / "sloptest"
    assert not [each.name for each in room.iterdir() if each.name.startswith("draft")]
    assert not list(made.hooked.side.glob("sloptest-run-*"))
