from pathlib import PurePosixPath

import pytest

from sloptest_hook.report.console import lines
from sloptest_hook.values.confinement import Confinement
from sloptest_hook.values.outcome import (
    BrokenTest,
    Decision,
    Outcome,
    Problem,
    SymbolReport,
    SymbolStatus,
)
from sloptest_hook.values.records import replace
from sloptest_hook.values.source import LineRange, Symbol, SymbolKind


def report(
    qualname: str, status: SymbolStatus, reason: str = "", *, path: str = "src/a.py"
) -> SymbolReport:
    symbol = Symbol(PurePosixPath(path), qualname, SymbolKind.FUNCTION, LineRange(3, 9), "f")
    return SymbolReport(symbol, status, reason)


def generated(qualname: str, *tests: str) -> SymbolReport:
    symbol = report(qualname, SymbolStatus.GENERATED).symbol
    return SymbolReport(symbol, SymbolStatus.GENERATED, "", tests=tests)


COVERED = report("f", SymbolStatus.COVERED, "covered by tests/test_a.py::test_f")
SKIPPED = report("s", SymbolStatus.SKIPPED, "belongs to the tests")
UNCOVERED = SymbolReport(
    report("u", SymbolStatus.UNCOVERED).symbol,
    SymbolStatus.UNCOVERED,
    "never saw kind == 'x'",
    missing_lines=(4, 5, 6, 8),
)
DEFERRED = report("d", SymbolStatus.DEFERRED, "out of time")


def told(outcome: Outcome, *, verbose: bool = False) -> list[str]:
    return list(lines(outcome, verbose=verbose))


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome(Decision.ALLOW),
        Outcome(Decision.ALLOW, symbols=(COVERED, SKIPPED)),
    ],
    ids=["empty", "all covered"],
)
def test_nothing_to_say_is_no_line(outcome: Outcome) -> None:
    assert told(outcome) == []


def test_it_says_why_nothing_was_looked_at() -> None:
    outcome = Outcome(Decision.ALLOW, quiet="a rebase is in progress")

    assert told(outcome) == ["sloptest: nothing was looked at: a rebase is in progress"]


def test_verbose_names_covered_and_skipped_symbols() -> None:
    outcome = Outcome(Decision.ALLOW, symbols=(COVERED, SKIPPED))

    assert told(outcome, verbose=True) == [
        "skipped  src/a.py:3 s: belongs to the tests",
        "covered  src/a.py:3 f: covered by tests/test_a.py::test_f",
        "sloptest: 1 skipped, 1 covered; the commit goes on",
    ]


def test_verbose_names_what_new_tests_do_not_notice() -> None:
    new = replace(
        generated("f", "tests/test_a.py::test_f"),
        mutants_killed=2,
        mutants_tried=8,
        survivors=tuple(f"line {number}: `<` can become `<=`" for number in range(6)),
    )
    said = told(Outcome(Decision.ALLOW, symbols=(new,)), verbose=True)
    assert said[1:3] == [
        "  its tests notice 2 of 8 mutants",
        "  line 0: `<` can become `<=`, and no test notices",
    ]
    assert said[6:8] == ["  line 4: `<` can become `<=`, and no test notices", "  and 1 more"]


def test_tests_that_were_written_are_told_with_file_and_number() -> None:
    outcome = Outcome(
        Decision.ALLOW,
        symbols=(
            generated("f", "tests/test_a.py::test_f", "tests/test_a.py::test_f_two"),
            generated("g", "tests/test_b.py::test_g"),
        ),
        files_staged=(PurePosixPath("tests/test_a.py"), PurePosixPath("tests/test_b.py")),
    )

    assert told(outcome) == [
        "generated  src/a.py:3 f: 2 tests in tests/test_a.py (test_f, test_f_two)",
        "generated  src/a.py:3 g: 1 test in tests/test_b.py (test_g)",
        "sloptest: 3 tests written and staged for 2 symbols; the commit goes on",
    ]


def test_tests_that_are_not_staged_are_not_called_so() -> None:
    outcome = Outcome(Decision.ALLOW, symbols=(generated("f", "tests/test_a.py::test_f"),))

    assert told(outcome)[-1] == "sloptest: 1 test written for 1 symbol; the commit goes on"


def test_problems_come_first_then_what_is_uncovered() -> None:
    outcome = Outcome(
        Decision.WARN,
        symbols=(COVERED, generated("g", "t.py::test_g"), DEFERRED, UNCOVERED),
        problems=(Problem("pytest is not installed"),),
        notes=(".testgen.yml is ignored",),
    )

    assert told(outcome) == [
        "sloptest: problem: pytest is not installed",
        "uncovered  src/a.py:3 u: never saw kind == 'x'; not executed: lines 4-6, 8",
        "deferred  src/a.py:3 d: out of time",
        "generated  src/a.py:3 g: 1 test in t.py (test_g)",
        "sloptest: note: .testgen.yml is ignored",
        (
            "sloptest: 1 test written for 1 symbol, 1 uncovered, 1 deferred, 1 covered; "
            "the commit goes on, with this warning"
        ),
    ]


def test_an_estimate_is_always_told_and_called_one() -> None:
    estimated = SymbolReport(
        COVERED.symbol, SymbolStatus.COVERED, "mentioned in tests/test_a.py", estimated=True
    )

    assert told(Outcome(Decision.ALLOW, symbols=(estimated,)))[0] == (
        "covered (estimated, not measured)  src/a.py:3 f: mentioned in tests/test_a.py"
    )


def test_a_problem_alone_has_a_summary() -> None:
    outcome = Outcome(Decision.BLOCK, problems=(Problem("no pytest"),))

    assert told(outcome) == [
        "sloptest: problem: no pytest",
        "sloptest: the commit is stopped",
        "sloptest: `git commit --no-verify` commits without this check",
    ]


def test_a_stopped_commit_says_what_to_do() -> None:
    outcome = Outcome(Decision.BLOCK, symbols=(UNCOVERED, DEFERRED))

    assert told(outcome)[-3:] == [
        "sloptest: write a test for what is uncovered, or waive it: `# sloptest: no test - why`",
        "sloptest: commit again for what is deferred, or raise `time-budget`",
        "sloptest: `git commit --no-verify` commits without this check",
    ]


def test_a_review_asks_to_read_and_commit_again() -> None:
    outcome = Outcome(
        Decision.BLOCK, symbols=(generated("f", "tests/test_a.py::test_f"),), review=True
    )

    assert told(outcome)[-2:] == [
        "sloptest: 1 test written for 1 symbol; the commit is stopped",
        "sloptest: tests were written; read them and commit again",
    ]


def test_many_missing_lines_are_cut_short() -> None:
    scattered = SymbolReport(
        UNCOVERED.symbol, SymbolStatus.UNCOVERED, "", missing_lines=tuple(range(1, 40, 2))
    )

    (line, _) = told(Outcome(Decision.WARN, symbols=(scattered,)))

    assert line.endswith(": not executed: lines 1, 3, 5, 7, 9, 11, ...")


def test_one_missing_line_is_singular() -> None:
    one = SymbolReport(UNCOVERED.symbol, SymbolStatus.UNCOVERED, "", missing_lines=(7,))

    assert told(Outcome(Decision.WARN, symbols=(one,)))[0].endswith(": not executed: line 7")


def test_names_and_reasons_cannot_command_the_terminal() -> None:
    evil = report("f", SymbolStatus.UNCOVERED, "saw '\x1b]0;x\x07'\nnext", path="a\x1b[2J\n.py")
    outcome = Outcome(
        Decision.WARN, symbols=(evil,), problems=(Problem("\x1b[31m"),), notes=("\r",)
    )

    assert all(line.isprintable() for line in told(outcome))
    assert "a\\x1b[2J\\n.py:3 f: saw '\\x1b]0;x\\x07'\\nnext" in told(outcome)[1]


def test_weak_confinement_is_said_and_the_strong_one_is_not() -> None:
    weak = Confinement("partial", (("seccomp", "ok"), ("landlock", "version 0")))
    strong = Confinement("strong", (("seccomp", "ok"), ("namespaces", "no")))

    assert told(Outcome(Decision.ALLOW, confinement=strong)) == []
    (line,) = told(Outcome(Decision.ALLOW, confinement=weak))
    assert line.startswith("sloptest: confinement of generated code: partial (seccomp); ")
    assert line.endswith("not in force: landlock (version 0)")


def test_tests_that_the_change_broke_are_named_before_the_symbols() -> None:
    broken = BrokenTest("tests/test_a.py::test_f", "assert 1 == 2")
    outcome = Outcome(Decision.WARN, symbols=(UNCOVERED,), broken_tests=(broken,))

    assert told(outcome)[0] == "broken  tests/test_a.py::test_f: it passed before; assert 1 == 2"


def test_a_broken_test_alone_gets_its_summary() -> None:
    broken = BrokenTest("tests/test_a.py::test_f", "assert 1 == 2")
    outcome = Outcome(Decision.BLOCK, broken_tests=(broken,))

    assert told(outcome)[1:3] == [
        "sloptest: 1 broken test; the commit is stopped",
        "sloptest: mend what is broken, or the test, where it is the test that is wrong now",
    ]
