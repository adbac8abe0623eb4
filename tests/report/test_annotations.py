from pathlib import PurePosixPath

from sloptest_hook.report.annotations import annotations
from sloptest_hook.values.outcome import (
    BrokenTest,
    Decision,
    Outcome,
    Problem,
    SuspectedBug,
    SymbolReport,
    SymbolStatus,
)
from sloptest_hook.values.source import LineRange, Symbol, SymbolKind


def report(status: SymbolStatus, reason: str, path: str = "src/a.py") -> SymbolReport:
    symbol = Symbol(PurePosixPath(path), "C.f", SymbolKind.METHOD, LineRange(3, 9), "x")
    return SymbolReport(symbol, status, reason, missing_lines=(4, 5, 8))


def test_a_symbol_that_needs_somebody_is_shown_at_its_lines() -> None:
    outcome = Outcome(
        Decision.WARN,
        symbols=(
            report(SymbolStatus.UNCOVERED, "never returned"),
            report(SymbolStatus.DEFERRED, "out of time"),
            report(SymbolStatus.GENERATED, "covers 3 of 3 lines"),
            report(SymbolStatus.COVERED, "covered"),
        ),
    )

    assert list(annotations(outcome)) == [
        (
            "::warning file=src/a.py,line=3,endLine=9,title=sloptest%3A uncovered"
            "::C.f: never returned; not executed: 4-5, 8"
        ),
        (
            "::notice file=src/a.py,line=3,endLine=9,title=sloptest%3A deferred"
            "::C.f: out of time; not executed: 4-5, 8"
        ),
    ]


def test_a_suspected_bug_and_a_broken_test_are_told_with_what_was_seen() -> None:
    suspect = report(SymbolStatus.SUSPECTED_BUG, "see above")
    bug = SuspectedBug(suspect.symbol, "3", "4", "its docstring", "C().f()", "def test_f(): ...")
    outcome = Outcome(
        Decision.BLOCK,
        symbols=(suspect,),
        suspected_bugs=(bug,),
        broken_tests=(BrokenTest("tests/test_a.py::test_f", "assert 4 == 3"),),
    )

    first, second = annotations(outcome)

    assert first.startswith(
        "::error file=src/a.py,line=3,endLine=9,title=sloptest%3A suspected bug"
    )
    assert first.endswith("::C.f: expected 3; C().f() is 4")
    assert second == (
        "::error file=tests/test_a.py,title=sloptest%3A broken test"
        "::tests/test_a.py::test_f: it passed before; assert 4 == 3"
    )


def test_a_problem_has_no_place_and_is_an_error_where_it_stops_something() -> None:
    problem = (Problem("pytest is missing"),)

    assert list(annotations(Outcome(Decision.BLOCK, problems=problem))) == [
        "::error title=sloptest::pytest is missing"
    ]
    assert next(annotations(Outcome(Decision.WARN, problems=problem))).startswith("::warning ")


def test_no_text_from_outside_ends_a_command_or_begins_one() -> None:
    evil = report(SymbolStatus.UNCOVERED, "50%\n::error::boo\r\x1b[2J", "a,line=1::b%.py")

    (line,) = annotations(Outcome(Decision.WARN, symbols=(evil,)))

    assert "\n" not in line
    assert "\r" not in line
    assert "\x1b" not in line
    assert "file=a%2Cline=1%3A%3Ab%25.py," in line
    assert "C.f: 50%25\\n::error::boo\\r\\x1b[2J" in line
