import pytest

from sloptest_hook.pipeline.trial import (
    adding_nothing,
    failures_of,
    harm_of,
    not_executing,
    not_found_again,
)
from sloptest_hook.values.coverage import CoverageStatus
from sloptest_hook.values.pytest_run import NodeOutcome, NodeResult, PytestRun
from tests.pipeline.conftest import TESTS, candidate, executed, merged, result, symbol, verdict

NODE = f"{TESTS}::test_a"


def test_a_failure_is_told_with_its_message() -> None:
    run = PytestRun((result("test_a", NodeOutcome.FAILED, "assert 1 == 2"),))
    failures = failures_of(run, [merged(candidate("test_a"))])
    assert failures == {NODE: "it failed: assert 1 == 2"}


def test_one_bad_parameter_set_is_enough() -> None:
    run = PytestRun((result("test_a[1]"), result("test_a[2]", NodeOutcome.ERROR, "boom")))
    assert NODE in failures_of(run, [merged(candidate("test_a"))])


def test_a_test_of_a_longer_name_is_another_test() -> None:
    run = PytestRun((result("test_a"), result("test_a_b", NodeOutcome.FAILED)))
    assert failures_of(run, [merged(candidate("test_a"))]) == {}


def test_a_skipped_test_proves_nothing() -> None:
    run = PytestRun((result("test_a", NodeOutcome.SKIPPED, "no reason"),))
    assert NODE in failures_of(run, [merged(candidate("test_a"))])


def test_what_pytest_did_not_collect_must_go() -> None:
    assert NODE in failures_of(PytestRun(), [merged(candidate("test_a"))])


def test_a_file_that_cannot_be_collected_loses_all_new_tests() -> None:
    run = PytestRun(collection_errors=((str(TESTS), "ImportError: no total"),))
    failures = harm_of(run, [merged(candidate("test_a", "test_b"))], {})
    assert len(failures) == 2


def test_a_run_that_broke_off_costs_the_test_that_ran() -> None:
    run = PytestRun((result("test_a"),), problem="killed by SIGSEGV")
    failures = failures_of(run, [merged(candidate("test_a", "test_b", "test_c"))])
    assert failures == {f"{TESTS}::test_b": "killed by SIGSEGV"}


@pytest.mark.parametrize(
    ("before", "now", "is_blamed"),
    [
        (NodeOutcome.PASSED, NodeOutcome.FAILED, True),
        (NodeOutcome.PASSED, NodeOutcome.SKIPPED, True),
        (NodeOutcome.SKIPPED, NodeOutcome.ERROR, True),
        (NodeOutcome.SKIPPED, NodeOutcome.PASSED, False),
        (NodeOutcome.FAILED, NodeOutcome.FAILED, False),
        (NodeOutcome.FAILED, NodeOutcome.PASSED, False),
    ],
)
def test_an_older_test_must_not_fare_worse(
    before: NodeOutcome, now: NodeOutcome, *, is_blamed: bool
) -> None:
    run = PytestRun((result("test_a"), result("test_old", now)))
    baseline = {f"{TESTS}::test_old": result("test_old", before)}
    assert (NODE in harm_of(run, [merged(candidate("test_a"))], baseline)) is is_blamed


@pytest.mark.parametrize(
    ("run", "is_blamed"),
    [
        pytest.param(PytestRun((result("test_a"),)), True, id="gone"),
        pytest.param(PytestRun((result("test_a"), result("test_old[2]"))), False, id="other ids"),
        pytest.param(PytestRun((result("test_a"),), problem="timed out"), False, id="not finished"),
    ],
)
def test_an_older_test_must_still_be_collected(run: PytestRun, *, is_blamed: bool) -> None:
    baseline = {f"{TESTS}::test_old[1]": result("test_old[1]")}
    failures = not_found_again(run, [merged(candidate("test_a"))], baseline)
    assert failures == (
        {NODE: f"{TESTS}::test_old is not collected any more with it"} if is_blamed else {}
    )


def test_a_test_must_execute_its_target() -> None:
    file = merged(candidate("test_a", "test_b"))
    failures = not_executing([executed({2: ["test_a[1]"]})], [file])
    assert failures == {f"{TESTS}::test_b": "it does not execute total"}


def test_tests_must_cover_something_new() -> None:
    total, tax = symbol("total"), symbol("tax", 5, 8)
    files = [merged(candidate("test_total"), candidate("test_tax", of=tax))]
    before = {total: verdict(total), tax: verdict(tax, executable=(6, 7), missing=(7,))}
    after = {
        total: verdict(total, status=CoverageStatus.COVERED, missing=()),
        tax: verdict(tax, executable=(6, 7), missing=(7,)),
    }
    assert list(adding_nothing(before, after, files)) == [f"{TESTS}::test_tax"]


def test_node_results_of_other_files_do_not_matter() -> None:
    run = PytestRun((result("test_a"), NodeResult("tests/test_b.py::test_a", NodeOutcome.FAILED)))
    assert failures_of(run, [merged(candidate("test_a"))]) == {}
