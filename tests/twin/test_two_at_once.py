"""Two runs of the hook at the same time, in one repository: each does its work or says why not.

``TWIN=all`` in the environment runs every test; without it the quick ones run.
"""

import json
import os
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from subprocess import Popen

import pytest

from tests.twin import processes
from tests.twin.conftest import TwinMaker
from tests.twin.oracle import compare, is_in_commit, suite_passes_in_a_clone
from tests.twin.world import PRE_COMMIT_CONFIG, PRODUCT, Twins, World, function

needs_all = pytest.mark.skipif(os.environ.get("TWIN") != "all", reason="slow; TWIN=all runs it")

_WAIT = 5.0  # what the second run says it waits at most
_SLACK = 8.0  # starting it and loading what it needs, on a busy machine
_END_SECONDS = 120.0


@pytest.mark.slow
def test_two_worktrees_commit_at_once(twins: TwinMaker, tmp_path: Path) -> None:
    made = twins("plain")
    for world in made.both:
        world.git("worktree", "add", "-q", "-b", "second", str(world.side / "second"))
        world.add_function("shop/cart.py", "settle")
        second = world.at(world.side / "second")
        second.add_function("shop/pricing.py", "clear")
    places = [made.hooked, made.hooked.at(made.hooked.side / "second")]

    started = [_commit(place) for place in places]
    said = [_ended(process) for process in started]

    for place in (made.bare, made.bare.at(made.bare.side / "second")):
        place.git("commit", "-q", "-m", "the commit")
    for place, bare, words in zip(places, (made.bare, _second(made.bare)), said, strict=True):
        difference = compare(place, bare)
        assert not difference, "\n".join((*difference.problems, words))
        mine = {"repository": "tests/test_cart.py", "second": "tests/test_pricing.py"}
        assert is_in_commit(place, mine[place.root.name]), words
        suite_passes_in_a_clone(place, place.python, tmp_path / place.root.name)
    for place in places:
        _answers_from_the_cache(place)


@pytest.mark.slow
def test_a_run_by_hand_beside_a_commit_waits_five_seconds_and_says_for_whom(
    twins: TwinMaker, tmp_path: Path
) -> None:
    made = twins("plain")
    go = tmp_path / "go"
    for world in made.both:
        # It waits where it is imported, in the engine alone: no test knows it.
        waits = f"import os\n\nwhile not os.path.exists({str(go)!r}):\n    pass\n"
        world.stage("shop/slow.py", waits + function("settle"))
    made.bare.git("commit", "-q", "-m", "the commit")
    commit = _commit(made.hooked)
    assert processes.wait_until(lambda: _is_searching(made.hooked), _END_SECONDS)

    started = time.monotonic()
    done = made.hooked.run(*PRODUCT, "-v")
    seconds = time.monotonic() - started

    go.touch()
    said = _ended(commit)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "another run of sloptest in this working tree" in done.stdout + done.stderr
    assert seconds < _WAIT + _SLACK
    _in_the_commit(made, ["tests/test_slow.py"], said, tmp_path)


def test_two_runs_of_one_commit_at_once_do_its_work_once(twins: TwinMaker, tmp_path: Path) -> None:
    made = twins("pre-commit")
    config = PRE_COMMIT_CONFIG.replace("require_serial: true", "require_serial: false")
    for world in made.both:
        world.commit({".pre-commit-config.yaml": config}, "two at a time")
        # More than four files for each of two processors: pre-commit starts two hooks.
        for number in range(10):
            world.stage(f"shop/part_{number}.py", f"PART = {number}\n")
        world.add_function("shop/cart.py", "settle")
        world.write("notes.txt", "not staged\n")
    made.bare.git("commit", "-q", "-m", "the commit")

    said = _ended(_commit(made.hooked))

    _in_the_commit(made, ["tests/test_cart.py"], said, tmp_path)


@needs_all
def test_batches_of_one_commit_one_after_the_other(twins: TwinMaker, tmp_path: Path) -> None:
    made = twins("pre-commit")
    for world in made.both:
        # 131,072 bytes of names is what pre-commit passes to one process.
        for number in range(1200):
            world.write(f"shop/{'long_' * 22}{number:04}.py", f"PART = {number}\n")
        world.git("add", "shop")
        world.add_function("shop/cart.py", "settle")
        world.write("notes.txt", "not staged\n")
    made.bare.git("commit", "-q", "-m", "the commit")

    said = _ended(_commit(made.hooked))

    _in_the_commit(made, ["tests/test_cart.py"], said, tmp_path)


def _commit(place: World, env: Mapping[str, str] | None = None) -> "Popen[bytes]":
    return place.start("git", "commit", "-m", "the commit", env=env)


def _ended(process: "Popen[bytes]") -> str:
    """Wait for the end of a commit that must work, and return what it printed."""
    printed, _ = process.communicate(timeout=_END_SECONDS)
    said = printed.decode("utf-8", "replace")
    assert process.returncode == 0, said
    return said


def _second(world: World) -> World:
    return world.at(world.side / "second")


def _is_searching(world: World) -> bool:
    return any("harness search" in processes.command(pid) for pid in processes.of_world(world))


def _in_the_commit(made: Twins, names: list[str], said: str, scratch: Path) -> None:
    difference = compare(made.hooked, made.bare)
    assert not difference, "\n".join((*difference.problems, said))
    assert list(difference.generated) == names, said
    assert all(is_in_commit(made.hooked, name) for name in names), said
    suite_passes_in_a_clone(made.hooked, made.hooked.python, scratch / "clone")
    assert processes.are_gone(made.hooked, _SLACK) == []


def _answers_from_the_cache(place: World) -> None:
    """Commit the same once more, where nothing could be measured: there is no room for a tree."""
    place.git("reset", "-q", "--soft", "HEAD~1")
    git_dir = Path(place.git("rev-parse", "--absolute-git-dir"))
    shutil.rmtree(git_dir / "sloptest" / "snapshot")
    (git_dir / "sloptest" / "snapshot").write_text("in the way\n")
    done = place.git_result("commit", "-m", "again")
    report = json.loads((git_dir / "sloptest" / "report.json").read_text())
    statuses = {each["qualname"]: each["status"] for each in report["symbols"]}
    assert set(statuses.values()) == {"covered"}, (statuses, done.stdout + done.stderr)
    assert not report.get("problems"), report
