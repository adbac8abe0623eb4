import pytest
from hypothesis import given
from hypothesis import strategies as st

from sloptest_hook.report.visible import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("src/größe 東.py", "src/größe 東.py"),
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("a\nb\tc\r", "a\\nb\\tc\\r"),
        ("a\u202eb", "a\\u202eb"),
        ("a\udcffb", "a\\udcffb"),
        ("a\x9bb", "a\\x9bb"),
        ("", ""),
    ],
    ids=["letters", "terminal escape", "white space", "direction", "no UTF-8", "C1", "empty"],
)
def test_only_what_prints_is_printed(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text(alphabet=st.characters()))
def test_whatever_comes_in_one_printable_line_comes_out(text: str) -> None:
    shown = visible(text)

    assert shown.isprintable()
    assert visible(shown) == shown
    shown.encode("utf-8")
