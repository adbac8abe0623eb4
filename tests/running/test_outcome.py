"""Replies of a session, as they come and as they break off."""

from collections.abc import Mapping

import pytest

from sloptest_hook.running.outcome import pytest_run
from sloptest_hook.running.process import HarnessReply
from sloptest_hook.values.pytest_run import NodeOutcome, NodeResult

Message = Mapping[str, object]

RUNNING: Message = {"kind": "running", "node": "t.py::test_a"}
RESULT: Message = {"kind": "result", "node": "t.py::test_a", "outcome": "passed", "message": ""}
COLLECTING: Message = {"kind": "collecting", "node": "t.py"}


def end(status: int) -> Message:
    return {"kind": "end", "status": status}


def reply(
    *messages: Message,
    status: int | None = 0,
    output: str = "",
    timed_out: bool = False,
    excess: str = "",
    forged: bool = False,
) -> HarnessReply:
    return HarnessReply(messages, status, timed_out, output, 1.25, excess, forged)


def test_results_and_coverage_are_read() -> None:
    found: Message = {
        "kind": "coverage",
        "path": "a.py",
        "executable": [1, 2],
        "missing": [2],
        "executed_branches": [[1, -1]],
        "missing_branches": [[1, 2]],
        "sets": [[[0, 1]], [[1, 1], [3, 3]]],
        "lines": {"1": 0, "2": 1, "3": 0},
    }

    nodes = {"kind": "nodes", "names": ["t.py::test_b", "t.py::test_a", "t.py::x", "t.py::c"]}

    run = pytest_run(reply(RUNNING, RESULT, nodes, found, end(0)))

    assert run.results == (NodeResult("t.py::test_a", NodeOutcome.PASSED),)
    [coverage] = run.coverage
    assert coverage.executable == {1, 2}
    assert coverage.missing == {2}
    assert coverage.executed_branches == {(1, -1)}
    assert coverage.missing_branches == {(1, 2)}
    both = ("t.py::test_a", "t.py::test_b")
    assert coverage.tests == {1: both, 2: ("t.py::c", "t.py::test_a"), 3: both}
    assert (run.problem, run.timed_out, run.seconds) == (None, False, 1.25)


CONFTEST = "ImportError while loading conftest\nconftest.py:1: in <module>\nE   NameError: x\n"
PROBLEMS = {
    "tests passed": (reply(end(0)), None),
    "tests failed": (reply(end(1)), None),
    "nothing collected": (reply(end(5)), None),
    "conftest": (reply(end(4), output=CONFTEST), "pytest could not start: NameError: x"),
    "wrong option": (
        reply(end(4), output="usage: pytest\npytest: error: unrecognized: --x\n\n"),
        "pytest could not start: pytest: error: unrecognized: --x",
    ),
    "said by the session": (
        reply({"kind": "problem", "message": "pytest failed: OSError"}, end(3)),
        "pytest failed: OSError",
    ),
    "out of time in a test": (
        reply(RUNNING, status=None, timed_out=True),
        "pytest ran out of time after 1.2 s in t.py::test_a",
    ),
    "out of time at import": (
        reply(COLLECTING, status=None, timed_out=True),
        "pytest ran out of time after 1.2 s while importing t.py",
    ),
    "out of time between tests": (
        reply(RUNNING, RESULT, status=None, timed_out=True),
        "pytest ran out of time after 1.2 s after t.py::test_a",
    ),
    "signal": (reply(RUNNING, status=-11), "pytest was killed by SIGSEGV in t.py::test_a"),
    "unknown signal": (reply(status=-99), "pytest was killed by signal 99 before the first test"),
    "early exit": (
        reply(status=1, output="Traceback\nImportError: no\n"),
        "pytest ended early with exit status 1 before the first test: ImportError: no",
    ),
    "silent exit": (
        reply(status=0),
        "pytest ended early with exit status 0 before the first test: it said nothing",
    ),
    "too much output": (
        reply(RUNNING, status=None, excess="wrote too much output"),
        "pytest wrote too much output in t.py::test_a",
    ),
    "too little confinement": (
        reply({"kind": "refused", "message": "generated code is not run"}, status=0),
        "generated code is not run",
    ),
    "a line of somebody else's": (
        reply({"kind": "end", "status": 0}, status=0, forged=True),
        "something in the run wrote results of its own, so that none of them is believed",
    ),
}


@pytest.mark.parametrize(("said", "problem"), PROBLEMS.values(), ids=PROBLEMS)
def test_a_problem_is_one_line_that_says_where(said: HarnessReply, problem: str | None) -> None:
    assert pytest_run(said).problem == problem


def test_a_run_that_ended_is_not_timed_out_by_its_exit_functions() -> None:
    run = pytest_run(reply(RESULT, end(0), status=None, timed_out=True))

    assert (run.problem, run.timed_out) == (None, False)
