import os
from pathlib import Path, PurePosixPath

import pytest

from sloptest_hook.git.written import WrittenFiles

PATH = PurePosixPath("tests/test_a.py")


def test_only_the_very_content_at_the_very_path_is_ours(tmp_path: Path) -> None:
    written = WrittenFiles(tmp_path / "room" / "written.json")
    written.remember({PATH: b"ours"})

    assert written.is_ours(PATH, b"ours")
    assert not written.is_ours(PATH, b"ours, edited")
    assert not written.is_ours(PurePosixPath("tests/test_b.py"), b"ours")


def test_what_was_remembered_before_stays(tmp_path: Path) -> None:
    file = tmp_path / "written.json"
    odd = PurePosixPath(os.fsdecode(b"\xe9\n.py"))
    WrittenFiles(file).remember({odd: b"one"})
    WrittenFiles(file).remember({PATH: b"two"})

    assert WrittenFiles(file).is_ours(odd, b"one")
    assert [each.name for each in tmp_path.iterdir()] == ["written.json"]


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff", b"[]", b'{"schema": 2, "files": {}}', b'{"schema": 1, "files": 3}'],
)
def test_a_broken_register_is_an_empty_one(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "written.json"
    file.write_bytes(content)
    written = WrittenFiles(file)

    assert not written.is_ours(PATH, b"ours")
    written.remember({PATH: b"ours"})
    assert written.is_ours(PATH, b"ours")


def test_the_register_does_not_grow_for_ever(tmp_path: Path) -> None:
    written = WrittenFiles(tmp_path / "written.json")
    written.remember({PurePosixPath(str(number)): b"" for number in range(2500)})

    assert written.is_ours(PurePosixPath("2499"), b"")
    assert not written.is_ours(PurePosixPath("0"), b"")
