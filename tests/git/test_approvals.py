import json
from pathlib import Path

import pytest

from sloptest_hook.git.approvals import Approvals

FIRST, SECOND = "a" * 64, "b" * 64


def test_what_was_approved_is_remembered_until_it_is_taken_back(tmp_path: Path) -> None:
    Approvals(tmp_path).add([FIRST])
    Approvals(tmp_path).add([SECOND])
    assert Approvals(tmp_path).holds(FIRST)
    assert Approvals(tmp_path).holds(SECOND)

    Approvals(tmp_path).clear()
    assert not Approvals(tmp_path).holds(FIRST)


def test_every_approval_changes_the_text(tmp_path: Path) -> None:
    before = Approvals(tmp_path).text
    Approvals(tmp_path).add([FIRST])
    assert Approvals(tmp_path).text != before


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"[" * 100_000,
        b"[]",
        json.dumps({"schema": 2, "approved": [FIRST]}).encode(),
        json.dumps({"schema": 1, "approved": FIRST}).encode(),
        json.dumps({"schema": 1, "approved": [{"x": FIRST}, 3, FIRST.upper()]}).encode(),
    ],
    ids=["empty", "no text", "deep", "a list", "newer", "no list", "no digests"],
)
def test_a_broken_file_approves_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "sloptest").mkdir()
    (tmp_path / "sloptest" / "trusted.json").write_bytes(content)
    assert not Approvals(tmp_path).holds(FIRST)
