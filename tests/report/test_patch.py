"""Patches as git reads them."""

from pathlib import PurePosixPath

import pytest

from sloptest_hook.report.patch import patch_of
from sloptest_hook.values.candidate import MergedFile
from tests.conftest import Repository

TEN = b"".join(b"line %d\n" % number for number in range(10))

CHANGES = [
    pytest.param(None, b"new\n", id="a new file"),
    pytest.param(None, b"", id="a new file without a line"),
    pytest.param(None, b"new", id="a new file without a final newline"),
    pytest.param(b"", b"new\n", id="an empty file"),
    pytest.param(TEN, TEN + b"end\n", id="at the end"),
    pytest.param(TEN, b"head\n" + TEN, id="at the head"),
    pytest.param(TEN, b"head\n" + TEN + b"end\n", id="two places apart"),
    pytest.param(TEN, TEN.replace(b"4\n", b"4\na\n").replace(b"7\n", b"7\nb\n"), id="two near"),
    pytest.param(b"old", b"old\nnew\n", id="the last line had no end"),
    pytest.param(b"a\r\nb\r\n", b"a\r\nnew\r\nb\r\n", id="Windows line ends"),
    pytest.param(b"a\rb\rc\r", b"a\rnew\rb\rc\r", id="old Macintosh line ends"),
    pytest.param(b"\xff\n", b"\xff\n\xfe\n", id="bytes of no encoding"),
]


def place(repository: Repository, path: str, before: bytes | None) -> None:
    if before is not None:
        repository.write(path, before)


@pytest.mark.parametrize(("before", "after"), CHANGES)
def test_git_applies_what_a_merge_changes(
    before: bytes | None, after: bytes, repository: Repository
) -> None:
    place(repository, "test_a.py", before)
    patch = patch_of([MergedFile(PurePosixPath("test_a.py"), before, after, ())])
    repository.write("../change.patch", patch)
    repository.git("apply", "../change.patch")
    assert (repository.root / "test_a.py").read_bytes() == after


@pytest.mark.parametrize("name", ["a b.py", 'a"b.py', "a\\b.py", "a\tb.py", "größe.py"])
def test_git_finds_a_file_whatever_its_name(name: str, repository: Repository) -> None:
    place(repository, name, b"a\n")
    patch = patch_of([MergedFile(PurePosixPath(name), b"a\n", b"a\nb\n", ())])
    repository.write("../change.patch", patch)
    repository.git("apply", "../change.patch")
    assert (repository.root / name).read_bytes() == b"a\nb\n"
    empty = patch_of([MergedFile(PurePosixPath("new", name), None, b"", ())])
    repository.write("../change.patch", empty)
    repository.git("apply", "../change.patch")
    assert (repository.root / "new" / name).read_bytes() == b""


def test_what_does_not_change_is_not_shown() -> None:
    assert patch_of([MergedFile(PurePosixPath("a.py"), b"a\n", b"a\n", ())]) == b""


def test_lines_of_the_user_are_never_taken_out() -> None:
    after = b"\n\n".join([b"def a(): pass\n", b"def new(): pass\n", b"def b(): pass\n"])
    patch = patch_of(
        [MergedFile(PurePosixPath("a.py"), b"\n\n".join(after.split(b"\n\n")[::2]), after, ())]
    )
    assert not [line for line in patch.splitlines()[2:] if line.startswith(b"-")]
