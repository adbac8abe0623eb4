import pytest

from sloptest_hook.pipeline.decision import decide, with_broken
from sloptest_hook.values.outcome import BrokenTest, Decision, Problem, SymbolReport, SymbolStatus
from sloptest_hook.values.settings import Policy, Settings
from tests.pipeline.conftest import TESTS, symbol

COVERED = SymbolReport(symbol(), SymbolStatus.COVERED, "covered")
UNCOVERED = SymbolReport(symbol(), SymbolStatus.UNCOVERED, "no test")
ESTIMATED = SymbolReport(symbol(), SymbolStatus.UNCOVERED, "no test", estimated=True)
DEFERRED = SymbolReport(symbol(), SymbolStatus.DEFERRED, "out of time")
SKIPPED = SymbolReport(symbol(), SymbolStatus.SKIPPED, "excluded")
PROBLEM = Problem("no pytest")


@pytest.mark.parametrize(
    ("reports", "problems", "policy", "on_error", "decision"),
    [
        pytest.param([], [], "block", "block", "allow", id="nothing staged"),
        pytest.param([COVERED, SKIPPED], [], "block", "block", "allow", id="all settled"),
        pytest.param([UNCOVERED], [], "warn", "block", "warn", id="uncovered warns"),
        pytest.param([UNCOVERED], [], "block", "warn", "block", id="uncovered blocks"),
        pytest.param([ESTIMATED], [], "block", "warn", "warn", id="an estimate never blocks"),
        pytest.param([DEFERRED], [], "block", "warn", "warn", id="deferred is not uncovered"),
        pytest.param([DEFERRED], [], "warn", "block", "block", id="deferred is a failure"),
        pytest.param([COVERED], [PROBLEM], "block", "warn", "warn", id="a problem warns"),
        pytest.param([COVERED], [PROBLEM], "warn", "block", "block", id="a problem blocks"),
    ],
)
def test_policy_and_on_error_decide(
    reports: list[SymbolReport],
    problems: list[Problem],
    policy: str,
    on_error: str,
    decision: str,
) -> None:
    settings = Settings(policy=Policy(policy), on_error=Policy(on_error))
    assert decide(settings, symbols=reports, problems=problems).decision == decision


@pytest.mark.parametrize(
    ("files", "decision"),
    [
        pytest.param((), Decision.ALLOW, id="nothing was written"),
        pytest.param((TESTS,), Decision.BLOCK, id="tests were written"),
    ],
)
def test_review_stops_a_commit_with_new_tests(files: tuple[()], decision: Decision) -> None:
    outcome = decide(Settings(review=True), symbols=[COVERED], files=files)
    assert outcome.decision is decision
    assert outcome.review is bool(files)


def test_a_quiet_run_allows_whatever_the_settings() -> None:
    settings = Settings(policy=Policy.BLOCK, on_error=Policy.BLOCK, review=True)
    assert decide(settings, quiet="a rebase is in progress").decision is Decision.ALLOW


BROKEN = BrokenTest("tests/test_a.py::test_f", "assert 1 == 2")


@pytest.mark.parametrize(
    ("policy", "decision"), [(Policy.WARN, Decision.WARN), (Policy.BLOCK, Decision.BLOCK)]
)
def test_a_broken_test_is_as_grave_as_an_uncovered_symbol(
    policy: Policy, decision: Decision
) -> None:
    outcome = with_broken(decide(Settings(policy=policy)), [BROKEN, BROKEN], policy)
    assert (outcome.decision, outcome.broken_tests) == (decision, (BROKEN,))


def test_no_broken_test_decides_nothing() -> None:
    assert with_broken(decide(Settings()), [], Policy.BLOCK).decision is Decision.ALLOW
