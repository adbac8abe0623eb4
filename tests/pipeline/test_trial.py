from sloptest_hook.pipeline.trial import adding_nothing, failures_of, not_executing
from sloptest_hook.values.coverage import CoverageStatus
from sloptest_hook.values.pytest_run import NodeOutcome, NodeResult, PytestRun
from tests.pipeline.conftest import TESTS, candidate, executed, merged, result, symbol, verdict

NODE = f"{TESTS}::test_a"


def test_a_failure_is_told_with_its_message() -> None:
    run = PytestRun((result("test_a", NodeOutcome.FAILED, "assert 1 == 2"),))
    failures = failures_of(run, [merged(candidate("test_a"))], {})
    assert failures == {NODE: "it failed: assert 1 == 2"}


def test_one_bad_parameter_set_is_enough() -> None:
    run = PytestRun((result("test_a[1]"), result("test_a[2]", NodeOutcome.ERROR, "boom")))
    assert NODE in failures_of(run, [merged(candidate("test_a"))], {})


def test_a_test_of_a_longer_name_is_another_test() -> None:
    run = PytestRun((result("test_a"), result("test_a_b", NodeOutcome.FAILED)))
    assert failures_of(run, [merged(candidate("test_a"))], {}) == {}


def test_a_skipped_test_proves_nothing() -> None:
    run = PytestRun((result("test_a", NodeOutcome.SKIPPED, "no reason"),))
    assert NODE in failures_of(run, [merged(candidate("test_a"))], {})


def test_what_pytest_did_not_collect_must_go() -> None:
    assert NODE in failures_of(PytestRun(), [merged(candidate("test_a"))], {})


def test_a_file_that_cannot_be_collected_loses_all_new_tests() -> None:
    run = PytestRun(collection_errors=((str(TESTS), "ImportError: no total"),))
    failures = failures_of(run, [merged(candidate("test_a", "test_b"))], {})
    assert len(failures) == 2


def test_a_run_that_broke_off_costs_the_test_that_ran() -> None:
    run = PytestRun((result("test_a"),), problem="killed by SIGSEGV")
    failures = failures_of(run, [merged(candidate("test_a", "test_b", "test_c"))], {})
    assert failures == {f"{TESTS}::test_b": "killed by SIGSEGV"}


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
    assert failures_of(run, [merged(candidate("test_a"))], {}) == {}
