from pathlib import Path

import pytest

from sloptest_hook.git.situation import is_index_of_commit, quiet_reason


@pytest.mark.parametrize(
    ("made", "environ", "word"),
    [
        pytest.param("rebase-merge/", {}, "rebase", id="rebase"),
        pytest.param("rebase-apply/", {}, "rebase", id="rebase by patches"),
        pytest.param("MERGE_HEAD", {}, "merge", id="merge"),
        pytest.param("CHERRY_PICK_HEAD", {}, "cherry-pick", id="cherry-pick"),
        pytest.param("", {"PRE_COMMIT_REMOTE_BRANCH": "refs/heads/x"}, "push", id="a push"),
        pytest.param("", {"PRE_COMMIT_CHECKOUT_TYPE": "1"}, "checkout", id="a checkout"),
        pytest.param("", {"PRE_COMMIT_COMMIT_MSG_SOURCE": "m"}, "message", id="a message"),
        pytest.param("", {"GIT_REFLOG_ACTION": "rebase (reword)"}, "rebase (reword)", id="reword"),
    ],
)
def test_the_hook_keeps_quiet(
    tmp_path: Path, made: str, environ: dict[str, str], word: str
) -> None:
    if made.endswith("/"):
        (tmp_path / made).mkdir()
    elif made:
        (tmp_path / made).touch()

    reason = quiet_reason(tmp_path, tmp_path / "index", environ)

    assert reason is not None
    assert word in reason


def test_a_plain_commit_is_no_reason_to_keep_quiet(tmp_path: Path) -> None:
    assert quiet_reason(tmp_path, tmp_path / "index", {}) is None


def test_a_foreign_index_is_named(tmp_path: Path) -> None:
    foreign = tmp_path / "elsewhere" / "index"

    assert str(foreign) in (quiet_reason(tmp_path, foreign, {}) or "")


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("index", "ours"),
        ("index.lock", "ours"),
        ("next-index-123.lock", "ours"),
        ("next-index-123", "foreign"),
        ("my-index", "foreign"),
        ("sub/index", "foreign"),
    ],
)
def test_git_makes_indexes_of_three_names(tmp_path: Path, name: str, answer: str) -> None:
    assert is_index_of_commit(tmp_path, tmp_path / name) is (answer == "ours")
