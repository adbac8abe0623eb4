import pytest

from sloptest_hook.report.transient import erased, progress, shown
from tests.report.screen import Screen

DOTS = "sloptest................."


@pytest.mark.parametrize("lines_before", range(7))
def test_a_line_comes_and_goes_and_the_line_of_pre_commit_is_as_it_was(lines_before: int) -> None:
    screen = Screen()
    before = [f"hook {number}.....Passed" for number in range(lines_before)]
    screen.feed("".join(f"{line}\r\n" for line in before))
    screen.feed(DOTS)

    for number in range(3):
        screen.feed(shown(f"measuring {number}", 60))
        assert screen.text == [*before, DOTS, f"measuring {number}"]
    screen.feed(erased())

    assert screen.text == [*before, DOTS]
    screen.feed("Passed\r\n- hook id: sloptest\r\n")
    assert screen.text == [*before, f"{DOTS}Passed", "- hook id: sloptest"]


@pytest.mark.parametrize("lines_before", range(6))
def test_a_plain_hook_begins_at_the_left_and_leaves_nothing(lines_before: int) -> None:
    screen = Screen()
    screen.feed("$ git commit\r\n" * lines_before)

    screen.feed(shown("a longer stage", 60) + shown("short", 60) + erased())
    screen.feed("generated  a.py\r\n")

    assert screen.text == [*["$ git commit"] * lines_before, "generated  a.py"]


def test_what_is_not_drawn_any_more_is_erased_where_nothing_was_drawn() -> None:
    screen = Screen()
    screen.feed("one\r\n" * 4 + "two")

    screen.feed(erased())

    assert screen.text == ["one"] * 4 + ["two"]


@pytest.mark.parametrize("width", [0, 1, 5, 20])
def test_a_line_never_wraps(width: int) -> None:
    screen = Screen(columns=max(width, 1))

    screen.feed(shown("a stage with a very long name", width))


def test_no_text_from_outside_commands_the_terminal() -> None:
    assert "\x1b[2J" not in shown("\x1b[2J", 80)
    assert "\n" not in shown("a\nb", 80)


@pytest.mark.parametrize(
    ("stage", "tests", "left", "text"),
    [
        ("", 0, 29.6, "sloptest: looking, 30 s left"),
        (
            "symbols to measure: 3",
            12,
            4.0,
            "sloptest: symbols to measure: 3, 12 tests begun, 4 s left",
        ),
        ("measuring", 7, 86_400.0, "sloptest: measuring, 7 tests begun"),
    ],
)
def test_it_says_the_stage_and_the_time_that_is_left(
    stage: str, tests: int, left: float, text: str
) -> None:
    assert progress(stage, tests, left) == text
