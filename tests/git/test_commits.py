"""Real commits: the hook stages a test, and git commits what it commits."""

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Repository

StagingHook = Callable[..., Path]

TEST = "tests/test_new.py"


def committed(repository: "Repository") -> list[str]:
    return repository.git("show", "--format=", "--name-only", "HEAD").splitlines()


def status(repository: "Repository") -> str:
    return repository.git("status", "--porcelain")


@pytest.fixture
def changed(repository: "Repository") -> "Repository":
    """Two files are committed; ``a.py`` has a change, ``b.py`` has another, neither is staged."""
    repository.commit({"a.py": "a = 1\n", "b.py": "b = 1\n"})
    repository.write("a.py", "a = 2\n")
    repository.write("b.py", "b = 2\n")
    return repository


@pytest.mark.parametrize(
    ("words", "files", "left"),
    [
        pytest.param(("-a",), ["a.py", "b.py", TEST], "", id="all"),
        pytest.param(("--", "a.py"), ["a.py", TEST], " M b.py", id="path"),
        pytest.param(("--only", "a.py"), ["a.py", TEST], " M b.py", id="only"),
        pytest.param(("--include", "a.py"), ["a.py", TEST], " M b.py", id="include"),
        pytest.param(
            ("--amend", "--", "a.py"), ["a.py", "b.py", TEST], " M b.py", id="amend with a path"
        ),
    ],
)
def test_the_test_is_part_of_the_commit_and_of_the_next(
    changed: "Repository",
    staging_hook: StagingHook,
    words: tuple[str, ...],
    files: list[str],
    left: str,
) -> None:
    staging_hook()

    changed.git("commit", "-q", "-m", "x", *words)

    assert committed(changed) == files
    assert status(changed) == left
    changed.git("commit", "-q", "--no-verify", "--allow-empty", "-m", "next")
    assert committed(changed) == []


def test_a_plain_commit_takes_the_test_and_leaves_unstaged_work(
    changed: "Repository", staging_hook: StagingHook
) -> None:
    staging_hook()
    changed.git("add", "a.py")
    changed.write("a.py", "a = 3\n")

    changed.git("commit", "-q", "-m", "x")

    assert committed(changed) == ["a.py", TEST]
    assert changed.git("show", "HEAD:a.py") == "a = 2"
    assert status(changed) == " M a.py\n M b.py"


def test_the_very_first_commit_takes_the_test(
    repository: "Repository", staging_hook: StagingHook
) -> None:
    staging_hook()
    repository.stage("a.py", "")

    repository.git("commit", "-q", "-m", "x")

    assert committed(repository) == ["a.py", TEST]
    assert status(repository) == ""


def test_an_existing_test_file_is_edited_in_a_partial_commit(
    changed: "Repository", staging_hook: StagingHook
) -> None:
    changed.git("stash", "-q")
    changed.commit({TEST: "old\n"})
    changed.git("stash", "pop", "-q")
    staging_hook(text=b"more\n")

    changed.git("commit", "-q", "-m", "x", "--", "a.py")

    assert committed(changed) == ["a.py", TEST]
    assert changed.git("show", f"HEAD:{TEST}") == "old\nmore"
    assert status(changed) == " M b.py"


@pytest.mark.parametrize("words", [(), ("-a",), ("--", "a.py")], ids=["plain", "all", "path"])
def test_an_aborted_commit_loses_nothing_and_the_next_try_takes_the_test(
    changed: "Repository", staging_hook: StagingHook, words: tuple[str, ...]
) -> None:
    staging_hook(status=1)
    changed.git("add", "a.py")
    assert changed.git_result("commit", "-q", "-m", "x", *words).returncode == 1
    assert (changed.root / "b.py").read_text() == "b = 2\n"

    staging_hook()
    changed.git("commit", "-q", "-m", "x", *words)

    assert TEST in committed(changed)
    assert "?? tests" not in status(changed)


@pytest.mark.parametrize("words", [("-a",), ("--", "a.py")], ids=["all", "path"])
def test_an_aborted_commit_leaves_an_edit_that_the_next_try_takes(
    changed: "Repository", staging_hook: StagingHook, words: tuple[str, ...]
) -> None:
    changed.git("stash", "-q")
    changed.commit({TEST: "old\n"})
    changed.git("stash", "pop", "-q")
    staging_hook(text=b"one\n", status=1)
    assert changed.git_result("commit", "-q", "-m", "x", *words).returncode == 1

    staging_hook(text=b"two\n")
    changed.git("commit", "-q", "-m", "x", *words)

    assert TEST in committed(changed)
    assert changed.git("show", f"HEAD:{TEST}").endswith("two")
    assert TEST not in status(changed)


def test_a_test_that_a_failed_commit_has_staged_goes_into_one_of_some_paths(
    changed: "Repository", staging_hook: StagingHook
) -> None:
    changed.git("stash", "-q")
    changed.commit({TEST: "old\n"})
    changed.git("stash", "pop", "-q")
    staging_hook(text=b"one\n", status=1)
    changed.git("add", "a.py")
    assert changed.git_result("commit", "-q", "-m", "x").returncode == 1

    staging_hook(text=b"two\n")
    changed.git("commit", "-q", "-m", "x", "--", "a.py")

    assert committed(changed) == ["a.py", TEST]
    assert changed.git("show", f"HEAD:{TEST}") == "old\ntwo"
    assert status(changed) == " M b.py"


_DIES_AFTER_ONE_INDEX = """\
import os, signal
from sloptest_hook.git import index

publish = index.publish

def publish_and_die(*words):
    publish(*words)
    os.kill(os.getpid(), signal.SIGKILL)

index.publish = publish_and_die
"""


def test_a_hook_that_was_killed_leaves_an_edit_that_the_next_try_takes(
    changed: "Repository", staging_hook: StagingHook
) -> None:
    changed.git("stash", "-q")
    changed.commit({TEST: "old\n"})
    changed.git("stash", "pop", "-q")
    program = staging_hook(text=b"one\n")
    program.write_text(_DIES_AFTER_ONE_INDEX + program.read_text())
    assert changed.git_result("commit", "-q", "-m", "x", "--", "a.py").returncode == 1
    assert (changed.root / TEST).read_text() == "old\none\n"

    staging_hook(text=b"two\n")
    changed.git("commit", "-q", "-m", "x", "--", "a.py")

    assert changed.git("show", f"HEAD:{TEST}") == "old\ntwo"
    assert TEST not in status(changed)


def test_in_a_linked_worktree_from_a_directory_below(
    repository: "Repository", staging_hook: StagingHook, tmp_path: Path
) -> None:
    repository.commit({"pkg/a.py": ""})
    staging_hook()
    linked = tmp_path / "linked"
    repository.git("worktree", "add", "-q", str(linked))
    (linked / "pkg" / "a.py").write_text("a = 1\n")

    subprocess.run(("git", "commit", "-q", "-a", "-m", "x"), cwd=linked / "pkg", check=True)

    shown = ("git", "show", "--format=", "--name-only", "HEAD")
    done = subprocess.run(shown, cwd=linked, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["pkg/a.py", TEST]
    assert status(repository) == ""
    assert not (repository.root / "tests").exists()


def test_in_a_submodule(
    repository: "Repository", staging_hook: StagingHook, tmp_path: Path
) -> None:
    repository.commit({"a.py": ""})
    url = str(repository.root)
    repository.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", url, "sub")
    staging_hook()
    hooks = repository.root / ".git" / "hooks"
    sub = repository.root / "sub"
    (sub / "a.py").write_text("a = 1\n")

    subprocess.run(
        ("git", "-c", f"core.hooksPath={hooks}", "commit", "-q", "-a", "-m", "x"),
        cwd=sub,
        check=True,
    )

    assert (sub / TEST).exists()
    assert not (repository.root / "tests").exists()


@pytest.fixture
def pre_commit(repository: "Repository", staging_hook: StagingHook) -> Path:
    """A real pre-commit with our hook, its cache inside the test's home."""
    program = staging_hook()
    (repository.root / ".git" / "hooks" / "pre-commit").unlink()
    repository.commit(
        {
            ".pre-commit-config.yaml": "repos:\n- repo: local\n  hooks:\n"
            "  - {id: s, name: s, language: system, require_serial: true, verbose: true,\n"
            f"     entry: {sys.executable} {program}, files: '\\.py$'}}\n",
            "a.py": "a = 1\n",
            "b.py": "b = 1\n",
            TEST: "old\n",
        }
    )
    install = (sys.executable, "-m", "pre_commit", "install")
    subprocess.run(install, cwd=repository.root, check=True, capture_output=True)
    return program


def test_under_pre_commit_a_clean_test_file_is_edited(
    repository: "Repository", pre_commit: Path
) -> None:
    repository.stage("a.py", "a = 2\n")
    repository.write("b.py", "unstaged = 1\n")

    repository.git("commit", "-q", "-m", "x")

    assert committed(repository) == ["a.py", TEST]
    assert status(repository) == " M b.py"
    assert (repository.root / "b.py").read_text() == "unstaged = 1\n"


def _edit(file: Path) -> None:
    file.write_text("old\nunstaged\n")


def _delete(file: Path) -> None:
    file.unlink()


@pytest.mark.parametrize("change", [_edit, _delete], ids=["edited", "deleted"])
def test_under_pre_commit_a_test_file_with_hidden_changes_is_left_alone(
    repository: "Repository", pre_commit: Path, change: Callable[[Path], None]
) -> None:
    repository.stage("a.py", "a = 2\n")
    repository.write("b.py", "unstaged = 1\n")
    change(repository.root / TEST)
    before = (status(repository), repository.git("diff"), repository.git("ls-files", "-s"))

    done = repository.git_result("commit", "-q", "-m", "x")

    assert done.returncode == 1
    assert "has unstaged changes, which the hook runner has put aside" in done.stderr
    after = (status(repository), repository.git("diff"), repository.git("ls-files", "-s"))
    assert after == before


_GIT_IS_KILLED = """\
import os, signal, sys, time
from pathlib import Path

def status(pid):
    name, after = Path(f"/proc/{pid}/stat").read_text().split("(")[1].rsplit(")", 1)
    return name, int(after.split()[1])

pid = os.getppid()
while status(pid)[0] != "git":
    pid = status(pid)[1]
os.kill(pid, signal.SIGKILL)
while Path(f"/proc/{pid}").exists() and Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z":
    time.sleep(0.01)
"""


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are not shown as files")
@pytest.mark.parametrize("runner", ["exec", ""], ids=["started by git", "started by a runner"])
@pytest.mark.parametrize("words", [(), ("-a",)], ids=["plain", "all"])
def test_a_hook_whose_git_was_killed_at_once_stages_nothing(
    repository: "Repository", staging_hook: StagingHook, runner: str, words: tuple[str, ...]
) -> None:
    repository.commit({"a.py": "a = 1\n"})
    repository.stage("a.py", "a = 2\n")
    program = staging_hook()
    program.write_text(_GIT_IS_KILLED + program.read_text())
    hook = repository.root / ".git" / "hooks" / "pre-commit"
    hook.write_text(f"#!/bin/sh\n{runner} {sys.executable} {program}\nexit $?\n")

    # Returns when the last process has closed the pipe, which is the hook.
    done = repository.git_result("commit", "-q", "-m", "x", *words)

    assert done.returncode == -signal.SIGKILL
    assert "the commit was abandoned" in done.stderr
    assert status(repository) == "M  a.py"


def test_a_hook_that_is_started_by_hand_stages(
    repository: "Repository", staging_hook: StagingHook
) -> None:
    program = staging_hook()
    repository.stage("a.py", "")

    subprocess.run((sys.executable, str(program)), cwd=repository.root, check=True)

    assert status(repository) == f"A  a.py\nA  {TEST}"


def test_an_orphaned_hook_leaves_no_lock(changed: "Repository", staging_hook: StagingHook) -> None:
    program = staging_hook()
    # The hook kills the git that has started it, and stages only when git is gone.
    orphaned = program.read_text().replace(
        "stager = WorktreeStager(repo)",
        "import signal, time\n"
        f"os.kill(repo.parent, {signal.SIGTERM:d})\n"
        "while os.getppid() == repo.parent: time.sleep(0.01)\n"
        "stager = WorktreeStager(repo)",
    )
    program.write_text(orphaned)

    # Returns when the last process has closed the pipe, which is the hook.
    done = changed.git_result("commit", "-q", "-a", "-m", "x")

    assert done.returncode == -signal.SIGTERM
    assert "the commit was abandoned" in done.stderr
    assert not list((changed.root / ".git").glob("*.lock"))
    assert status(changed) == " M a.py\n M b.py"
