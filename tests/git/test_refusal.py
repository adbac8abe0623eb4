import os
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import pytest

from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.git.staging import WorktreeStager

if TYPE_CHECKING:
    from tests.conftest import Repository

Opened = Callable[[], StagedRepository]
Arrange = Callable[["Repository", Path], None]

PATH = PurePosixPath("tests/test_a.py")
TEXT = "def test_a(): ...\n"


def _tracked(repository: "Repository", outside: Path) -> None:
    repository.commit({"tests/test_a.py": TEXT})


def _staged_and_clean(repository: "Repository", outside: Path) -> None:
    repository.stage("tests/test_a.py", TEXT)


def _executable(repository: "Repository", outside: Path) -> None:
    repository.write("tests/test_a.py", TEXT).chmod(0o755)
    repository.git("add", "tests/test_a.py")


def _crlf_checkout(repository: "Repository", outside: Path) -> None:
    repository.git("config", "core.autocrlf", "true")
    repository.stage("tests/test_a.py", TEXT.replace("\n", "\r\n"))


def _other_unstaged_work(repository: "Repository", outside: Path) -> None:
    repository.commit({"tests/test_a.py": TEXT, "tests/test_b.py": TEXT})
    repository.write("tests/test_b.py", "unstaged\n")


def _nothing(repository: "Repository", outside: Path) -> None:
    pass


def _neighbour_in_sparse_checkout(repository: "Repository", outside: Path) -> None:
    repository.commit({"tests/test_b.py": "", "src/a.py": ""})
    repository.git("sparse-checkout", "set", "tests")


@pytest.mark.parametrize(
    "arrange",
    [
        _nothing,
        _tracked,
        _staged_and_clean,
        _executable,
        _crlf_checkout,
        _other_unstaged_work,
        _neighbour_in_sparse_checkout,
    ],
    ids=lambda each: each.__name__.strip("_"),
)
def test_what_is_provably_clean_may_be_touched(
    repository: "Repository", opened: Opened, tmp_path: Path, arrange: Arrange
) -> None:
    arrange(repository, tmp_path)

    assert WorktreeStager(opened()).refusal(PATH) is None


def _untracked(repository: "Repository", outside: Path) -> None:
    repository.write("tests/test_a.py", "a draft\n")


def _edited(repository: "Repository", outside: Path) -> None:
    _tracked(repository, outside)
    repository.write("tests/test_a.py", "edited\n")


def _staged_then_edited(repository: "Repository", outside: Path) -> None:
    _staged_and_clean(repository, outside)
    repository.write("tests/test_a.py", "edited\n")


def _deleted(repository: "Repository", outside: Path) -> None:
    _tracked(repository, outside)
    (repository.root / "tests/test_a.py").unlink()


def _deletion_staged(repository: "Repository", outside: Path) -> None:
    _tracked(repository, outside)
    repository.git("rm", "-q", "tests/test_a.py")


def _intent_to_add(repository: "Repository", outside: Path) -> None:
    repository.write("tests/test_a.py", "")
    repository.git("add", "-N", "tests/test_a.py")


def _conflict(repository: "Repository", outside: Path) -> None:
    repository.commit({"tests/test_a.py": "base\n"})
    repository.git("checkout", "-q", "-b", "other")
    repository.commit({"tests/test_a.py": "theirs\n"})
    repository.git("checkout", "-q", "main")
    repository.commit({"tests/test_a.py": "ours\n"})
    assert repository.git_result("merge", "other").returncode == 1


def _ignored(repository: "Repository", outside: Path) -> None:
    repository.write(".gitignore", "tests/\n")


def _assume_unchanged(repository: "Repository", outside: Path) -> None:
    _tracked(repository, outside)
    repository.git("update-index", "--assume-unchanged", "tests/test_a.py")


def _skip_worktree(repository: "Repository", outside: Path) -> None:
    _tracked(repository, outside)
    repository.git("update-index", "--skip-worktree", "tests/test_a.py")


def _outside_sparse_checkout(repository: "Repository", outside: Path) -> None:
    repository.commit({"tests/test_b.py": "", "src/a.py": ""})
    repository.git("sparse-checkout", "set", "src")


def _link(repository: "Repository", outside: Path) -> None:
    repository.write("tests/real.py", "")
    (repository.root / "tests/test_a.py").symlink_to("real.py")


def _directory_link(repository: "Repository", outside: Path) -> None:
    (outside / "elsewhere").mkdir()
    (repository.root / "tests").symlink_to(outside / "elsewhere")


def _file_in_the_way(repository: "Repository", outside: Path) -> None:
    repository.write("tests", "")


def _directory_in_the_way(repository: "Repository", outside: Path) -> None:
    repository.write("tests/test_a.py/x", "")


def _fifo(repository: "Repository", outside: Path) -> None:
    (repository.root / "tests").mkdir()
    os.mkfifo(repository.root / "tests/test_a.py")


def _hard_link(repository: "Repository", outside: Path) -> None:
    repository.commit({"tests/test_a.py": "a\n"})
    (repository.root.parent / "second-name").hardlink_to(repository.root / "tests/test_a.py")


def _nested_repository(repository: "Repository", outside: Path) -> None:
    (repository.root / "tests").mkdir()
    repository.git("init", "-q", "tests")


def _empty_submodule(repository: "Repository", outside: Path) -> None:
    repository.commit({"a.py": ""})
    head = repository.git("rev-parse", "HEAD")
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{head},tests")
    (repository.root / "tests").mkdir()


def _deleted_file_named_like_the_directory(repository: "Repository", outside: Path) -> None:
    repository.commit({"tests": ""})
    (repository.root / "tests").unlink()


def _deleted_directory_named_like_the_file(repository: "Repository", outside: Path) -> None:
    repository.commit({"tests/test_a.py/x": ""})
    (repository.root / "tests/test_a.py/x").unlink()
    (repository.root / "tests/test_a.py").rmdir()


@pytest.mark.parametrize(
    ("arrange", "reason"),
    [
        (_untracked, "exists and is not tracked"),
        (_edited, "has unstaged changes"),
        (_staged_then_edited, "has unstaged changes"),
        (_deleted, "is deleted in the working tree"),
        (_deletion_staged, "is deleted by this commit"),
        (_intent_to_add, "git add -N"),
        (_conflict, "merge conflicts"),
        (_ignored, "is ignored by git"),
        (_assume_unchanged, "assume-unchanged"),
        (_skip_worktree, "skip-worktree"),
        (_outside_sparse_checkout, "sparse checkout"),
        (_link, "is a symbolic link"),
        (_hard_link, "has another name, a hard link"),
        (_directory_link, "lies below tests, which is a symbolic link"),
        (_file_in_the_way, "lies below tests, which is a file"),
        (_directory_in_the_way, "is not a regular file"),
        (_fifo, "is not a regular file"),
        (_nested_repository, "lies below tests, which is another git repository"),
        (_empty_submodule, "lies below tests, which is a file or a submodule"),
        (_deleted_file_named_like_the_directory, "lies below tests, which is a file"),
        (_deleted_directory_named_like_the_file, "is a directory in the index"),
    ],
    ids=lambda each: each.__name__.strip("_") if callable(each) else None,
)
def test_what_may_be_the_users_work_is_refused(
    repository: "Repository", opened: Opened, tmp_path: Path, arrange: Arrange, reason: str
) -> None:
    arrange(repository, tmp_path)

    assert reason in (WorktreeStager(opened()).refusal(PATH) or "")


@pytest.mark.parametrize("path", ["/etc/passwd", "../x.py", "a/../../x.py", ".git/x.py", "."])
def test_a_path_that_leaves_the_working_tree_is_refused(
    repository: "Repository", opened: Opened, path: str
) -> None:
    refusal = WorktreeStager(opened()).refusal(PurePosixPath(path))

    assert refusal == "is not a path below the top of the working tree"


@pytest.mark.parametrize("name", [":(top)x.py", "*.py", "-x.py", "a\nb.py", os.fsdecode(b"\xe9")])
def test_odd_names_are_names(repository: "Repository", opened: Opened, name: str) -> None:
    repository.commit({"x.py": "", "tests/test_b.py": ""})
    stager = WorktreeStager(opened())

    assert stager.refusal(PurePosixPath("tests") / name) is None
    repository.write(f"tests/{name}", "mine")
    assert stager.refusal(PurePosixPath("tests") / name) == "exists and is not tracked"


def test_staged_work_outside_of_a_partial_commit_is_refused(
    repository: "Repository", opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit({"a.py": ""})
    git_dir = repository.root / ".git"
    (git_dir / "next-index-1.lock").write_bytes((git_dir / "index").read_bytes())
    repository.stage("tests/test_a.py", TEXT)
    (git_dir / "index.lock").write_bytes((git_dir / "index").read_bytes())
    monkeypatch.setenv("GIT_INDEX_FILE", str(git_dir / "next-index-1.lock"))

    refusal = WorktreeStager(opened()).refusal(PATH)

    assert refusal == "has staged changes that are not part of this commit"


def test_a_file_of_the_real_index_that_the_commit_lacks_is_refused(
    repository: "Repository", opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit({"a.py": ""})
    git_dir = repository.root / ".git"
    (git_dir / "index.lock").write_bytes((git_dir / "index").read_bytes())
    monkeypatch.setenv("GIT_INDEX_FILE", str(git_dir / "index.lock"))
    (git_dir / "other").write_bytes((git_dir / "index").read_bytes())
    repository.write("tests/test_a.py", TEXT)
    repository.git("add", "tests", env={"GIT_INDEX_FILE": str(git_dir / "other")})
    (git_dir / "other").replace(git_dir / "index")
    (repository.root / "tests/test_a.py").unlink()

    assert WorktreeStager(opened()).refusal(PATH) == "is in the index but not in this commit"


def test_what_git_cannot_tell_is_refused(repository: "Repository", opened: Opened) -> None:
    repository.stage("tests/test_a.py", TEXT)
    stager = WorktreeStager(opened())
    repository.write(".git/index", "broken")

    assert (stager.refusal(PATH) or "").startswith("cannot be checked")
