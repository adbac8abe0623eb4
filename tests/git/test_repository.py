import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import pytest

from sloptest_hook.errors import GitError
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.git.source_text import MAX_SOURCE_BYTES
from sloptest_hook.values.source import ChangeKind

if TYPE_CHECKING:
    from tests.conftest import Repository

Opened = Callable[[], StagedRepository]

ODD_NAMES = [
    pytest.param("new\nline.py", id="newline"),
    pytest.param('qu"ote.py', id="quote"),
    pytest.param("-x.py", id="leading dash"),
    pytest.param("*.py", id="star"),
    pytest.param("[ab].py", id="brackets"),
    pytest.param(":(top)x.py", id="pathspec magic"),
    pytest.param("tab\tb.py", id="tab"),
    pytest.param("é.py", id="not ASCII"),
    pytest.param(os.fsdecode(b"latin-\xe9.py"), id="not UTF-8"),
    pytest.param(" .py", id="space"),
]


def test_before_the_first_commit_everything_staged_is_added(
    repository: "Repository", opened: Opened
) -> None:
    repository.stage("a.py", "a = 1\n")

    (change,) = opened().staged_diff().changes

    assert (change.path, change.kind, change.text) == (
        PurePosixPath("a.py"),
        ChangeKind.ADDED,
        "a = 1\n",
    )
    assert change.blob == repository.git("rev-parse", ":a.py")


def test_nothing_staged_is_an_empty_diff(repository: "Repository", opened: Opened) -> None:
    assert opened().staged_diff().changes == ()


def test_both_sides_come_from_blobs_and_not_from_the_working_tree(
    repository: "Repository", opened: Opened
) -> None:
    repository.commit({"m.py": "old = 1\n"})
    repository.stage("m.py", "new = 1\n")
    repository.write("m.py", "unstaged = 1\n")

    (change,) = opened().staged_diff().changes

    assert (change.kind, change.text, change.old_text) == (
        ChangeKind.MODIFIED,
        "new = 1\n",
        "old = 1\n",
    )


def test_a_moved_file_is_deleted_and_added(repository: "Repository", opened: Opened) -> None:
    repository.commit({"a.py": "x = 1\n" * 20})
    repository.git("mv", "a.py", "b.py")

    kinds = {str(each.path): each.kind for each in opened().staged_diff().changes}

    assert kinds == {"a.py": ChangeKind.DELETED, "b.py": ChangeKind.ADDED}


@pytest.mark.parametrize("name", ODD_NAMES)
def test_any_name_is_read(repository: "Repository", opened: Opened, name: str) -> None:
    repository.write(name, "x = 1\n")
    repository.write("other.py", "y = 1\n")
    repository.git("add", "-A")
    path = PurePosixPath(name)
    repo = opened()

    changes = {each.path: each for each in repo.staged_diff().changes}

    assert changes[path].text == "x = 1\n"
    assert repo.blobs_of([path]) == {path: changes[path].blob}
    assert [each.text for each in repo.whole_files([path]).changes] == ["x = 1\n"]


def test_a_large_file_is_named_and_not_read(repository: "Repository", opened: Opened) -> None:
    repository.stage("large.py", b"#" * (MAX_SOURCE_BYTES + 1))
    repository.stage("later.py", "x = 1\n")
    repository.stage("limit.py", b"#" * MAX_SOURCE_BYTES)

    diff = opened().staged_diff()

    assert [str(each.path) for each in diff.changes] == ["later.py", "limit.py"]
    assert [str(each.path) for each in diff.unreadable] == ["large.py"]


def test_a_staged_link_is_named_and_not_followed(repository: "Repository", opened: Opened) -> None:
    repository.write("outside.txt", "x = 1\n")
    (repository.root / "link.py").symlink_to("outside.txt")
    (repository.root / "link").symlink_to("outside.txt")
    repository.git("add", "link.py", "link")

    diff = opened().staged_diff()

    assert [str(each.path) for each in diff.unreadable] == ["link.py"]
    assert diff.changes == ()


def test_a_file_announced_with_intent_to_add_is_not_staged(
    repository: "Repository", opened: Opened
) -> None:
    repository.commit({"a.py": "a = 1\n"})
    repository.write("b.py", "b = 1\n")
    repository.git("add", "-N", "b.py")

    assert opened().staged_diff().changes == ()


@pytest.mark.parametrize(
    "setting",
    [
        ("color.ui", "always"),
        ("diff.noprefix", "true"),
        ("diff.external", "false"),
        ("diff.renames", "copies"),
        ("diff.orderFile", "missing"),
        ("core.quotePath", "true"),
    ],
    ids=lambda setting: setting[0],
)
def test_no_setting_of_the_user_changes_what_is_read(
    repository: "Repository", opened: Opened, setting: tuple[str, str]
) -> None:
    repository.commit({"m.py": "old = 1\n"})
    repository.git("config", *setting)
    repository.stage("é.py", "new = 1\n")

    assert [str(each.path) for each in opened().staged_diff().changes] == ["é.py"]


def test_whole_files_come_from_the_index(repository: "Repository", opened: Opened) -> None:
    repository.commit({"pkg/a.py": "a = 1\n", "pkg/b.txt": "", "c.py": "c = 1\n"})
    repository.write("pkg/a.py", "unstaged = 1\n")
    repository.write("pkg/untracked.py", "u = 1\n")

    diff = opened().whole_files([PurePosixPath("pkg"), PurePosixPath("pkg/untracked.py")])

    assert [(str(each.path), each.kind, each.text, each.old_text) for each in diff.changes] == [
        ("pkg/a.py", ChangeKind.WHOLE, "a = 1\n", "")
    ]


def test_many_paths_are_answered_like_few(repository: "Repository", opened: Opened) -> None:
    names = [f"pkg/m{number}.py" for number in range(150)]
    for name in names:
        repository.write(name, f"name = {name!r}\n")
    repository.git("add", ".")
    repo = opened()

    many = repo.blobs_of(PurePosixPath(name) for name in names)

    assert len(many) == 150
    assert len(repo.whole_files([PurePosixPath("pkg"), *many]).changes) == 150
    assert repo.blobs_of([]) == {}


def test_from_below_the_top_the_top_is_found(repository: "Repository") -> None:
    below = repository.write("pkg/a.py", "").parent

    repo = StagedRepository.open(below)

    assert repo.top == repository.root
    assert repo.git_dir == repo.common_dir == repository.root / ".git"
    assert repo.index == repository.root / ".git" / "index"


def test_a_linked_worktree_has_its_own_git_dir_and_index(
    repository: "Repository", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit({"pkg/a.py": ""})
    repository.git("worktree", "add", "-q", str(tmp_path / "linked"))
    git_dir = repository.root / ".git" / "worktrees" / "linked"
    # As git sets it for a hook there: without GIT_WORK_TREE.
    monkeypatch.setenv("GIT_DIR", str(git_dir))

    repo = StagedRepository.open(tmp_path / "linked" / "pkg")

    assert (repo.top, repo.git_dir) == (tmp_path / "linked", git_dir)
    assert repo.common_dir == repository.root / ".git"
    assert repo.index == git_dir / "index"


def test_a_git_dir_apart_from_its_working_tree_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home" / "pkg").mkdir(parents=True)
    subprocess.run(("git", "init", "-q", "--bare", str(tmp_path / "dots")), check=True)
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "dots"))
    monkeypatch.setenv("GIT_WORK_TREE", "..")
    monkeypatch.chdir(tmp_path / "home" / "pkg")

    repo = StagedRepository.open(Path.cwd())

    assert (repo.top, repo.git_dir) == (tmp_path / "home", tmp_path / "dots")


def test_a_working_tree_with_a_git_file_is_found(tmp_path: Path) -> None:
    apart = f"--separate-git-dir={tmp_path / 'apart'}"
    subprocess.run(("git", "init", "-q", apart, str(tmp_path / "top")), check=True)

    repo = StagedRepository.open(tmp_path / "top")

    assert (repo.top, repo.git_dir) == (tmp_path / "top", tmp_path / "apart")


def test_a_relative_index_is_below_the_top(
    repository: "Repository", monkeypatch: pytest.MonkeyPatch
) -> None:
    below = repository.write("pkg/a.py", "").parent
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/index.lock")

    assert StagedRepository.open(below).index == repository.root / ".git" / "index.lock"


def test_the_index_of_the_commit_is_the_one_that_is_read(
    repository: "Repository", opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit({"a.py": "a = 1\n"})
    other = str(repository.root / ".git" / "next-index-7.lock")
    repository.write("b.py", "b = 1\n")
    repository.git("add", "b.py", env={"GIT_INDEX_FILE": other})

    assert opened().blobs_of([PurePosixPath("b.py")]) == {}
    monkeypatch.setenv("GIT_INDEX_FILE", other)
    assert list(opened().blobs_of([PurePosixPath("b.py")])) == [PurePosixPath("b.py")]


def test_pathspec_settings_of_the_user_do_not_contradict_ours(
    repository: "Repository", opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.stage("a.py", "a = 1\n")
    monkeypatch.setenv("GIT_GLOB_PATHSPECS", "1")
    monkeypatch.setenv("GIT_ICASE_PATHSPECS", "1")

    assert opened().blobs_of([PurePosixPath("A.py")]) == {}


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_both_object_formats_are_read(tmp_path: Path, object_format: str) -> None:
    git = ("git", "-C", str(tmp_path))
    subprocess.run((*git, "init", "-q", f"--object-format={object_format}"), check=True)
    (tmp_path / "a.py").write_text("a = 1\n")
    subprocess.run((*git, "add", "a.py"), check=True)

    (change,) = StagedRepository.open(tmp_path).staged_diff().changes

    assert change.text == "a = 1\n"


def test_outside_of_a_repository_one_line_says_so(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="is not in a git repository"):
        StagedRepository.open(tmp_path)


def test_a_bare_repository_is_refused(tmp_path: Path) -> None:
    subprocess.run(("git", "init", "-q", "--bare", str(tmp_path)), check=True)

    with pytest.raises(GitError, match="bare repository"):
        StagedRepository.open(tmp_path)


def test_without_git_one_line_says_so(
    repository: "Repository", monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(GitError, match="git was not found on PATH"):
        StagedRepository.open(repository.root)


def test_a_missing_object_makes_its_file_unreadable(
    repository: "Repository", opened: Opened
) -> None:
    repository.stage("a.py", "a = 1\n")
    blob = repository.git("rev-parse", ":a.py")
    (repository.root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    repository.stage("b.py", "b = 1\n")

    diff = opened().staged_diff()

    assert [str(each.path) for each in diff.changes] == ["b.py"]
    assert [each.reason for each in diff.unreadable] == ["is not in this clone's object database"]


def test_a_commit_with_nothing_to_do_imports_nothing_heavy() -> None:
    heavy = {"git", "logging", "asyncio", "typing", "tempfile", "shutil", "json", "gitdb"}
    program = (
        "import sys; before = set(sys.modules); import sloptest_hook.git.repository;"
        "print(*sorted(set(sys.modules) - before))"
    )
    # -S: whatever .pth files of the environment import is not ours.
    root = Path(__file__).parents[2]
    done = subprocess.run(
        (sys.executable, "-S", "-c", program),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(root)},
    )

    assert heavy & set(done.stdout.split()) == set()
    assert "sloptest_hook.git.repository" in done.stdout.split()
