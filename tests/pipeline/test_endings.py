from dataclasses import replace

import pytest

from sloptest_hook.pipeline.endings import endings
from sloptest_hook.pipeline.proof import Dropped
from sloptest_hook.pipeline.writing import Written
from sloptest_hook.values.candidate import NoCandidate, Refused
from sloptest_hook.values.coverage import CoverageStatus, CoverageVerdict
from sloptest_hook.values.outcome import SymbolReport
from tests.pipeline.conftest import TESTS, candidate, merged, symbol, target, verdict

COVERED = verdict(status=CoverageStatus.COVERED, missing=(), tests=[f"{TESTS}::test_other"])
HALF = verdict(status=CoverageStatus.PARTIAL, missing=(3,))
NONE = verdict()
KEPT = Written((merged(candidate("test_a")),), answers=(candidate("test_a"),))


def ending(written: Written, after: CoverageVerdict) -> SymbolReport:
    (report,) = endings([target()], {symbol(): after}, written, 80.0)
    return report


@pytest.mark.parametrize(
    ("written", "after", "status", "words"),
    [
        pytest.param(KEPT, COVERED, "generated", "covers 2 of 2 lines", id="enough"),
        pytest.param(KEPT, HALF, "uncovered", "covers 1 of 2 lines, less than 80 %", id="half"),
        pytest.param(Written(), COVERED, "covered", "test_other", id="by another symbol's tests"),
        pytest.param(Written(), NONE, "deferred", "time budget", id="never asked"),
        pytest.param(
            Written(answers=(NoCandidate(target(), "uses the network"),)),
            NONE,
            "uncovered",
            "uses the network",
            id="the engine has none",
        ),
        pytest.param(
            Written(answers=(NoCandidate(target(), "too late", out_of_time=True),)),
            NONE,
            "deferred",
            "too late",
            id="the engine had no time",
        ),
        pytest.param(
            Written(
                answers=(candidate("test_a"),),
                dropped=(Dropped(symbol(), "test_a", "it failed: 1 == 2"),),
            ),
            NONE,
            "uncovered",
            "test_a was not kept: it failed: 1 == 2",
            id="not proved",
        ),
        pytest.param(
            Written(
                answers=(candidate("test_a"),),
                dropped=(Dropped(symbol(), "test_a", "no time left", out_of_time=True),),
            ),
            NONE,
            "deferred",
            "no time left",
            id="no time to prove it",
        ),
        pytest.param(
            Written(answers=(candidate("test_a"),), refused=(Refused(TESTS, "is a symlink"),)),
            NONE,
            "uncovered",
            "no test file could take its tests: is a symlink",
            id="no place",
        ),
        pytest.param(
            Written(unwritten="pytest does not start"),
            NONE,
            "uncovered",
            "pytest does not start",
            id="nothing could be proved",
        ),
    ],
)
def test_every_target_ends_with_a_reason(
    written: Written, after: CoverageVerdict, status: str, words: str
) -> None:
    report = ending(written, after)
    assert report.status == status
    assert words in report.reason


def test_notes_on_lines_that_are_reached_by_now_are_left_out() -> None:
    noted = replace(candidate("test_a"), notes=("line 2 not reached", "line 3 not reached: never"))
    report = ending(replace(KEPT, answers=(noted,)), HALF)
    assert "line 3 not reached" in report.reason
    assert "line 2 not reached" not in report.reason


def test_the_tests_of_a_symbol_are_named_by_node_id() -> None:
    assert ending(KEPT, COVERED).tests == (f"{TESTS}::test_a",)


def test_what_others_cover_names_their_tests() -> None:
    assert ending(Written(), COVERED).tests == COVERED.tests
