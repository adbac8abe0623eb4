"""Random sequences of what people do with git, each step in both twins, which stay equal.

    FUZZ_SEQUENCES=500 python tests/twin/machine.py
    FUZZ_SEQUENCES=60 FUZZ_HOOK=product FUZZ_RUNNER=pre-commit python tests/twin/machine.py

``FUZZ_HOOK`` is ``stager`` (`staging_hook.py`, a fast hook; the default) or ``product``.
``FUZZ_RUNNER`` is ``plain`` or ``pre-commit``; without it each gets a half. ``FUZZ_SEED`` repeats a
run. Prints figures, and a sequence that leads to a violation; with ``FUZZ_SHRINK=yes`` the shortest
one, which takes up to five minutes.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    precondition,
    rule,
    run_state_machine_as_test,
)

if __name__ == "__main__":  # as a program it is started without the root of the repository
    sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.twin.choices import (
    BRANCHES,
    COMMITS,
    EDITS,
    ENDINGS,
    MODULE_EDITS,
    MOVES,
    PATHS,
    STASHES,
)
from tests.twin.edits import Edit
from tests.twin.mirror import Mirror
from tests.twin.playground import Playground


class Twinship(RuleBasedStateMachine):
    """Does the same in both worlds; only a commit may leave a difference: generated tests.

    Those are then copied to the bare world, see `mirror.py`.
    """

    playground: ClassVar[Playground]

    def __init__(self) -> None:
        super().__init__()
        self.twins = self.playground.new_twins()
        self.mirror = Mirror(self.twins)
        self.commits = 0

    def teardown(self) -> None:
        self.playground.remove(self.twins)

    # What is in the files

    @rule(edit=EDITS)
    def edit(self, edit: Edit) -> None:
        self._write(edit)
        self._check()

    @rule(edit=EDITS)
    def edit_and_stage(self, edit: Edit) -> None:
        self._write(edit)
        self._git("add", "--", edit.path)

    @rule(first=EDITS, second=EDITS)
    def stage_the_first_of_two_edits(self, first: Edit, second: Edit) -> None:
        self._write(first)
        self._git("add", "--", first.path)
        self._write(second)
        self._check()

    @rule(path=PATHS)
    def delete(self, path: str) -> None:
        for world in self.twins.both:
            (world.root / path).unlink(missing_ok=True)
        self._check()

    @rule(path=PATHS)
    def flip_the_executable_bit(self, path: str) -> None:
        for file in (world.root / path for world in self.twins.both):
            if file.exists():
                file.chmod(file.stat().st_mode ^ 0o111)
        self._check()

    @rule(move=MOVES)
    def rename(self, move: tuple[str, str]) -> None:
        self._git("mv", *move)

    # What is in the index

    @rule(path=PATHS)
    def stage(self, path: str) -> None:
        self._git("add", "--", path)

    @rule()
    def stage_everything(self) -> None:
        self._git("add", "-A")

    @rule(path=PATHS, words=st.sampled_from((("reset", "-q"), ("restore", "--staged"))))
    def unstage(self, path: str, words: tuple[str, ...]) -> None:
        self._git(*words, "--", path)

    @rule(path=PATHS)
    def announce(self, path: str) -> None:
        self._git("add", "-N", "--", path)

    @rule(path=PATHS, words=st.sampled_from((("--cached",), ("-f",))))
    def remove(self, path: str, words: tuple[str, ...]) -> None:
        self._git("rm", "-q", *words, "--", path)

    # Commits

    @rule(words=COMMITS, path=PATHS, ending=ENDINGS)
    def commit(self, words: tuple[str, ...], path: str, ending: str) -> None:
        self._commit(*_filled(words, path), ending=ending)

    @rule(edit=MODULE_EDITS, words=st.sampled_from(((), ("-a",), ("--amend",))))
    def change_a_module_and_commit(self, edit: Edit, words: tuple[str, ...]) -> None:
        self._write(edit)
        self._git("add", "--", edit.path)
        self._commit(*words, ending="made")

    @rule(
        edit=MODULE_EDITS, words=st.sampled_from((("--",), ("--only", "--"), ("--include", "--")))
    )
    def change_a_module_and_commit_its_path(self, edit: Edit, words: tuple[str, ...]) -> None:
        self._write(edit)
        self._commit(*words, edit.path, ending="made")

    @rule(edit=MODULE_EDITS, words=st.sampled_from(((), ("-a",), ("--", "shop"))))
    def change_a_module_and_give_the_commit_up(self, edit: Edit, words: tuple[str, ...]) -> None:
        self._write(edit)
        self._git("add", "--", edit.path)
        self._commit(*words, ending="refused message")

    # Stashes, and ways back

    @rule(words=STASHES, path=PATHS)
    def stash(self, words: tuple[str, ...], path: str) -> None:
        self._git("stash", *_filled(words, path))

    @precondition(lambda self: self._has("refs/stash"))
    @rule(words=st.sampled_from((("pop",), ("pop", "--index"), ("apply",), ("drop",))))
    def take_the_stash(self, words: tuple[str, ...]) -> None:
        self._git("stash", *words)

    @rule(path=PATHS, words=st.sampled_from((("checkout",), ("checkout", "HEAD"))))
    def take_back(self, path: str, words: tuple[str, ...]) -> None:
        self._git(*words, "--", path)

    @rule(how=st.sampled_from(("--soft", "--mixed", "--mixed", "--hard", "--keep")))
    def go_back_one_commit(self, how: str) -> None:
        # Before the base nothing is configured, and nothing more could be found.
        is_after = ("merge-base", "--is-ancestor", "base", "HEAD~1")
        if self.twins.bare.git_result(*is_after).returncode == 0:
            self._git("reset", "-q", how, "HEAD~1")

    @rule(words=st.sampled_from(("-fd", "-fdx")))
    def clean(self, words: str) -> None:
        self._git("clean", "-q", words)

    # Branches

    @rule(branch=BRANCHES, words=st.sampled_from(((), ("-m",), ("--detach",))))
    def switch(self, branch: str, words: tuple[str, ...]) -> None:
        self._git("switch", "-q", *words, branch)

    @rule(
        branch=BRANCHES,
        words=st.sampled_from(
            (
                ("merge", "--no-edit"),
                ("merge", "--no-ff", "--no-commit"),
                ("merge", "--squash"),
                ("cherry-pick",),
                ("rebase", "-q"),
            )
        ),
    )
    def integrate(self, branch: str, words: tuple[str, ...]) -> None:
        self._git_that_commits(*words, branch)

    @rule(how=st.sampled_from(("--no-edit", "--no-commit")))
    def revert(self, how: str) -> None:
        self._git_that_commits("revert", how, "HEAD")

    @precondition(lambda self: self._operation())
    @rule(how=st.sampled_from(("--abort", "--continue")), side=st.sampled_from(("ours", "theirs")))
    def finish_the_operation(self, how: str, side: str) -> None:
        if how == "--continue":
            self._git("checkout", f"--{side}", "--", ".")
            self._git("add", "-A")
        self._git_that_commits(self._operation(), how)

    # The machinery

    def _write(self, edit: Edit) -> None:
        file = self.twins.bare.root / edit.path
        text = edit.of(file.read_text() if file.exists() else "")
        for world in self.twins.both:
            world.write(edit.path, text)

    def _git(self, *words: str) -> None:
        """Run a command that has nothing to do with the hook in both worlds."""
        self._statuses(*words)
        self._check()

    def _check(self) -> None:
        self.playground.figures["steps"] += 1
        differences = self.mirror.differences()
        assert not differences, "\n".join(differences)

    def _commit(self, *words: str, ending: str) -> None:
        self.commits += 1
        message = "" if ending == "empty message" else f"commit {self.commits}"
        env = {"TWIN_REFUSES_MESSAGE": "yes"} if ending == "refused message" else {}
        added = ["."] if "-a" in words else [word for word in words if not word.startswith("-")]
        self._git_that_commits("commit", "-q", "-m", message, *words, added=added, **env)

    def _git_that_commits(self, *words: str, added: Sequence[str] = (), **env: str) -> None:
        """Run a command that may call the hook in both worlds."""
        head = self.twins.bare.git("rev-parse", "HEAD")
        is_made = self._statuses(*words, **env) == 0
        generated = self.mirror.adopt(head, committed=is_made, added=added)
        figures = self.playground.figures
        figures["steps"] += 1
        figures["commits" if is_made else "commits given up"] += 1
        figures["files with new tests, " + ("committed" if is_made else "left")] += len(generated)

    def _statuses(self, *words: str, **env: str) -> int:
        """Return the exit status, which must be the same in both."""
        bare, hooked = (world.git_result(*words, env=env) for world in self.twins.both)
        said = f"git {' '.join(words)}: {bare.stdout}{bare.stderr}, {hooked.stdout}{hooked.stderr}"
        assert bare.returncode == hooked.returncode, said
        return bare.returncode

    def _has(self, ref: str) -> bool:
        return (self.twins.bare.root / ".git" / ref).exists()

    def _operation(self) -> str:
        """Return what git is in the middle of, "" for nothing."""
        for name, operation in _OPERATIONS.items():
            if self._has(name):
                return operation
        return ""


_OPERATIONS = {
    "rebase-merge": "rebase",
    "MERGE_HEAD": "merge",
    "CHERRY_PICK_HEAD": "cherry-pick",
    "REVERT_HEAD": "revert",
}


def _filled(words: tuple[str, ...], path: str) -> tuple[str, ...]:
    return tuple(path if word == "PATH" else word for word in words)


def play(
    playground: Playground, sequences: int, *, number: int | None = None, shrink: bool = True
) -> None:
    """Run random sequences, always the same ones without ``number``; raises AssertionError."""
    machine = type("Machine", (Twinship,), {"playground": playground})
    if number is not None:
        seed(number)(machine)
    phases = (Phase.generate, Phase.shrink) if shrink else (Phase.generate,)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=sequences,
            stateful_step_count=25,
            derandomize=number is None,
            database=None,
            deadline=None,
            phases=phases,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


if __name__ == "__main__":
    from tests.twin.lots import run_lots

    run_lots(play)
