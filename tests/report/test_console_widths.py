"""What a commit's report looks like on terminals of 80 and 200 columns, plain and in color."""

from pathlib import PurePosixPath

import pytest

from sloptest_hook.report.console import lines
from sloptest_hook.report.paint import painted
from sloptest_hook.values.outcome import Decision, Outcome, Problem, SymbolReport, SymbolStatus
from sloptest_hook.values.source import LineRange, Symbol, SymbolKind


def symbol(qualname: str, first: int) -> Symbol:
    lines = LineRange(first, first + 6)
    return Symbol(PurePosixPath("shop/pricing.py"), qualname, SymbolKind.FUNCTION, lines, "x")


def node_ids(*names: str) -> tuple[str, ...]:
    return tuple(f"tests/test_pricing.py::{name}" for name in names)


OUTCOME = Outcome(
    Decision.WARN,
    symbols=(
        SymbolReport(
            symbol("discount", 4),
            SymbolStatus.GENERATED,
            "covers 7 of 7 lines",
            node_ids("test_discount", "test_discount_with_code", "test_discount_rejects_nothing"),
        ),
        SymbolReport(
            symbol("charge", 12),
            SymbolStatus.UNCOVERED,
            "the written test covers 2 of 6 lines, less than 80 % with branches",
            missing_lines=(14, 15, 17, 18),
        ),
        SymbolReport(
            symbol("refund", 20), SymbolStatus.DEFERRED, "the time budget ended before its turn"
        ),
    ),
    problems=(Problem("tests/test_old.py: pytest cannot collect it"),),
    files_staged=(PurePosixPath("tests/test_pricing.py"),),
    notes=(".testgen.yml is ignored",),
)
AT_80 = """\
sloptest: problem: tests/test_old.py: pytest cannot collect it
uncovered  shop/pricing.py:12 charge: the written test covers 2 of 6 lines, l...
deferred  shop/pricing.py:20 refund: the time budget ended before its turn
generated  shop/pricing.py:4 discount: 3 tests in tests/test_pricing.py; cove...
sloptest: note: .testgen.yml is ignored
sloptest: 3 tests written and staged for 1 symbol, 1 uncovered, 1 deferred; t...
"""
AT_200 = """\
sloptest: problem: tests/test_old.py: pytest cannot collect it
uncovered  shop/pricing.py:12 charge: the written test covers 2 of 6 lines, less than 80 % with branches; not executed: lines 14-15, 17-18
deferred  shop/pricing.py:20 refund: the time budget ended before its turn
generated  shop/pricing.py:4 discount: 3 tests in tests/test_pricing.py; covers 7 of 7 lines (test_discount, test_discount_with_code, test_discount_rejects_nothing)
sloptest: note: .testgen.yml is ignored
sloptest: 3 tests written and staged for 1 symbol, 1 uncovered, 1 deferred; the commit goes on, with this warning
"""  # noqa: E501
COLORS = {
    "sloptest: problem:": "sloptest: \x1b[31mproblem:\x1b[0m",
    "\nuncovered ": "\n\x1b[31muncovered\x1b[0m ",
    "\ndeferred ": "\n\x1b[33mdeferred\x1b[0m ",
    "\ngenerated ": "\n\x1b[32mgenerated\x1b[0m ",
    "sloptest: note:": "sloptest: \x1b[36mnote:\x1b[0m",
}


def told(width: int | None, *, verbose: bool = False) -> str:
    return "".join(f"{line}\n" for line in lines(OUTCOME, verbose=verbose, width=width))


@pytest.mark.parametrize(("width", "text"), [(80, AT_80), (200, AT_200)])
def test_a_line_fits_the_terminal(width: int, text: str) -> None:
    assert told(width) == text


@pytest.mark.parametrize("text", [AT_80, AT_200], ids=["80", "200"])
def test_in_color_it_is_the_same_text(text: str) -> None:
    colored = text
    for plain, color in COLORS.items():
        colored = colored.replace(plain, color)

    assert painted(text) == colored


@pytest.mark.parametrize("width", [1, 3, 20, 80, 120])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    assert max(map(len, told(width).splitlines())) <= max(width, 3)


def test_in_a_pipe_and_when_asked_for_nothing_is_cut() -> None:
    assert "..." not in told(80, verbose=True)
    assert "lines 14-15, 17-18" in told(None)
    assert "covers 7 of 7 lines (test_discount, test_discount_with_code, ...)" in told(None)
