"""Plays all deaths of one form of commit, and says what was wrong after each."""

import json
import os
import re
import shutil
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from threading import Timer

from tests.twin import processes, traced_git
from tests.twin.deaths import Death, Form, Found, Visit
from tests.twin.oracle import State, compare, is_in_commit, observe, suite_passes_in_a_clone
from tests.twin.traced_git import SystemCall
from tests.twin.world import World, install_plain_hook, make_twins

_DOOMED = Path(__file__).with_name("doomed.py")
# Longer than any command takes; nothing is waited for longer.
_SECONDS = 60.0
_GONE_SECONDS = 10.0


class Series:
    """All deaths of one form of commit: the worlds to copy, and the twins to compare with.

    ``calls`` are the names of the calls of a run that nobody disturbs.
    """

    def __init__(self, form: Form, place: Path, seed: Path, python: Path) -> None:
        self._form = form
        self._place = place
        work = "product"
        if form.tests:
            work = str(place / "tests.json")
            place.mkdir(parents=True, exist_ok=True)
            (place / "tests.json").write_text(json.dumps(form.tests))
        hook = (sys.executable, str(_DOOMED), work)
        twins = make_twins(seed, place / "first", python, form.runner, hook)
        if form.runner == "plain":
            install_plain_hook(twins.bare.root / ".git" / "hooks")
        for world in twins.both:
            _arrange(world)
        self._first = twins
        self._bare: dict[tuple[str, int], tuple[World, World]] = {}
        self._observed: dict[Path, State] = {}
        self.calls, self._left = self._whole_run()

    def calls_of_git(self) -> list[SystemCall]:
        """Return the system calls that change something, of each git that the hook starts."""
        world = self._copy(self._first.hooked, "traced")
        self._commit(world, traced_git.logged(world))
        return traced_git.calls(world)

    def play_in_git(self, death: Death, at: SystemCall) -> Found:
        """Let one git of the hook be killed at one of its system calls, alone or with all."""
        everybody = death.victims == "commit"
        return self._played(
            death,
            f"{death}, {at.git}, {at.name}, {at.nth}",
            lambda world: traced_git.killed(world, at, everybody=everybody),
        )

    def prepare(self, death: Death) -> None:
        """Make the twins of a death, before several threads ask for them."""
        self._twins_of(death)

    def play(self, death: Death, at: int) -> Found:
        """Let the hook die at one call; return what is wrong then, and after the next commit."""
        return self._played(
            death, f"{death}, {at}", lambda world: {"DOOM": _doom(world, death, at)}
        )

    def receive(self, visit: Visit, at: int) -> Found:
        """Let somebody else do something at one call; return what of it is lost or altered."""
        world = self._copy(self._first.hooked, f"{visit}, {at}".replace(" ", "-"))
        try:
            said = self._commit(world, {"DOOM": _doom(world, at=at, visit=visit.script)})
            reached = world.side / "reached"
            if not reached.exists():
                return Found("")
            problems = [*self._problems_after_visit(world, visit), *self._leftovers(world)]
            shown = (said,) if problems else ()
            return Found(reached.read_text(), (*problems, *shown))
        finally:
            shutil.rmtree(world.side, ignore_errors=True)

    def _problems_after_visit(self, world: World, visit: Visit) -> Iterator[str]:
        """Compare with a twin in whose hook the same was done."""
        twin = self._copy(self._first.bare, f"twin-of-{world.side.name}")
        try:
            fall = twin.side / "fall"
            status = 0 if _has_committed(world) else 1
            fall.write_text(f"unset GIT_INDEX_FILE\n{visit.script}\nexit {status}\n")
            self._commit(twin, {"TWIN_HOOK": f"sh {fall}"})
            for problem in compare(world, twin, cut_short=tuple(self._form.tests)).problems:
                if not (visit.touches and visit.touches in problem):
                    yield problem
            if visit.touches:
                yield from self._problems_with(visit.touches, world, twin)
        finally:
            shutil.rmtree(twin.side, ignore_errors=True)

    def _problems_with(self, name: str, world: World, twin: World) -> Iterator[str]:
        """Say what is neither the user's version nor the hook's nor the user's on top of it."""
        start = self._first.bare
        before = start.text(name) if (start.root / name).exists() else ""
        ours = before + self._form.tests[name]
        mine = twin.text(name)
        now = world.text(name) if (world.root / name).exists() else "nothing"
        if now not in (mine, ours + mine.removeprefix(before)) and not (now == ours and not before):
            yield f"{name} in the working tree is neither of the versions: {now!r}"
        for place in (f"HEAD:{name}", f":{name}"):
            blob = world.git_result("cat-file", "blob", place)
            if blob.returncode == 0 and blob.stdout not in (before, ours):
                yield f"{place} is neither of the versions: {blob.stdout!r}"

    def _played(self, death: Death, name: str, doom: Callable[[World], Mapping[str, str]]) -> Found:
        world = self._copy(self._first.hooked, name.replace(" ", "-"))
        try:
            said = self._commit(world, doom(world))
            reached = world.side / "reached"
            if not reached.exists():
                return Found("")
            given_up, followed = self._twins_of(death)
            # A hook that has lost one git may go on, or have done without.
            is_done = death.victims == "git" and _has_committed(world)
            problems = [
                *self._problems_after_death(world, followed if is_done else given_up),
                *(() if is_done else self._problems_after_the_next(world, followed, death)),
            ]
            shown = (f"{said.strip()}",) if problems and said.strip() else ()
            return Found(reached.read_bytes().decode("utf-8", "replace"), (*problems, *shown))
        finally:
            shutil.rmtree(world.side, ignore_errors=True)

    def _problems_after_death(self, world: World, twin: World) -> Iterator[str]:
        for line in processes.are_gone(world, _GONE_SECONDS):
            yield f"still alive after the death: {line}"
        cut_short = tuple(self._form.tests) or ("tests/test_cart.py",)
        difference = compare(world, twin, cut_short=cut_short, without=self._observed[twin.side])
        for problem in difference.problems:
            yield f"after the death: {problem}"
        for name in difference.generated:
            if not self._is_complete(world, name):
                yield f"after the death: {name} is not complete"

    def _problems_after_the_next(self, world: World, twin: World, death: Death) -> Iterator[str]:
        if death.victims == "commit":
            _remove_locks_of_git(world, self._twins_of(death)[0])
        said = self._commit(world, {})
        if not _has_committed(world):
            yield f"the next commit does not work: {said}"
            return
        # What lay unstaged in a test file was put aside by pre-commit, and is again unstaged.
        cut_short = tuple(self._form.tests) if self._form.runner == "pre-commit" else ()
        difference = compare(world, twin, cut_short=cut_short, without=self._observed[twin.side])
        for problem in difference.problems:
            yield f"after the next commit: {problem}"
        wanted = tuple(self._form.tests) or difference.generated
        missing = [name for name in wanted if not self._is_committed(world, name)]
        if missing if self._form.tests else len(missing) == len(wanted):
            yield f"{missing} are not in the next commit: {said}"
        if not self._form.tests:
            suite_passes_in_a_clone(world, world.python, world.side / "clone")
        yield from self._leftovers(world)

    def _leftovers(self, world: World) -> Iterator[str]:
        for line in processes.are_gone(world, _GONE_SECONDS):
            yield f"still alive after the next commit: {line}"
        for name in sorted(_inside(world) - self._left):
            yield f"after the next commit: {name} is left in the git dir"

    def _is_committed(self, world: World, name: str) -> bool:
        """Tell whether it is in the commit, or beside what pre-commit has put aside is another."""
        if is_in_commit(world, name) and self._is_complete(world, name):
            return True
        beside = name.replace(".py", "_beside.py")
        return self._form.runner == "pre-commit" and is_in_commit(world, beside)

    def _is_complete(self, world: World, name: str) -> bool:
        if not self._form.tests:
            return True  # what is written there is known to nobody but the product
        name_of = name.replace("_beside.py", ".py")
        before = self._first.bare.root / name
        mine = before.read_text() if before.exists() else ""
        wanted = self._form.tests.get(name_of)
        return wanted is not None and world.text(name) == mine + wanted

    def _twins_of(self, death: Death) -> tuple[World, World]:
        """Return a world whose commit was given up in this way, and one that has gone on."""
        is_killed = death.victims == "commit"
        key = ("commit", int(death.number)) if is_killed else ("hook", 0)
        if key not in self._bare:
            name = f"{key[0]}-{key[1]}"
            given_up = self._copy(self._first.bare, f"bare-{name}")
            fall = given_up.side / "fall"
            fall.write_text(f"kill -{int(death.number)} 0\n" if is_killed else "exit 1\n")
            self._commit(given_up, {"TWIN_HOOK": f"sh {fall}"})
            followed = self._copy(given_up, f"followed-{name}")
            _remove_locks_of_git(followed, given_up)
            self._commit(followed, {"TWIN_HOOK": "true"})
            self._observed |= {each.side: observe(each) for each in (given_up, followed)}
            self._bare[key] = (given_up, followed)
        return self._bare[key]

    def _whole_run(self) -> tuple[tuple[str, ...], frozenset[str]]:
        """Return the calls of a run that nobody disturbs, and what it leaves in the git dir."""
        world = self._copy(self._first.hooked, "whole")
        calls = world.side / "calls"
        said = self._commit(world, {"DOOM": _doom(world, at=0, calls=str(calls))})
        assert _has_committed(world), said
        return tuple(calls.read_text().splitlines()), frozenset(_inside(world))

    def _commit(self, world: World, env: Mapping[str, str]) -> str:
        """Run the commit until everything it has started is over, and return what was printed."""
        words = ("git", "commit", "-m", "the commit", *self._form.words)
        process = world.start(*words, env={"TMPDIR": str(world.side / "tmp"), **env})
        assert process.stdout is not None
        too_late = Timer(_SECONDS, os.killpg, (process.pid, signal.SIGKILL))
        too_late.start()
        with process.stdout:
            process.wait()
            too_late.cancel()
            processes.resume(world)
            return process.stdout.read().decode("utf-8", "replace")

    def _copy(self, world: World, name: str) -> World:
        side = self._place / name
        shutil.rmtree(side, ignore_errors=True)
        shutil.copytree(world.side, side, symlinks=True)
        copy = replace(world, side=side, root=side / world.root.name)
        (side / "tmp").mkdir(exist_ok=True)
        if not list((copy.root / ".git").glob("*.lock")):
            copy.git("update-index", "-q", "--refresh", "--ignore-missing", "--really-refresh")
        return copy


def _arrange(world: World) -> None:
    """Stage a function without a test, and have work of every kind beside it."""
    world.write("notes.txt", "one\ntwo\nput aside\n")
    world.git("stash", "-q")
    world.add_function("shop/cart.py", "settle")
    world.stage("shop/pricing.py", world.text("shop/pricing.py") + "\nRATE = 19\n")
    world.write("notes.txt", "one\ntwo\nthree\nnot staged\n")
    world.write("shop/new.py", "untracked = True\n")
    world.write("tests/test_mine.py", "def test_mine():\n    assert True\n")
    world.write("debug.log", "ignored\n")


def _doom(
    world: World, death: Death | None = None, at: int = 0, calls: str = "", visit: str = ""
) -> str:
    return json.dumps(
        {
            "at": at,
            "side": death.side if death else "before",
            "number": int(death.number) if death else 0,
            "victims": death.victims if death else "hook",
            "calls": calls,
            "reached": str(world.side / "reached"),
            "visit": visit,
        }
    )


def _has_committed(world: World) -> bool:
    return world.git("log", "-1", "--format=%s") == "the commit"


def _remove_locks_of_git(world: World, twin: World) -> None:
    """Do what git tells the user after it was killed; only where git has left the lock alone."""
    of_git = {_without_number(lock) for lock in (twin.root / ".git").glob("*.lock")}
    for lock in (world.root / ".git").glob("*.lock"):
        if _without_number(lock) in of_git:
            lock.unlink()


def _without_number(lock: Path) -> str:
    return re.sub(r"\d+", "N", lock.name)


def _inside(world: World) -> set[str]:
    """Return what lies in the git dir but for objects, logs and the like, and in TMPDIR."""
    git_dir = world.root / ".git"
    rooms = (git_dir.iterdir(), (git_dir / "sloptest").rglob("*"), (world.side / "tmp").iterdir())
    of_git = {"ORIG_HEAD", "COMMIT_EDITMSG", "index", "logs", "objects"}
    names = (entry for room in rooms for entry in room if "snapshot" not in entry.parts)
    return {
        str(entry.relative_to(world.side))
        for entry in names
        if entry.name not in of_git and not entry.name.startswith("next-index-")
    }
