import json

from sloptest_hook.report.history_table import lines, to_json
from sloptest_hook.values.past_run import PastRun, PastSymbol

SYMBOLS = (
    PastSymbol("a.py", "g", "uncovered", "never returned"),
    PastSymbol(
        "a.py", "f", "generated", "", ("tests/test_a.py::test_f", "tests/test_a.py::test_2")
    ),
    PastSymbol("a.py", "h", "uncovered", "too few lines", ("tests/test_a.py::test_h",)),
)
RUN = PastRun(
    "r1",
    "2026-01-31T12:00:00Z",
    "hook",
    "warn",
    "offline",
    0,
    3.25,
    {"covered": 4, "generated": 1, "uncovered": 2},
    SYMBOLS,
    ("pytest is missing",),
)


def test_a_run_is_one_line_and_the_newest_is_told_in_full() -> None:
    assert list(lines([RUN, RUN], verbose=False)) == [
        "2026-01-31 12:00:00  hook      warn      3.2 s  1 generated, 2 uncovered, 4 covered",
        "  problem: pytest is missing",
        "  generated  a.py f: test_f, test_2",
        "  uncovered  a.py g: never returned",
        "  uncovered  a.py h: too few lines; kept: test_h",
        "2026-01-31 12:00:00  hook      warn      3.2 s  1 generated, 2 uncovered, 4 covered",
    ]


def test_verbose_tells_every_run_in_full() -> None:
    assert len(list(lines([RUN, RUN], verbose=True))) == 10


def test_without_a_run_it_says_so() -> None:
    assert list(lines([], verbose=False)) == ["no run is on record that wrote a test or could not"]


def test_what_a_cache_from_elsewhere_holds_commands_no_terminal() -> None:
    evil = PastRun("r", "\x1b[2J", "\x1b]0;", "a\nb", "e", 0, 0.0, {}, SYMBOLS[:1], ("\x1b[31m",))

    assert not any("\x1b" in line or "\n" in line for line in lines([evil], verbose=True))


def test_the_document_holds_every_run_with_all_that_is_known() -> None:
    document = json.loads(to_json([RUN]))

    assert document["schema"] == 1
    assert document["runs"][0]["symbols"][1]["tests"] == list(SYMBOLS[1].tests)
