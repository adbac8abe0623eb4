"""A harness that loads pytest before there is a request behaves as one that is started for it."""

import os
import time
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pytest

from sloptest_hook.running.runner import SnapshotRunner
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.pytest_run import NodeOutcome, PytestRequest, PytestRun

if TYPE_CHECKING:
    from tests.running.conftest import ProjectTree

SOURCE = "def total(prices):\n    if not prices:\n        return 0\n    return sum(prices)\n"
TEST = """\
import os
import cart

def test_total():
    assert cart.total([1, 2]) == 3

def test_where():
    assert cart.__file__.startswith(os.getcwd())
    assert os.read(0, 1) == b""

def test_pid():
    open(os.path.join(os.environ["TMPDIR"], "..", "..", "pids"), "a").write(f"{os.getpid()}\\n")
"""
NODES = {f"tests/test_cart.py::test_{name}" for name in ("total", "where", "pid")}


@pytest.fixture
def runner(tree: "ProjectTree") -> Iterator[SnapshotRunner]:
    tree.write({"src/cart.py": SOURCE, "tests/test_cart.py": TEST})
    # Where an editable install would lead, and what must not be imported.
    tree.write({"src/cart.py": "raise ImportError('of the working tree')\n"}, below="worktree")
    with tree.runner().started_ahead() as runner:
        yield runner


def run(runner: SnapshotRunner, *generated: str, trace: str = "src/cart.py") -> PytestRun:
    request = PytestRequest(("tests",), (PurePosixPath(trace),), frozenset(generated))
    return runner.run(request, Deadline(time.monotonic() + 60, time.monotonic))


def pids(tree: "ProjectTree") -> list[int]:
    return [int(line) for line in (tree.scratch / "pids").read_text().split()]


def test_it_sees_what_one_started_later_sees(tree: "ProjectTree", runner: SnapshotRunner) -> None:
    ahead, later = run(runner), run(runner)

    assert {each.node_id for each in ahead.results} == NODES
    assert {each.outcome for each in ahead.results} == {NodeOutcome.PASSED}
    assert ahead.coverage == later.coverage
    assert ahead.coverage[0].missing == {3}
    assert ahead.problem is later.problem is None
    first, second = pids(tree)
    assert first != second


def test_a_generated_test_never_runs_in_it(tree: "ProjectTree", runner: SnapshotRunner) -> None:
    generated = run(runner, "tests/test_cart.py::test_pid")
    own = run(runner)

    refused = {each.node_id for each in generated.results if each.outcome is NodeOutcome.FAILED}
    assert refused == {"tests/test_cart.py::test_pid"}
    assert {each.outcome for each in own.results} == {NodeOutcome.PASSED}


def test_one_that_nobody_asks_is_gone_in_the_end(tree: "ProjectTree") -> None:
    tree.write({"tests/test_cart.py": "def test_nothing(): pass\n"})
    with tree.runner().started_ahead() as runner:
        assert runner.ready is not None
        process = runner.ready.harness.pid
        os.kill(process, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_without_pytest_nothing_is_started(tree: "ProjectTree") -> None:
    from sloptest_hook.values.records import replace

    bare = replace(tree.runner(), python=replace(tree.described(), pytest=None))
    with bare.started_ahead() as runner:
        assert runner.ready is None
