import pytest

from sloptest_hook.git.listing import (
    IndexEntry,
    as_index_info,
    entries_at,
    holds_below,
    parse_listing,
    parse_tree,
)

BLOB = "c" * 40
RAW = (
    f"H 100644 {BLOB} 0\ta.py\0"
    f"S 100755 {BLOB} 0\tdir/b\n c.py\0"
    f"M 100644 {BLOB} 1\tdir/x\0M 100644 {BLOB} 2\tdir/x\0"
    f"H 100644 {BLOB} 0\todd\ta.py\0"
)


def test_every_entry_of_a_listing_is_read() -> None:
    assert [(each.flag, each.stage, each.name) for each in parse_listing(RAW)] == [
        ("H", 0, "a.py"),
        ("S", 0, "dir/b\n c.py"),
        ("M", 1, "dir/x"),
        ("M", 2, "dir/x"),
        ("H", 0, "odd\ta.py"),
    ]


@pytest.mark.parametrize(
    ("name", "stages"),
    [
        pytest.param("a.py", [0], id="the tail of another name is not it"),
        pytest.param("odd\ta.py", [0], id="name with a tab"),
        pytest.param("dir/x", [1, 2], id="conflicts"),
        pytest.param("dir", [], id="directory"),
        pytest.param("x", [], id="last part alone"),
    ],
)
def test_entries_are_found_by_their_exact_name(name: str, stages: list[int]) -> None:
    found = entries_at(RAW, name)

    assert [each.stage for each in found] == stages
    assert {each.name for each in found} <= {name}


def test_a_directory_is_known_by_what_lies_below_it() -> None:
    assert holds_below(RAW, "dir")
    assert not holds_below(RAW, "di")


def test_what_is_written_for_git_is_what_was_read() -> None:
    assert as_index_info(parse_listing(RAW)[:1]) == f"100644 {BLOB} 0\ta.py\0"


def test_a_tree_reads_like_an_index() -> None:
    assert parse_tree(f"100644 blob {BLOB}\ta\tb\0") == (
        IndexEntry("H", "100644", BLOB, 0, "a\tb"),
    )
