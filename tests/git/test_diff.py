from pathlib import PurePosixPath

import pytest

from sloptest_hook.git.diff import (
    DiffEntry,
    blobs_to_read,
    parse_raw_diff,
    staged_changes,
    whole_files,
)
from sloptest_hook.git.listing import IndexEntry
from sloptest_hook.values.source import ChangeKind, StagedChange, Unreadable

OLD, NEW, NONE = "a" * 40, "b" * 40, "0" * 40
BLOBS = {OLD: b"old = 1\n", NEW: b"new = 1\n"}


def entry(old_mode: str, new_mode: str, status: str, path: str = "m.py") -> DiffEntry:
    old = NONE if old_mode == "000000" else OLD
    new = NONE if new_mode == "000000" else NEW
    return DiffEntry(old_mode, new_mode, old, new, status, PurePosixPath(path))


def test_every_field_of_a_raw_diff_is_read() -> None:
    raw = f":100644 100755 {OLD} {NEW} M\0a b\nc.py\0:000000 100644 {NONE} {NEW} A\0-x\0"

    assert parse_raw_diff(raw) == (
        DiffEntry("100644", "100755", OLD, NEW, "M", PurePosixPath("a b\nc.py")),
        DiffEntry("000000", "100644", NONE, NEW, "A", PurePosixPath("-x")),
    )


def test_an_empty_diff_has_no_entries() -> None:
    assert parse_raw_diff("") == ()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(
            entry("000000", "100644", "A"),
            StagedChange(PurePosixPath("m.py"), ChangeKind.ADDED, NEW, "new = 1\n"),
            id="added",
        ),
        pytest.param(
            entry("100644", "100644", "M"),
            StagedChange(PurePosixPath("m.py"), ChangeKind.MODIFIED, NEW, "new = 1\n", "old = 1\n"),
            id="modified",
        ),
        pytest.param(
            entry("100755", "000000", "D"),
            StagedChange(PurePosixPath("m.py"), ChangeKind.DELETED, NONE, "", "old = 1\n"),
            id="deleted",
        ),
        pytest.param(
            entry("120000", "100644", "T"),
            StagedChange(PurePosixPath("m.py"), ChangeKind.ADDED, NEW, "new = 1\n"),
            id="a link became a file",
        ),
        pytest.param(
            entry("100644", "120000", "T"),
            Unreadable(PurePosixPath("m.py"), "is a symbolic link"),
            id="a file became a link",
        ),
        pytest.param(
            entry("000000", "160000", "A"),
            Unreadable(PurePosixPath("m.py"), "is a submodule"),
            id="submodule",
        ),
        pytest.param(
            entry("000000", "000000", "U"),
            Unreadable(PurePosixPath("m.py"), "has unresolved merge conflicts"),
            id="unmerged",
        ),
    ],
)
def test_an_entry_becomes_one_change(given: DiffEntry, expected: StagedChange | Unreadable) -> None:
    diff = staged_changes([given], BLOBS)

    assert [*diff.changes, *diff.unreadable] == [expected]


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(entry("100644", "100644", "M", "m.pyi"), id="stub"),
        pytest.param(entry("100644", "100644", "M", "README"), id="no Python"),
        pytest.param(entry("000000", "120000", "A", "link"), id="link to anything"),
        pytest.param(entry("120000", "000000", "D"), id="a link is deleted"),
        pytest.param(
            DiffEntry("100644", "100755", NEW, NEW, "M", PurePosixPath("m.py")), id="mode alone"
        ),
    ],
)
def test_what_changes_no_symbol_is_not_even_read(given: DiffEntry) -> None:
    assert blobs_to_read([given]) == ()
    diff = staged_changes([given], {})
    assert (diff.changes, diff.unreadable) == ((), ())


def test_a_blob_is_asked_for_once() -> None:
    entries = [entry("100644", "100644", "M", name) for name in ("a.py", "b.py")]

    assert blobs_to_read(entries) == (OLD, NEW)


def test_an_old_version_that_cannot_be_read_counts_as_empty() -> None:
    diff = staged_changes([entry("100644", "100644", "M")], {OLD: b"\xff", NEW: b"new = 1\n"})

    assert [change.old_text for change in diff.changes] == [""]


def test_conflicts_of_one_file_are_told_once() -> None:
    entries = [IndexEntry("M", "100644", OLD, stage, "m.py") for stage in (1, 2, 3)]

    diff = whole_files(entries, BLOBS)

    assert diff.unreadable == (Unreadable(PurePosixPath("m.py"), "has unresolved merge conflicts"),)
