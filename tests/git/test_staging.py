import dataclasses
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import pytest

from sloptest_hook.errors import StagingError
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.git.staging import WorktreeStager
from sloptest_hook.values.candidate import MergedFile

if TYPE_CHECKING:
    from tests.conftest import Repository

Opened = Callable[[], StagedRepository]
Merged = Callable[..., MergedFile]

NEW = b"def test_new(): ...\n"


def world(root: Path) -> dict[str, tuple[int, bytes]]:
    """Return mode and bytes of everything in the working tree; directories have no bytes."""
    return {
        str(path.relative_to(root)): (
            path.lstat().st_mode,
            b"" if path.is_dir() else path.read_bytes(),
        )
        for path in sorted(root.rglob("*"))
        if ".git" not in path.relative_to(root).parts
    }


def test_a_new_file_is_written_and_staged(
    repository: "Repository", opened: Opened, merged: Merged
) -> None:
    repository.commit({"a.py": ""})

    WorktreeStager(opened()).stage([merged("tests/unit/test_new.py", NEW)], into_index=True)

    assert repository.git("diff-files") == ""  # before git status refreshes the index
    assert repository.git("status", "--porcelain") == "A  tests/unit/test_new.py"
    assert (repository.root / "tests/unit/test_new.py").read_bytes() == NEW


def test_before_the_first_commit_a_file_can_be_staged(
    repository: "Repository", opened: Opened, merged: Merged
) -> None:
    WorktreeStager(opened()).stage([merged("tests/test_new.py", NEW)], into_index=True)

    assert repository.git("status", "--porcelain") == "A  tests/test_new.py"


def test_a_clean_file_is_edited_and_keeps_its_mode(
    repository: "Repository", opened: Opened, merged: Merged
) -> None:
    repository.write("tests/test_a.py", "old\n").chmod(0o755)
    repository.git("add", ".")
    repository.git("commit", "-q", "-m", "x")
    repository.write("other.py", "untracked\n")

    WorktreeStager(opened()).stage(
        [merged("tests/test_a.py", b"old\nnew\n", b"old\n")], into_index=True
    )

    assert repository.git("status", "--porcelain") == "M  tests/test_a.py\n?? other.py"
    assert (repository.root / "tests/test_a.py").stat().st_mode & 0o777 == 0o755
    assert repository.git("ls-files", "-s", "tests").startswith("100755 ")


@pytest.mark.parametrize(
    ("setting", "attributes"),
    [
        pytest.param(("core.autocrlf", "true"), "", id="autocrlf"),
        pytest.param(("core.eol", "crlf"), "*.py text\n", id="attribute text"),
        pytest.param(("core.eol", "lf"), "*.py eol=crlf\n", id="attribute eol"),
    ],
)
def test_line_ends_are_those_of_a_checkout(
    repository: "Repository",
    opened: Opened,
    merged: Merged,
    setting: tuple[str, str],
    attributes: str,
) -> None:
    repository.git("config", *setting)
    repository.commit({".gitattributes": attributes, "tests/test_a.py": "old\r\n"})
    files = [
        merged("tests/test_a.py", b"old\nnew\n", b"old\n"),
        merged("tests/test_b.py", b"b\n"),
    ]

    WorktreeStager(opened()).stage(files, into_index=True)

    assert (repository.root / "tests/test_a.py").read_bytes() == b"old\r\nnew\r\n"
    assert (repository.root / "tests/test_b.py").read_bytes() == b"b\r\n"
    assert repository.staged_text("tests/test_a.py") == "old\nnew\n"
    assert repository.git("diff") == ""


def test_a_file_committed_with_crlf_keeps_it(
    repository: "Repository", opened: Opened, merged: Merged
) -> None:
    repository.commit({"tests/test_a.py": "old\r\n"})

    WorktreeStager(opened()).stage(
        [merged("tests/test_a.py", b"old\r\nnew\r\n", b"old\r\n")], into_index=True
    )

    assert (repository.root / "tests/test_a.py").read_bytes() == b"old\r\nnew\r\n"
    assert repository.git("status", "--porcelain") == "M  tests/test_a.py"


@pytest.mark.parametrize(
    ("setting", "on_disk"),
    [
        pytest.param("true", b"a\n", id="LF on disk from before the setting"),
        pytest.param("input", b"a\r\n", id="CRLF on disk alone"),
    ],
)
def test_the_line_ends_on_disk_stay_where_git_would_write_others(
    repository: "Repository", opened: Opened, merged: Merged, setting: str, on_disk: bytes
) -> None:
    repository.commit({"tests/test_a.py": "a\n"})
    repository.git("config", "core.autocrlf", setting)
    repository.stage("tests/test_a.py", on_disk)
    assert repository.git("status", "--porcelain") == ""

    WorktreeStager(opened()).stage(
        [merged("tests/test_a.py", b"a\nmore\n", b"a\n")], into_index=True
    )

    end = on_disk[1:]
    assert (repository.root / "tests/test_a.py").read_bytes() == b"a" + end + b"more" + end
    assert repository.staged_text("tests/test_a.py") == "a\nmore\n"
    assert repository.git("status", "--porcelain") == "M  tests/test_a.py"


def test_mixed_line_ends_on_disk_are_not_touched(repository: "Repository", opened: Opened) -> None:
    repository.commit({"tests/test_a.py": "a\nb\n"})
    repository.git("config", "core.autocrlf", "input")
    repository.write("tests/test_a.py", b"a\r\nb\n")

    refusal = WorktreeStager(opened()).refusal(PurePosixPath("tests/test_a.py"))
    assert refusal == "has a form on disk that a checkout would not give it"


def test_a_new_file_is_written_whatever_safecrlf_says(
    repository: "Repository", opened: Opened, merged: Merged
) -> None:
    repository.git("config", "core.safecrlf", "true")
    repository.commit({".gitattributes": "*.py eol=crlf\n"})

    WorktreeStager(opened()).stage([merged("tests/test_a.py", b"a\n")], into_index=True)
    assert (repository.root / "tests/test_a.py").read_bytes() == b"a\r\n"


def test_filters_of_the_user_are_applied(
    repository: "Repository", opened: Opened, merged: Merged
) -> None:
    repository.git("config", "filter.case.clean", "tr A-Z a-z")
    repository.git("config", "filter.case.smudge", "tr a-z A-Z")
    repository.stage(".gitattributes", "*.py filter=case\n")

    WorktreeStager(opened()).stage([merged("test_a.py", b"abc\n")], into_index=True)

    assert (repository.root / "test_a.py").read_bytes() == b"ABC\n"
    assert repository.staged_text("test_a.py") == "abc\n"


@pytest.mark.parametrize(
    "name", ["-x.py", "*.py", ":(top)x.py", "a\nb.py", 'q"x.py', os.fsdecode(b"\xe9.py")]
)
def test_any_name_can_be_staged(
    repository: "Repository", opened: Opened, merged: Merged, name: str
) -> None:
    repository.commit({"x.py": "", "z.py": ""})
    repository.write("z.py", "unstaged\n")

    WorktreeStager(opened()).stage([merged(name, NEW)], into_index=True)

    assert repository.git("diff", "--cached", "--name-only", "-z") == f"{name}\0"
    assert repository.git("diff", "--name-only") == "z.py"


def test_without_the_index_only_the_working_tree_is_written(
    repository: "Repository", opened: Opened, merged: Merged
) -> None:
    repository.commit({"tests/test_a.py": "old\n"})

    WorktreeStager(opened()).stage(
        [merged("tests/test_a.py", b"new\n", b"old\n"), merged("tests/test_b.py", NEW)],
        into_index=False,
    )

    assert repository.git("status", "--porcelain") == " M tests/test_a.py\n?? tests/test_b.py"


def test_nothing_to_stage_changes_nothing(repository: "Repository", opened: Opened) -> None:
    WorktreeStager(opened()).stage([], into_index=True)

    assert world(repository.root) == {}
    assert not (repository.root / ".git" / "sloptest").exists()


def test_nothing_of_ours_stays_but_the_registers(
    repository: "Repository", opened: Opened, merged: Merged
) -> None:
    WorktreeStager(opened()).stage([merged("tests/test_new.py", NEW)], into_index=True)

    kept = {each.name for each in (repository.root / ".git/sloptest").iterdir()}
    assert kept == {"last_run.json", "written.json"}
    assert not list((repository.root / ".git").glob("*.lock"))


def test_an_untracked_leftover_of_ours_is_replaced(
    repository: "Repository", opened: Opened, merged: Merged
) -> None:
    repository.commit({"a.py": ""})
    stager = WorktreeStager(opened())
    stager.stage([merged("tests/test_new.py", NEW)], into_index=True)
    repository.git("reset", "-q")

    assert WorktreeStager(opened()).refusal(PurePosixPath("tests/test_new.py")) is None
    WorktreeStager(opened()).stage([merged("tests/test_new.py", NEW + NEW)], into_index=True)

    assert repository.git("status", "--porcelain") == "A  tests/test_new.py"
    assert (repository.root / "tests/test_new.py").read_bytes() == NEW + NEW


def test_a_leftover_of_ours_that_the_user_has_edited_is_the_users(
    repository: "Repository", opened: Opened, merged: Merged
) -> None:
    repository.commit({"a.py": ""})
    WorktreeStager(opened()).stage([merged("tests/test_new.py", NEW)], into_index=True)
    repository.git("reset", "-q")
    repository.write("tests/test_new.py", NEW + b"# mine\n")

    refusal = WorktreeStager(opened()).refusal(PurePosixPath("tests/test_new.py"))

    assert refusal == "exists and is not tracked"


def test_a_leftover_of_ours_in_a_tracked_file_is_replaced(
    repository: "Repository", opened: Opened, merged: Merged
) -> None:
    repository.commit({"tests/test_a.py": "a\n"})
    WorktreeStager(opened()).stage(
        [merged("tests/test_a.py", b"a\none\n", b"a\n")], into_index=True
    )
    repository.git("reset", "-q")  # what an aborted `git commit -- PATH` leaves behind
    assert repository.git("status", "--porcelain") == " M tests/test_a.py"

    assert WorktreeStager(opened()).refusal(PurePosixPath("tests/test_a.py")) is None
    WorktreeStager(opened()).stage(
        [merged("tests/test_a.py", b"a\ntwo\n", b"a\n")], into_index=True
    )

    assert repository.git("status", "--porcelain") == "M  tests/test_a.py"
    assert (repository.root / "tests/test_a.py").read_bytes() == b"a\ntwo\n"


@pytest.mark.parametrize("tracked", [True, False], ids=["tracked", "new"])
def test_what_the_user_had_staged_before_ours_was_added_is_not_lost(
    repository: "Repository", opened: Opened, merged: Merged, *, tracked: bool
) -> None:
    repository.commit({"tests/test_a.py" if tracked else "a.py": "old\n"})
    repository.stage("tests/test_a.py", "old\nmine\n")
    edit = merged("tests/test_a.py", b"old\nmine\nours\n", b"old\nmine\n")
    WorktreeStager(opened()).stage([edit], into_index=True)
    repository.git("reset", "-q")

    refusal = WorktreeStager(opened()).refusal(PurePosixPath("tests/test_a.py"))

    assert refusal == ("has unstaged changes" if tracked else "exists and is not tracked")


def test_tests_that_are_never_staged_are_not_replaced_in_a_tracked_file(
    repository: "Repository", opened: Opened, merged: Merged
) -> None:
    repository.commit({"tests/test_a.py": "a\n"})
    edit = merged("tests/test_a.py", b"a\nmore\n", b"a\n")
    WorktreeStager(opened()).stage([edit], into_index=False)

    refusal = WorktreeStager(opened()).refusal(PurePosixPath("tests/test_a.py"))

    assert refusal == "has unstaged changes"


def test_when_a_tracked_leftover_cannot_be_staged_it_is_put_back(
    repository: "Repository", opened: Opened, merged: Merged
) -> None:
    repository.commit({"tests/test_a.py": "a\n"})
    edit = merged("tests/test_a.py", b"a\none\n", b"a\n")
    WorktreeStager(opened()).stage([edit], into_index=True)
    repository.git("reset", "-q")
    repository.write(".git/index.lock", "")

    with pytest.raises(StagingError, match="everything is as it was before"):
        WorktreeStager(opened()).stage(
            [merged("tests/test_a.py", b"a\ntwo\n", b"a\n")], into_index=True
        )
    assert (repository.root / "tests/test_a.py").read_bytes() == b"a\none\n"


def test_what_the_user_saves_while_a_file_is_prepared_is_not_lost(
    repository: "Repository", opened: Opened, merged: Merged
) -> None:
    repository.commit({"tests/test_a.py": "a\n"})
    # git calls it for the file on disk, then for what is about to be stored: the user saves then.
    clean = "cat; [ ! -e .git/once ] || echo mine >> tests/test_a.py; touch .git/once"
    repository.git("config", "filter.slow.clean", clean)
    repository.write(".git/info/attributes", "test_a.py filter=slow\n")

    with pytest.raises(StagingError, match="was changed by somebody else"):
        WorktreeStager(opened()).stage(
            [merged("tests/test_a.py", b"a\nmore\n", b"a\n")], into_index=True
        )
    assert (repository.root / "tests/test_a.py").read_bytes().startswith(b"a\nmine\n")


def _hold_lock(repository: "Repository") -> None:
    repository.write(".git/index.lock", "")


def _edit_other(repository: "Repository") -> None:
    repository.write("tests/test_b.py", "unstaged\n")


def _stage_other(repository: "Repository") -> None:
    repository.stage("tests/test_b.py", "staged\n")


def _write_draft(repository: "Repository") -> None:
    repository.write("tests/new/test_new.py", "a draft\n")


def _make_filter_fail(repository: "Repository") -> None:
    repository.git("config", "filter.bad.clean", "false")
    repository.git("config", "filter.bad.required", "true")
    repository.write(".git/info/attributes", "test_b.py filter=bad\n")


def _make_filter_lossy(repository: "Repository") -> None:
    repository.git("config", "filter.bad.smudge", "cat; date +%s%N")
    repository.write(".git/info/attributes", "test_b.py filter=bad\n")


def _block_register(repository: "Repository") -> None:
    repository.write(".git/sloptest", "a file in place of the directory")


@pytest.mark.parametrize(
    ("disturb", "said"),
    [
        (_hold_lock, "is locked or changed by another program"),
        (_edit_other, "tests/test_b.py has unstaged changes"),
        (_stage_other, "tests/test_b.py was staged by somebody else"),
        (_write_draft, "tests/new/test_new.py exists and is not tracked"),
        (_make_filter_fail, "external filter 'false' failed"),
        (_make_filter_lossy, "has a form on disk that a checkout would not give"),
        (_block_register, "sloptest"),
    ],
    ids=lambda each: each.__name__.strip("_") if callable(each) else None,
)
def test_one_file_that_cannot_be_staged_takes_all_back(
    repository: "Repository",
    opened: Opened,
    merged: Merged,
    disturb: Callable[["Repository"], None],
    said: str,
) -> None:
    repository.commit({"tests/test_a.py": "a\n", "tests/test_b.py": "b\n"})
    disturb(repository)
    before = (world(repository.root), repository.git("ls-files", "-s"))
    files = [
        merged("tests/test_a.py", b"a\nmore\n", b"a\n"),
        merged("tests/new/test_new.py", NEW),
        merged("tests/test_b.py", b"b\nmore\n", b"b\n"),
    ]

    with pytest.raises(StagingError, match=said) as caught:
        WorktreeStager(opened()).stage(files, into_index=True)

    assert "everything is as it was before" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert (world(repository.root), repository.git("ls-files", "-s")) == before


def test_a_lock_that_is_soon_released_is_waited_for(
    repository: "Repository", opened: Opened, merged: Merged, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit({"a.py": ""})
    lock = repository.write(".git/index.lock", "")
    trace = repository.write(".git/trace", "")
    monkeypatch.setenv("GIT_TRACE", str(trace))
    # It goes away once the second attempt has begun, so that the first must have failed.
    watcher = f"until [ $(grep -c index-info {trace}) -ge 2 ]; do :; done; rm {lock}"
    with subprocess.Popen(("sh", "-c", watcher)) as process:
        try:
            WorktreeStager(opened()).stage([merged("tests/test_new.py", NEW)], into_index=True)
        finally:
            process.kill()

    assert repository.git("status", "--porcelain") == "A  tests/test_new.py"


def test_a_commit_that_was_abandoned_gets_nothing(
    repository: "Repository", opened: Opened, merged: Merged
) -> None:
    orphan = dataclasses.replace(opened(), parent=os.getpid())

    with pytest.raises(StagingError, match="the commit was abandoned"):
        WorktreeStager(orphan).stage([merged("tests/test_new.py", NEW)], into_index=True)
    assert world(repository.root) == {}


@pytest.mark.parametrize("index", ["index.lock", "next-index-1.lock"])
def test_a_lock_of_git_that_is_gone_is_not_made_again(
    repository: "Repository",
    opened: Opened,
    merged: Merged,
    monkeypatch: pytest.MonkeyPatch,
    index: str,
) -> None:
    monkeypatch.setenv("GIT_INDEX_FILE", str(repository.root / ".git" / index))

    with pytest.raises(StagingError, match="the commit was abandoned"):
        WorktreeStager(opened()).stage([merged("tests/test_new.py", NEW)], into_index=True)
    assert not list((repository.root / ".git").glob("*.lock"))


def test_a_foreign_index_gets_nothing(
    repository: "Repository", opened: Opened, merged: Merged, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_INDEX_FILE", str(repository.root / "my-index"))

    with pytest.raises(StagingError, match="is no index of this repository"):
        WorktreeStager(opened()).stage([merged("tests/test_new.py", NEW)], into_index=True)
    assert world(repository.root) == {}


def test_what_the_user_stages_after_the_first_look_is_seen(
    repository: "Repository", opened: Opened, merged: Merged
) -> None:
    repository.commit({"tests/test_a.py": "a\n"})
    stager = WorktreeStager(opened())
    assert stager.refusal(PurePosixPath("tests/test_a.py")) is None
    repository.stage("tests/test_a.py", "staged\n")

    with pytest.raises(StagingError, match="was staged by somebody else"):
        stager.stage([merged("tests/test_a.py", b"a\nmore\n", b"a\n")], into_index=True)
    assert (repository.root / "tests/test_a.py").read_text() == "staged\n"


def test_a_file_that_git_does_not_keep_in_the_index_is_taken_back(
    repository: "Repository", opened: Opened, merged: Merged, while_staging: Callable[[str], None]
) -> None:
    repository.commit({"a.py": ""})
    draft = "GIT_INDEX_FILE=$(ls .git/sloptest/draft-*.index)"
    while_staging(f"{draft} /usr/bin/env -u PATH git rm -q --cached tests/test_new.py")

    with pytest.raises(StagingError, match=r"git did not take tests/test_new\.py"):
        WorktreeStager(opened()).stage([merged("tests/test_new.py", NEW)], into_index=True)
    assert repository.git("status", "--porcelain") == ""


def test_when_git_dies_while_we_write_its_lock_is_not_made_again(
    repository: "Repository",
    opened: Opened,
    merged: Merged,
    monkeypatch: pytest.MonkeyPatch,
    while_staging: Callable[[str], None],
) -> None:
    repository.commit({"a.py": ""})
    git_dir = repository.root / ".git"
    (git_dir / "index.lock").write_bytes((git_dir / "index").read_bytes())
    while_staging(f"rm -f {git_dir}/index.lock")
    monkeypatch.setenv("GIT_INDEX_FILE", str(git_dir / "index.lock"))

    with pytest.raises(StagingError, match="everything is as it was before"):
        WorktreeStager(opened()).stage([merged("tests/test_new.py", NEW)], into_index=True)
    assert not (git_dir / "index.lock").exists()
    assert sorted(world(repository.root)) == ["a.py"]


def test_what_somebody_else_stages_while_we_do_stays_staged(
    repository: "Repository", opened: Opened, merged: Merged, while_staging: Callable[[str], None]
) -> None:
    repository.commit({"a.py": ""})
    repository.write("b.py", "mine\n")
    while_staging("[ -e .git/once ] || { touch .git/once; git add b.py; }")

    WorktreeStager(opened()).stage([merged("tests/test_new.py", NEW)], into_index=True)

    assert repository.git("status", "--porcelain") == "A  b.py\nA  tests/test_new.py"


_INTERRUPTED = """\
import os, signal, sys
from pathlib import Path, PurePosixPath

# As in a shell: whoever started the suite may have them ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)

from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.git.staging import WorktreeStager
from sloptest_hook.values.candidate import MergedFile

os.environ["STAGER"] = str(os.getpid())
repo = StagedRepository.open(Path.cwd())
files = [
    MergedFile(PurePosixPath("tests/test_a.py"), b"a\\n", b"a\\nmore\\n", ()),
    MergedFile(PurePosixPath("tests/new/test_new.py"), None, b"new\\n", ()),
]
WorktreeStager(repo).stage(files, into_index=True)
print("staged")
"""


@pytest.mark.parametrize(
    ("number", "status"),
    [(signal.SIGINT, -signal.SIGINT), (signal.SIGTERM, -signal.SIGTERM), (signal.SIGHUP, -1)],
)
def test_an_interrupt_takes_everything_back(
    repository: "Repository",
    number: signal.Signals,
    status: int,
    while_staging: Callable[[str], None],
) -> None:
    repository.commit({"tests/test_a.py": "a\n"})
    before = (world(repository.root), repository.git("ls-files", "-s"))
    while_staging(f"cat tests/new/test_new.py > .git/seen; kill -{number:d} $STAGER")

    done = subprocess.run(
        (sys.executable, "-c", _INTERRUPTED),
        cwd=repository.root,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (repository.root / ".git" / "seen").read_text() == "new\n"
    assert (done.returncode, done.stdout) == (status, "")
    assert (world(repository.root), repository.git("ls-files", "-s")) == before


def test_a_file_that_the_user_saves_meanwhile_is_left_to_him(
    repository: "Repository", opened: Opened, merged: Merged, while_staging: Callable[[str], None]
) -> None:
    repository.commit({"tests/test_a.py": "a\n"})
    # It stands for an editor that saves between our write and the end of the commit.
    while_staging("echo mine > tests/test_a.py")
    files = [merged("tests/test_a.py", b"a\nmore\n", b"a\n"), merged("tests/test_b.py", NEW)]

    WorktreeStager(opened()).stage(files, into_index=True)

    assert (repository.root / "tests/test_a.py").read_text() == "mine\n"
    assert repository.staged_text("tests/test_a.py") == "a\nmore\n"
