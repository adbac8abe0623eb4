import pytest
from hypothesis import given
from hypothesis import strategies as st

from sloptest_hook.report.visible import visible, visible_lines, visible_message


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("src/größe 東.py", "src/größe 東.py"),
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("a\nb\tc\r", "a\\nb\\tc\\r"),
        ("a\u202eb", "a\\u202eb"),
        ("a\udcffb", "a\\udcffb"),
        ("a\x9bb", "a\\x9bb"),
        ("a\u200bb\ufeff", "a\\u200bb\\ufeff"),
        ("a\U000e0041b", "a\\U000e0041b"),
        ("a\u3164b\u115f\u2800", "a\\u3164b\\u115f\\u2800"),
        ("a\ufe0fb\U000e0101", "a\\ufe0fb\\U000e0101"),
        ("e\u0301\u0e33\u0939\u093f", "e\u0301\u0e33\u0939\u093f"),
        ("", ""),
    ],
    ids=[
        "letters",
        "terminal escape",
        "white space",
        "direction",
        "no UTF-8",
        "C1",
        "zero width",
        "tags",
        "fillers",
        "variation selectors",
        "marks that make a letter",
        "empty",
    ],
)
def test_only_what_prints_is_printed(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text(alphabet=st.characters()))
def test_whatever_comes_in_one_printable_line_comes_out(text: str) -> None:
    shown = visible(text)

    assert shown.isprintable()
    assert visible(shown) == shown
    shown.encode("utf-8")


def test_lines_and_tabs_stay_where_several_lines_are_shown() -> None:
    assert visible_lines("a\tb\n\x1b[2Jc\r\n") == "a\tb\n\\x1b[2Jc\\r\n"


def test_no_line_of_a_message_can_pass_for_one_of_ours() -> None:
    shown = visible_message("no file a\nsloptest: all is well\n  /bin/python: broken")
    assert shown == "no file a\n  sloptest: all is well\n  /bin/python: broken"


@given(st.text(alphabet=st.characters()))
def test_nothing_but_line_ends_and_tabs_passes(text: str) -> None:
    shown = visible_lines(text)
    assert visible("".join(shown.split())) == "".join(shown.split())
    assert shown.count("\n") == text.count("\n")
