import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import pytest

from sloptest_hook.errors import GitError
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.git.snapshot import StagedSnapshot
from sloptest_hook.values.candidate import MergedFile
from sloptest_hook.values.deadline import Deadline

if TYPE_CHECKING:
    from tests.conftest import Repository

Merged = Callable[..., MergedFile]
Refreshed = Callable[..., StagedSnapshot]

OVER = Deadline(0.0, lambda: 1.0)


@pytest.fixture
def refreshed(repository: "Repository") -> Iterator[Refreshed]:
    """Return a function that makes the snapshot as a new run does, after the last one has ended."""
    made: list[StagedSnapshot] = []

    def refresh(*needed: str, max_files: int = 1000) -> StagedSnapshot:
        while made:
            made.pop().close()
        snapshot = StagedSnapshot(
            StagedRepository.open(repository.root),
            needed=[PurePosixPath(each) for each in needed],
            tests_dir=PurePosixPath("tests"),
            max_files=max_files,
        )
        made.append(snapshot)
        snapshot.refresh()
        return snapshot

    yield refresh
    for snapshot in made:
        snapshot.close()


def tree(root: Path) -> dict[str, str]:
    """Return every file below ``root`` with its text, links with their target."""
    return {
        str(path.relative_to(root)): str(path.readlink()) if path.is_symlink() else path.read_text()
        for path in sorted(root.rglob("*"))
        if path.is_symlink() or not path.is_dir()
    }


def test_the_snapshot_is_the_staged_tree(repository: "Repository", refreshed: Refreshed) -> None:
    repository.commit({"pkg/a.py": "old = 1\n", "gone.py": ""})
    repository.stage("pkg/a.py", "staged = 1\n")
    repository.write("pkg/a.py", "unstaged = 1\n")
    repository.write("untracked.py", "")
    repository.git("rm", "-q", "--cached", "gone.py")

    snapshot = refreshed()

    assert tree(snapshot.root) == {"pkg/a.py": "staged = 1\n"}
    assert snapshot.files() == (PurePosixPath("pkg/a.py"),)
    assert snapshot.read([PurePosixPath("pkg/a.py"), PurePosixPath("gone.py")]) == {
        PurePosixPath("pkg/a.py"): b"staged = 1\n"
    }


def test_nothing_of_the_user_changes(repository: "Repository", refreshed: Refreshed) -> None:
    repository.commit({"a.py": "a = 1\n", "b.py": "b = 1\n"})
    repository.stage("a.py", "staged = 1\n")
    repository.write("b.py", "unstaged = 1\n")
    before = (repository.git("status", "--porcelain"), repository.git("ls-files", "-s"))
    index = (repository.root / ".git" / "index").read_bytes()

    refreshed().write([MergedFile(PurePosixPath("a.py"), None, b"ours\n", ())])

    assert (repository.root / ".git" / "index").read_bytes() == index
    assert (repository.git("status", "--porcelain"), repository.git("ls-files", "-s")) == before
    assert (repository.root / "a.py").read_text() == "staged = 1\n"


def test_nothing_staged_is_an_empty_snapshot(refreshed: Refreshed) -> None:
    snapshot = refreshed()

    assert (snapshot.files(), tree(snapshot.root)) == ((), {})


def test_the_next_run_sees_what_was_staged_since(
    repository: "Repository", refreshed: Refreshed
) -> None:
    repository.stage("a.py", "a = 1\n")
    repository.stage("b/b.py", "b = 1\n")
    untouched = refreshed().root / "a.py"
    written = untouched.stat().st_mtime_ns
    repository.git("rm", "-q", "--cached", "b/b.py")
    repository.stage("c.py", "c = 1\n")

    snapshot = refreshed()

    assert tree(snapshot.root) == {"a.py": "a = 1\n", "c.py": "c = 1\n"}
    assert untouched.stat().st_mtime_ns == written


def test_merged_files_are_gone_on_the_next_run(
    repository: "Repository", refreshed: Refreshed, merged: Merged
) -> None:
    repository.stage("tests/test_a.py", "def test_a(): ...\n")
    snapshot = refreshed()
    snapshot.write([merged("tests/test_a.py", b"more\n"), merged("tests/new/test_b.py", b"new\n")])
    assert tree(snapshot.root) == {"tests/test_a.py": "more\n", "tests/new/test_b.py": "new\n"}

    assert tree(refreshed().root) == {"tests/test_a.py": "def test_a(): ...\n"}
    assert not (snapshot.root / "tests" / "new").exists()


def _replace_directory_by_link(root: Path, outside: Path) -> None:
    (root / "pkg").rename(outside / "pkg")
    (root / "pkg").symlink_to(outside / "pkg")


def _replace_file_by_directory(root: Path, outside: Path) -> None:
    (root / "pkg" / "a.py").unlink()
    (root / "pkg" / "a.py" / "deep").mkdir(parents=True)
    (root / "pkg" / "a.py" / "deep" / "x").touch()


def _replace_directory_by_file(root: Path, outside: Path) -> None:
    (root / "pkg" / "a.py").unlink()
    (root / "pkg").rmdir()
    (root / "pkg").write_text("")


def _same_size_and_time(root: Path, outside: Path) -> None:
    file = root / "pkg" / "a.py"
    status = file.stat()
    file.write_text("a = 2\n")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))


def _make_repository(root: Path, outside: Path) -> None:
    subprocess.run(("git", "init", "-q", str(root / "nested")), check=True)
    (root / "nested" / "x").write_text("x")


def _lock_away(root: Path, outside: Path) -> None:
    (root / "locked" / "in").mkdir(parents=True)
    (root / "locked" / "in" / "x").touch()
    (root / "locked" / "in").chmod(0)
    (root / "locked").chmod(0o500)
    (root / "pkg").chmod(0)


def _break_index(root: Path, outside: Path) -> None:
    (root.parent / "snapshot.index").write_bytes(b"DIRC broken")


def _leave_lock(root: Path, outside: Path) -> None:
    (root.parent / "snapshot.index.lock").touch()
    (root.parent / "commit.index.lock").touch()


def _lose_index(root: Path, outside: Path) -> None:
    (root.parent / "snapshot.index").unlink()
    (root / "pkg" / "a.py").write_text("left\n")


def _replace_root(root: Path, outside: Path) -> None:
    root.rename(outside / "root")
    root.symlink_to(outside / "root")


@pytest.mark.parametrize(
    "damage",
    [
        _replace_directory_by_link,
        _replace_file_by_directory,
        _replace_directory_by_file,
        _same_size_and_time,
        _make_repository,
        _lock_away,
        _break_index,
        _leave_lock,
        _lose_index,
        _replace_root,
    ],
    ids=lambda damage: damage.__name__.strip("_"),
)
def test_whatever_a_run_has_left_the_next_one_starts_clean(
    repository: "Repository",
    refreshed: Refreshed,
    tmp_path: Path,
    damage: Callable[[Path, Path], None],
) -> None:
    repository.stage("pkg/a.py", "a = 1\n")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").write_text("kept")
    damage(refreshed().root, outside)
    outside_before = tree(outside)

    snapshot = refreshed()

    assert tree(snapshot.root) == {"pkg/a.py": "a = 1\n"}
    assert not (snapshot.root / "pkg").is_symlink()
    assert not snapshot.root.is_symlink()
    assert tree(outside) == outside_before


def test_a_staged_link_is_no_way_out(
    repository: "Repository", refreshed: Refreshed, merged: Merged, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (repository.root / "tests").symlink_to(outside)
    (repository.root / "test_link.py").symlink_to(outside / "file")
    repository.git("add", "tests", "test_link.py")
    snapshot = refreshed()

    with pytest.raises(GitError, match="cannot write the snapshot"):
        snapshot.write([merged("tests/test_a.py", b"x")])
    snapshot.write([merged("test_link.py", b"x")])

    assert list(outside.iterdir()) == []
    assert (snapshot.root / "test_link.py").read_bytes() == b"x"


def test_while_git_holds_the_lock_of_its_index_the_snapshot_is_made(
    repository: "Repository", refreshed: Refreshed, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.stage("a.py", "a = 1\n")
    git_dir = repository.root / ".git"
    (git_dir / "index.lock").write_bytes((git_dir / "index").read_bytes())
    monkeypatch.setenv("GIT_INDEX_FILE", str(git_dir / "index.lock"))

    assert tree(refreshed().root) == {"a.py": "a = 1\n"}
    assert (git_dir / "index.lock").exists()


@pytest.mark.parametrize(
    "words",
    [("--cone", "in"), ("--cone", "--sparse-index", "in"), ("--no-cone", "/in/", "/c.py")],
    ids=["cone", "sparse index", "patterns"],
)
def test_a_sparse_checkout_gives_a_whole_snapshot(
    repository: "Repository", refreshed: Refreshed, words: tuple[str, ...]
) -> None:
    repository.commit({"in/a.py": "a = 1\n", "out/b.py": "b = 1\n", "c.py": ""})
    repository.git("sparse-checkout", "set", *words)
    repository.stage("in/a.py", "a = 2\n")
    expected = {"in/a.py": "a = 2\n", "out/b.py": "b = 1\n", "c.py": ""}

    first = tree(refreshed().root)
    again = tree(refreshed().root)

    assert (first, again) == (expected, expected)
    assert not (repository.root / "out").exists()
    assert repository.git("ls-files", "-t", "out") == "S out/b.py"


def test_what_a_partial_clone_does_not_hold_is_not_on_disk(
    repository: "Repository", tmp_path: Path
) -> None:
    repository.commit({"in/a.py": "a = 1\n", "out/b.py": "b = 1\n", "c.py": ""})
    repository.git("config", "uploadpack.allowFilter", "true")
    url = f"file://{repository.root}"
    repository.git("clone", "-q", "--no-checkout", "--filter=blob:none", url, str(tmp_path / "c"))
    repository.git("-C", str(tmp_path / "c"), "sparse-checkout", "set", "in")
    repository.git("-C", str(tmp_path / "c"), "checkout", "-q")
    snapshot = StagedSnapshot(
        StagedRepository.open(tmp_path / "c"), needed=[], tests_dir=PurePosixPath("tests")
    )

    snapshot.refresh()
    snapshot.close()

    assert tree(snapshot.root) == {"in/a.py": "a = 1\n", "c.py": ""}
    assert PurePosixPath("out/b.py") in snapshot.files()
    assert snapshot.read([PurePosixPath("out/b.py")]) == {}


_LIMITED = """\
import resource, sys
from pathlib import Path, PurePosixPath
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.git.snapshot import StagedSnapshot
repo = StagedRepository.open(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (8, 8))
StagedSnapshot(repo, needed=[], tests_dir=PurePosixPath("tests")).refresh()
"""


def test_on_a_full_disk_the_file_that_could_not_be_written_is_named(
    repository: "Repository",
) -> None:
    repository.stage("a.py", "")
    room = repository.root / ".git" / "sloptest"

    done = subprocess.run(
        (sys.executable, "-c", _LIMITED, str(repository.root)),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert f"File too large ({room / 'commit.index'})" in done.stderr.splitlines()[-1]


def test_a_split_index_is_read(repository: "Repository", refreshed: Refreshed) -> None:
    repository.commit({"a.py": "a = 1\n"})
    repository.git("update-index", "--split-index")
    repository.stage("b.py", "b = 1\n")

    assert tree(refreshed().root) == {"a.py": "a = 1\n", "b.py": "b = 1\n"}
    assert repository.git("status", "--porcelain") == "A  b.py"


def test_hooks_of_the_user_do_not_run(
    repository: "Repository", refreshed: Refreshed, tmp_path: Path
) -> None:
    ran = tmp_path / "ran"
    for name in ("post-checkout", "post-index-change"):
        hook = repository.write(f".git/hooks/{name}", f"#!/bin/sh\ntouch {ran}\n")
        hook.chmod(0o755)
    repository.write("a.py", "a = 1\n")
    repository.git("-c", "core.hooksPath=/dev/null", "add", "a.py")

    refreshed()

    assert not ran.exists()


def test_a_checkout_has_the_line_ends_of_the_repository(
    repository: "Repository", refreshed: Refreshed
) -> None:
    repository.stage(".gitattributes", "*.py text eol=crlf\n")
    repository.stage("a.py", "a = 1\n")

    snapshot = refreshed()

    assert (snapshot.root / "a.py").read_bytes() == b"a = 1\r\n"
    assert snapshot.read([PurePosixPath("a.py")]) == {PurePosixPath("a.py"): b"a = 1\n"}


def test_a_submodule_stays_an_empty_directory(
    repository: "Repository", refreshed: Refreshed
) -> None:
    repository.commit({"a.py": ""})
    head = repository.git("rev-parse", "HEAD")
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{head},sub")
    repository.git("config", "submodule.recurse", "true")
    (refreshed().root / "sub" / "left.py").touch()

    snapshot = refreshed()

    assert tree(snapshot.root) == {"a.py": ""}
    assert snapshot.files() == (PurePosixPath("a.py"),)


def test_the_users_checkout_of_a_submodule_is_left_alone(
    repository: "Repository", refreshed: Refreshed
) -> None:
    repository.commit({"a.py": ""})
    url = str(repository.root)
    repository.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", url, "sub")
    repository.git("config", "submodule.recurse", "true")
    place = repository.git("-C", "sub", "config", "core.worktree")

    snapshot = refreshed()

    assert repository.git("-C", "sub", "config", "core.worktree") == place
    assert not list((snapshot.root / "sub").iterdir())


def test_a_file_announced_with_intent_to_add_is_not_in_the_tree(
    repository: "Repository", refreshed: Refreshed
) -> None:
    repository.stage("a.py", "")
    repository.write("b.py", "b = 1\n")
    repository.git("add", "-N", "b.py")

    assert refreshed().files() == (PurePosixPath("a.py"),)


def test_names_of_any_kind_are_checked_out_and_read(
    repository: "Repository", refreshed: Refreshed
) -> None:
    names = ["a\nb.py", 'q"uote.py', "-x.py", "*.py", os.fsdecode(b"\xe9.py")]
    for name in names:
        repository.write(name, f"{name!a}\n")
    repository.git("add", "-A")

    refreshed()
    snapshot = refreshed()

    assert {str(path) for path in snapshot.files()} == set(names)
    assert tree(snapshot.root) == {name: f"{name!a}\n" for name in names}
    assert len(snapshot.read(snapshot.files())) == len(names)


def test_of_a_large_tree_only_what_is_needed_is_on_disk(
    repository: "Repository", refreshed: Refreshed
) -> None:
    repository.stage("pkg/__init__.py", "")
    repository.stage("pkg/a.py", "a = 1\n")
    repository.stage("tests/test_a.py", "")
    repository.stage("setup.cfg", "")
    for number in range(9):
        repository.stage(f"data/{number}.csv", "1\n")

    snapshot = refreshed("pkg/a.py", max_files=8)

    assert sorted(tree(snapshot.root)) == [
        "pkg/__init__.py",
        "pkg/a.py",
        "setup.cfg",
        "tests/test_a.py",
    ]
    assert len(snapshot.files()) == 13
    assert snapshot.read([PurePosixPath("data/0.csv")]) == {PurePosixPath("data/0.csv"): b"1\n"}
    assert len(tree(refreshed("pkg/a.py").root)) == 13


def test_build_products_are_linked_and_environments_are_not(
    repository: "Repository", refreshed: Refreshed
) -> None:
    linked = ["pkg/_speed.so", "pkg/_version.py", "pkg/generated/models_pb2.py"]
    others = [
        ".venv/lib/x.so",
        "env2/pyvenv.cfg",
        "node_modules/x/gyp.py",
        "pkg/__pycache__/a.py",
        "pkg/data.bin",
        "pkg/env2/lib/m.py",
        "pkg/env2/pyvenv.cfg",
        "pkg/local_settings.py",
        "pkg/x.egg-info/y.py",
        "root.py",
    ]
    repository.stage("pkg/__init__.py", "")
    ignored = ["*.so", "*.bin", "_version.py", "local_settings.py", "/root.py"]
    ignored += ["generated/", "env2/", ".venv/", "node_modules/", "__pycache__/", "*.egg-info/"]
    repository.stage(".gitignore", "\n".join(ignored))
    for name in linked + others:
        repository.write(name, "")
    repository.write("pkg/untracked.py", "")
    (repository.root / "pkg/generated/loop").symlink_to(repository.root / "pkg")
    (repository.root / "pkg/elsewhere.so").symlink_to("_speed.so")
    snapshot = refreshed()

    assert snapshot.link_build_products()
    assert sorted(set(tree(snapshot.root)) - {".gitignore", "pkg/__init__.py"}) == linked
    assert (snapshot.root / linked[0]).resolve() == repository.root / linked[0]

    assert sorted(tree(refreshed().root)) == [".gitignore", "pkg/__init__.py"]
    assert (repository.root / linked[0]).exists()


def test_without_build_products_the_answer_is_no(
    repository: "Repository", refreshed: Refreshed
) -> None:
    repository.stage("a.py", "")

    assert not refreshed().link_build_products()


def test_two_runs_do_not_use_the_snapshot_at_once(
    repository: "Repository", refreshed: Refreshed, opened: Callable[[], StagedRepository]
) -> None:
    repository.stage("a.py", "")
    first = refreshed()
    second = StagedSnapshot(opened(), needed=[], tests_dir=PurePosixPath("tests"))

    with pytest.raises(GitError, match="another run of sloptest"):
        second.refresh(OVER)
    first.close()
    second.refresh()
    second.close()


def test_a_killed_run_does_not_hold_the_snapshot(
    repository: "Repository", refreshed: Refreshed, opened: Callable[[], StagedRepository]
) -> None:
    repository.stage("a.py", "")
    program = (
        "import os, signal, sys\nfrom pathlib import Path, PurePosixPath\n"
        "from sloptest_hook.git.repository import StagedRepository\n"
        "from sloptest_hook.git.snapshot import StagedSnapshot\n"
        "repo = StagedRepository.open(Path(sys.argv[1]))\n"
        "StagedSnapshot(repo, needed=[], tests_dir=PurePosixPath('tests')).refresh()\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run((sys.executable, "-c", program, str(repository.root)), check=False)
    assert done.returncode == -9

    assert tree(refreshed().root) == {"a.py": ""}


def test_a_git_dir_that_cannot_be_written_is_told_in_one_line(
    repository: "Repository", refreshed: Refreshed
) -> None:
    repository.stage("a.py", "")
    repository.write(".git/sloptest", "a file in place of the directory")

    with pytest.raises(GitError, match=r"cannot write the snapshot .*File exists") as caught:
        refreshed()
    assert "\n" not in str(caught.value)


def test_unresolved_conflicts_are_told_in_one_line(
    repository: "Repository", refreshed: Refreshed
) -> None:
    repository.stage("a.py", "")
    blob = repository.git("rev-parse", ":a.py")
    info = "".join(f"100644 {blob} {stage}\tb.py\n" for stage in (1, 2, 3))
    subprocess.run(
        ("git", "update-index", "--index-info"),
        cwd=repository.root,
        input=info.encode(),
        check=True,
    )

    with pytest.raises(GitError, match="write-tree") as caught:
        refreshed()
    assert "\n" not in str(caught.value)


def test_each_linked_worktree_has_its_own_snapshot(
    repository: "Repository", refreshed: Refreshed, tmp_path: Path
) -> None:
    repository.commit({"a.py": "a = 1\n"})
    repository.git("worktree", "add", "-q", str(tmp_path / "linked"))
    first = refreshed()

    second = StagedSnapshot(
        StagedRepository.open(tmp_path / "linked"), needed=[], tests_dir=PurePosixPath("tests")
    )
    second.refresh()
    second.close()

    assert second.root != first.root
    assert tree(second.root) == tree(first.root) == {"a.py": "a = 1\n"}
