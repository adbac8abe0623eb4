import os
from pathlib import Path, PurePosixPath

import pytest

from sloptest_hook.git.written import WrittenFile, WrittenFiles

PATH = PurePosixPath("tests/test_a.py")


def new(path: PurePosixPath, content: bytes, blob: str = "blob") -> WrittenFile:
    return WrittenFile(path, content, blob, None)


def test_only_the_very_content_at_the_very_path_is_ours(tmp_path: Path) -> None:
    written = WrittenFiles(tmp_path / "room" / "written.json")
    written.remember([new(PATH, b"ours")])

    assert written.is_ours(PATH, b"ours", None)
    assert not written.is_ours(PATH, b"ours, edited", None)
    assert not written.is_ours(PurePosixPath("tests/test_b.py"), b"ours", None)


def test_what_was_made_from_another_blob_may_hold_the_users_work(tmp_path: Path) -> None:
    written = WrittenFiles(tmp_path / "written.json")
    written.remember([WrittenFile(PATH, b"theirs and ours", "blob1", "blob0")])

    assert written.is_ours(PATH, b"theirs and ours", "blob0")
    assert not written.is_ours(PATH, b"theirs and ours", "another")
    assert not written.is_ours(PATH, b"theirs and ours", None)


def test_what_was_made_from_ours_was_made_from_all_that_ours_was_made_from(tmp_path: Path) -> None:
    written = WrittenFiles(tmp_path / "written.json")
    written.remember([new(PATH, b"one", "blob1")])
    written.remember([WrittenFile(PATH, b"one, two", "blob2", "blob1")])

    assert written.is_ours(PATH, b"one, two", "blob1")
    assert written.is_ours(PATH, b"one, two", None)


def test_a_run_that_is_killed_before_it_writes_does_not_disown_what_lies_there(
    tmp_path: Path,
) -> None:
    written = WrittenFiles(tmp_path / "written.json")
    written.remember([WrittenFile(PATH, b"written", "blob1", "blob0")])
    written.remember([WrittenFile(PATH, b"never written", "blob2", "blob0")])

    assert written.is_ours(PATH, b"written", "blob0")


def test_what_was_remembered_before_stays(tmp_path: Path) -> None:
    file = tmp_path / "written.json"
    odd = PurePosixPath(os.fsdecode(b"\xe9\n.py"))
    WrittenFiles(file).remember([new(odd, b"one")])
    WrittenFiles(file).remember([new(PATH, b"two")])

    assert WrittenFiles(file).is_ours(odd, b"one", None)
    assert [each.name for each in tmp_path.iterdir()] == ["written.json"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff",
        b"[]",
        b'{"schema": 1, "files": {"tests/test_a.py": "0"}}',
        b'{"schema": 3, "files": 3}',
        b'{"schema": 3, "files": {"tests/test_a.py": 3}}',
        b'{"schema": 3, "files": {"tests/test_a.py": [{"content": 3}, 4]}}',
    ],
)
def test_a_broken_register_is_an_empty_one(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "written.json"
    file.write_bytes(content)
    written = WrittenFiles(file)

    assert not written.is_ours(PATH, b"ours", None)
    written.remember([new(PATH, b"ours")])
    assert written.is_ours(PATH, b"ours", None)


def test_the_register_does_not_grow_for_ever(tmp_path: Path) -> None:
    written = WrittenFiles(tmp_path / "written.json")
    written.remember([new(PurePosixPath(str(number)), b"") for number in range(2500)])
    for number in range(50):
        last = WrittenFile(PATH, b"%d" % number, f"blob{number + 1}", f"blob{number}")
        written.remember([last])

    assert written.is_ours(PurePosixPath("2499"), b"", None)
    assert not written.is_ours(PurePosixPath("0"), b"", None)
    assert written.is_ours(PATH, b"49", "blob49")
    assert not written.is_ours(PATH, b"0", "blob0")
    assert (tmp_path / "written.json").stat().st_size < 500_000


def test_drafts_are_removed_only_where_every_byte_is_known(tmp_path: Path) -> None:
    written = WrittenFiles(tmp_path / "written.json")
    written.remember([WrittenFile(PATH, b"ours", "blob1", "blob0", before=b"looked at")])
    for number, content in enumerate((b"ours", b"looked at", b"saved by the user meanwhile")):
        (tmp_path / f"draft-{number}").write_bytes(content)

    written.sweep(tmp_path)

    assert sorted(each.name for each in tmp_path.iterdir()) == ["draft-2", "written.json"]
