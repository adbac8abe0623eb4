import pytest

from sloptest_hook.report.past import is_worth_remembering, past_run
from sloptest_hook.values.outcome import (
    BrokenTest,
    Decision,
    Outcome,
    Problem,
    SuspectedBug,
    SymbolStatus,
)
from tests.report.test_console import COVERED, SKIPPED, UNCOVERED, generated, report

BUG = SuspectedBug(COVERED.symbol, "3", "4", "", "f()", "def test_f(): ...")
BROKEN = BrokenTest("tests/test_a.py::test_f", "assert 4 == 3")


@pytest.mark.parametrize(
    ("outcome", "is_kept"),
    [
        (Outcome(Decision.ALLOW), False),
        (Outcome(Decision.ALLOW, symbols=(COVERED, SKIPPED)), False),
        (Outcome(Decision.ALLOW, symbols=(COVERED, generated("g", "t.py::test_g"))), True),
        (Outcome(Decision.WARN, symbols=(UNCOVERED,)), True),
        (Outcome(Decision.WARN, problems=(Problem("no pytest"),)), True),
        (Outcome(Decision.WARN, symbols=(COVERED,), broken_tests=(BROKEN,)), True),
        (Outcome(Decision.WARN, suspected_bugs=(BUG,)), True),
    ],
)
def test_a_run_in_which_all_was_well_is_no_event(outcome: Outcome, is_kept: object) -> None:
    assert is_worth_remembering(outcome) is is_kept


def test_what_is_kept_is_what_somebody_would_ask_for() -> None:
    outcome = Outcome(
        Decision.BLOCK,
        symbols=(
            COVERED,
            SKIPPED,
            generated("g", "t.py::test_g"),
            report("d", SymbolStatus.DEFERRED),
        ),
        problems=(Problem("no pytest"),),
        broken_tests=(BROKEN,),
        suspected_bugs=(BUG,),
    )

    run = past_run(outcome, run_id="r", at="2026-01-31T12:00:00Z", exit_code=1, elapsed_s=1.23456)

    assert run.counts == {"covered": 1, "skipped": 1, "generated": 1, "deferred": 1}
    assert [(each.qualname, each.tests) for each in run.symbols] == [
        ("g", ("t.py::test_g",)),
        ("d", ()),
    ]
    assert run.problems == (
        "suspected bug: src/a.py::f: expected 3; f() is 4",
        "no pytest",
        "broken: tests/test_a.py::test_f: assert 4 == 3",
    )
    assert (run.exit_code, run.elapsed_s) == (1, 1.235)
