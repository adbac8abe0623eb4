import os
from pathlib import Path

import pytest

from sloptest_hook.git.placeholder_key import placeholder_key


def test_a_repository_has_one_key_and_another_repository_another(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()

    assert placeholder_key(first) == placeholder_key(first)
    assert placeholder_key(first) != placeholder_key(second)
    assert len(placeholder_key(first)) == 32


def test_only_its_owner_can_read_the_key_and_nothing_else_is_left(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        placeholder_key(tmp_path)
    finally:
        os.umask(before)

    (file,) = (tmp_path / "sloptest").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", [b"", b"short"])
def test_a_broken_key_is_made_anew(tmp_path: Path, content: bytes) -> None:
    placeholder_key(tmp_path)
    (tmp_path / "sloptest" / "placeholder.key").write_bytes(content)

    key = placeholder_key(tmp_path)
    assert (len(key), placeholder_key(tmp_path)) == (32, key)


def test_where_none_can_be_kept_there_is_one_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "sloptest").write_bytes(b"a file where the directory should be")
    assert len(placeholder_key(tmp_path)) == 32


def test_no_key_is_read_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "sloptest").mkdir()
    (tmp_path / "theirs").write_bytes(b"t" * 32)
    (tmp_path / "sloptest" / "placeholder.key").symlink_to(tmp_path / "theirs")
    assert placeholder_key(tmp_path) != b"t" * 32
