"""What each test executes, on every interpreter that is here, against coverage.py's own word."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from sloptest_hook.values.coverage import FileCoverage
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.pytest_run import Goal, NodeOutcome, PytestRequest, PytestRun
from tests.running.conftest import MakeEnvironment, ProjectTree

SAMPLES = """\
import asyncio
import contextlib
import functools


def plain_if(a):
    if a:
        a += 1
    return a


def long_condition(a, b):
    if a is not None \\
            and len(a) > b:
        return 1
    elif (
        a
        or b
    ):
        return 2
    return 3


def loops(items):
    found = []
    for item in items:
        if item == 1:
            continue
        if item == 2:
            break
        found.append(item)
    else:
        found.append("all")
    while found:
        found.pop()
        if len(found) > 5:
            return found
    return None


def tries(a):
    try:
        if a == 0:
            raise ValueError(a)
        return 10 // (a - 1)
    except ValueError:
        return "value"
    except ZeroDivisionError as error:
        return str(error)
    finally:
        a = 0


def managed(a):
    with contextlib.suppress(KeyError):
        if a:
            raise KeyError(a)
    for _ in range(a):
        with contextlib.nullcontext():
            if a > 1:
                continue
    return a


def generator(n):
    for i in range(n):
        if i % 2:
            yield i
    if n > 100:
        yield -1


async def numbers(n):
    for i in range(n):
        await asyncio.sleep(0)
        yield i


async def asynchronous(n):
    total = 0
    async for i in numbers(n):
        if i > 1:
            total += i
    async with contextlib.AsyncExitStack():
        if total:
            return total
    return None


def expressions(a, b):
    c = a and b or (a if b else None)
    d = [x for x in range(3) if x != a]
    f = lambda x: x if x else None
    return c, d, f(a), (e := a) and e


def decorated(function):
    @functools.wraps(function)
    def inner(*args):
        if not args:
            return None
        return function(*args)

    return inner


@decorated
def one_line(a): return a


class Shape:
    sides = 3

    def __init__(self, size):
        self.size = size

    @property
    def area(self):
        if self.size < 0:
            raise ValueError(
                "negative",
                self.size,
            )
        return self.size ** 2


def recursive(n):
    if n <= 1:
        return 1
    return n * recursive(n - 1)


def forever():
    count = 0
    while True:
        count += 1
        if count > 3:
            break
    return count


def excluded(a):
    if a:  # pragma: no cover
        return 1
    return 2


def checked(a):
    assert a, "nothing"
    return a
"""
TESTS = """\
import asyncio

import pytest

import samples


@pytest.mark.parametrize("a", [0, 1])
def test_plain_if(a):
    samples.plain_if(a)


def test_conditions():
    samples.long_condition("abc", 1)
    samples.long_condition(None, 0)


def test_loops():
    samples.loops([1, 3, 2])
    samples.loops([3])


def test_tries():
    samples.tries(0)
    samples.tries(1)


def test_managed():
    samples.managed(0)
    samples.managed(2)


def test_generators():
    list(samples.generator(5))
    asyncio.run(samples.asynchronous(4))


def test_rest():
    samples.expressions(1, 2)
    samples.one_line(3)
    assert samples.Shape(2).area == 4
    with pytest.raises(ValueError):
        samples.Shape(-1).area
    samples.recursive(3)
    samples.forever()
    samples.excluded(0)
    samples.checked(1)
"""


ONE_LINE = SAMPLES[: SAMPLES.index("def one_line")].count("\n") + 1
ASYNC_FOR = SAMPLES[: SAMPLES.index("    async for i")].count("\n") + 1


def of(run: PytestRun, path: str) -> FileCoverage:
    return next(found for found in run.coverage if found.path == PurePosixPath(path))


def who_ran(run: PytestRun, path: str, line: int) -> set[str]:
    return {node.rpartition("::")[2] for node in of(run, path).tests.get(line, ())}


def truth(tree: ProjectTree, path: str) -> dict[str, set[object]]:
    """Return what coverage.py's C tracer says of the same tests."""
    words = ("run", "--branch", "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests")
    env = {
        **os.environ,
        "COVERAGE_FILE": str(tree.root / "truth"),
        "COVERAGE_CORE": "ctrace",
        "PYTHONPATH": str(tree.snapshot / "src"),
    }
    command = (str(tree.python), "-m", "coverage")
    subprocess.run((*command, *words), cwd=tree.snapshot, env=env, check=True, capture_output=True)
    out = tree.root / "truth.json"
    subprocess.run((*command, "json", "-q", "-o", str(out)), cwd=tree.snapshot, env=env, check=True)
    found = json.loads(out.read_text())["files"][path]
    return {
        name: {tuple(each) if isinstance(each, list) else each for each in found[name]}
        for name in ("executed_lines", "missing_lines", "executed_branches", "missing_branches")
    }


def test_lines_and_branches_are_those_of_coverage_pys_tracer(tree_of_each: ProjectTree) -> None:
    tree = tree_of_each.write({"src/samples.py": SAMPLES, "tests/test_samples.py": TESTS})

    run = tree.run(trace=("src/samples.py",))

    assert run.problem is None
    found, expected = of(run, "src/samples.py"), truth(tree, "src/samples.py")
    assert found.executable - found.missing == expected["executed_lines"] & found.executable
    assert found.missing == expected["missing_lines"]
    taken, left = found.executed_branches, found.missing_branches
    # Nothing tells Python 3.12 and 3.13 of the end of an `async for`: it is in neither set.
    unknown = _apart(expected["executed_branches"]) - _apart(taken)
    assert unknown <= {(ASYNC_FOR, ASYNC_FOR + 3)}
    assert _apart(taken) | unknown == _apart(expected["executed_branches"])
    assert _apart(left) == _apart(expected["missing_branches"])
    assert _apart(found.branch_tests) == _apart(taken)


def _apart(branches: Iterable[object]) -> set[object]:
    """Leave out what coverage.py takes for branches where a body stands on the line of its def."""
    return {each for each in branches if isinstance(each, tuple) and each[0] != ONE_LINE}


USERS = """\
import pathlib
import subprocess
import sys
import threading

import pytest

from shop import core


@pytest.fixture(scope="session")
def shared():
    return core.shared()


@pytest.fixture
def own():
    yield core.before()
    core.after()


def test_first(shared):
    pass


def test_second(shared, own):
    pass


def test_thread():
    thread = threading.Thread(target=core.threaded)
    thread.start()
    thread.join()


def test_lazy():
    from shop import lazy

    lazy.used()


def test_process():
    subprocess.run([sys.executable, "-c", "pass"], check=True)


def test_collected_only():
    assert core.AT_IMPORT == 7
"""
CORE = """\
def at_import():
    return 7


AT_IMPORT = at_import()


def shared():
    return 1


def before():
    return 2


def after():
    return 3


def threaded():
    return 4
"""


def test_code_belongs_to_the_test_that_made_it_run(tree_of_each: ProjectTree) -> None:
    tree = tree_of_each.write(
        {
            "src/shop/__init__.py": "",
            "src/shop/core.py": CORE,
            "src/shop/lazy.py": "def used():\n    return 1\n",
            "tests/test_users.py": USERS,
        }
    )

    run = tree.run(trace=("src/shop/core.py", "src/shop/lazy.py"))

    assert run.problem is None
    core = "src/shop/core.py"
    assert who_ran(run, core, 2) == set(), "executed while the module was imported"
    assert 2 not in of(run, core).missing
    assert who_ran(run, core, 9) == {"test_first"}, "the first user of a session fixture"
    assert who_ran(run, core, 13) == {"test_second"}
    assert who_ran(run, core, 17) == {"test_second"}, "the end of a fixture"
    assert who_ran(run, core, 21) == {"test_thread"}
    assert who_ran(run, "src/shop/lazy.py", 2) == {"test_lazy"}
    assert run.process_tests == ("tests/test_users.py::test_process",)


HOT = """\
def search(n):
    for i in range(n):
        if i == n - 1:
            return i
        if i < 0:
            raise ValueError
    return None
"""


def test_a_branch_of_a_hot_loop_is_never_called_missing_when_it_was_taken(
    tree_of_each: ProjectTree,
) -> None:
    test = "from hot import search\n\n\ndef test_search():\n    assert search(5000) == 4999\n"
    tree = tree_of_each.write({"src/hot.py": HOT, "tests/test_hot.py": test})

    found = of(tree.run(trace=("src/hot.py",)), "src/hot.py")

    assert found.missing == {6, 7}
    assert (3, 4) not in found.missing_branches
    assert (5, 6) in found.missing_branches


CART = """\
def total(prices):
    if not prices:
        return 0
    return sum(prices)


def other():
    return 1
"""
WAVES = {
    "src/cart.py": CART,
    "tests/test_a.py": "from cart import total\n\n\ndef test_sum():\n    assert total([1]) == 1\n",
    "tests/test_b.py": (
        "from cart import total\n\n\ndef test_none():\n    assert total([]) == 0\n\n\n"
        "def test_more():\n    assert total([2]) == 2\n"
    ),
    "tests/test_c.py": "def test_far():\n    assert True\n",
}


def waved(tree: ProjectTree, *waves: tuple[str, ...], minimum: float = 100.0) -> PytestRun:
    goal = Goal(PurePosixPath("src/cart.py"), frozenset({2, 3, 4}), minimum)
    request = PytestRequest((), (PurePosixPath("src/cart.py"),), waves=waves, goals=(goal,))
    return tree.runner().run(request, Deadline(60.0, lambda: 0.0))


def names(run: PytestRun) -> list[str]:
    assert run.problem is None, run.problem
    assert {result.outcome for result in run.results} <= {NodeOutcome.PASSED}
    return [result.node_id.rpartition("::")[2] for result in run.results]


A, B, C = "tests/test_a.py", "tests/test_b.py", "tests/test_c.py"


def test_waves_end_where_the_goal_is_reached(tree_of_each: ProjectTree) -> None:
    tree = tree_of_each.write(WAVES)

    run = waved(tree, (A,), (f"{B}::test_none",), (B,), (C,))

    assert names(run) == ["test_sum", "test_none"]
    assert run.stopped_early


def test_a_goal_that_is_not_reached_runs_all_once(tree_of_each: ProjectTree) -> None:
    tree = tree_of_each.write(WAVES)

    run = waved(tree, (f"{B}::test_more",), (B, A), (C,), minimum=101.0)

    assert sorted(names(run)) == ["test_far", "test_more", "test_none", "test_sum"]
    assert not run.stopped_early


def test_a_wave_of_a_file_that_is_gone_is_passed_over(tree: ProjectTree) -> None:
    tree.write(WAVES)

    run = waved(tree, ("tests/test_gone.py",), (A,), (B,))

    assert sorted(names(run)) == ["test_more", "test_none", "test_sum"] or run.stopped_early
    assert [path for path, _ in run.collection_errors] == ["tests/test_gone.py"]


def test_after_the_time_no_further_test_begins(tree: ProjectTree) -> None:
    tree.write(WAVES)
    request = PytestRequest((A, B), (PurePosixPath("src/cart.py"),), soft_seconds=0.0)

    run = tree.runner().run(request, Deadline(60.0, lambda: 0.0))

    assert run.results == ()
    assert run.out_of_time
    assert run.problem is None


def test_tests_that_need_not_run_do_not(tree: ProjectTree) -> None:
    tree.write(WAVES)
    known = frozenset({f"{B}::test_none"})
    request = PytestRequest((A, B), (PurePosixPath("src/cart.py"),), without=known)

    assert names(tree.runner().run(request, Deadline(60.0, lambda: 0.0))) == [
        "test_sum",
        "test_more",
    ]


def test_pytest_cov_does_not_interfere(make_environment: MakeEnvironment, tmp_path: Path) -> None:
    python = make_environment("environment-cov", sys.executable, "pytest", "coverage", "pytest-cov")
    tree = ProjectTree(python, tmp_path)
    tree.write({**WAVES, "pytest.ini": "[pytest]\naddopts = --cov --cov-fail-under=100\n"})

    assert sorted(names(waved(tree, (A,), (B,), minimum=101.0))) == [
        "test_more",
        "test_none",
        "test_sum",
    ]


BREAKS = {
    "conftest.py": "def pytest_sessionfinish():\n    raise OSError('the disk is full')\n",
    **WAVES,
}


def test_what_was_measured_is_said_also_when_a_plugin_breaks_the_end(tree: ProjectTree) -> None:
    tree.write(BREAKS)

    run = tree.run(A, B, trace=("src/cart.py",))

    assert run.problem is not None
    assert len(run.results) == 3
    assert of(run, "src/cart.py").missing == {8}


MANY = """\
import pytest

from cart import other, total

{functions}

@pytest.mark.parametrize("n", range(40))
def test_variant(n):
    assert total([n]) == n


def test_late():
    assert total([]) == 0


def test_last():
    assert total([1]) == 1
    assert other() == 1
"""


def test_every_test_of_a_hub_is_known_and_what_it_alone_executes(
    tree_of_each: ProjectTree,
) -> None:
    functions = "\n".join(f"def test_{n}():\n    assert total([1]) == 1\n" for n in range(60))
    tree = tree_of_each.write(
        {"src/cart.py": CART, "tests/test_many.py": MANY.format(functions=functions)}
    )

    run = tree.run(trace=("src/cart.py",))

    cart = "src/cart.py"
    everybody = {each.node_id.rpartition("::")[2] for each in run.results}
    assert len(everybody) == 102
    assert who_ran(run, cart, 2) == everybody, "the first line stands for entering the function"
    assert who_ran(run, cart, 3) == {"test_late"}
    assert len(who_ran(run, cart, 4)) >= 8
    assert "test_late" not in who_ran(run, cart, 4)
    assert who_ran(run, cart, 8) == {"test_last"}
    assert of(run, cart).missing == frozenset()
    assert of(run, cart).missing_branches == frozenset()
    assert of(run, cart).branch_tests[2, 3] == ("tests/test_many.py::test_late",)


RESUMED = """\
import cart

STEPS = cart.steps()


{functions}

def test_goes_on():
    next(STEPS)


def test_goes_on_further():
    next(STEPS)
"""
STEPS = """\
def steps():
    n = 0
    yield n
    n = 1
    yield n
    n = 2
"""


def test_a_generator_that_others_began_belongs_to_who_goes_on(tree_of_each: ProjectTree) -> None:
    functions = "\n".join(f"def test_{n}():\n    next(cart.steps())\n" for n in range(20))
    tree = tree_of_each.write(
        {"src/cart.py": STEPS, "tests/test_many.py": RESUMED.format(functions=functions)}
    )

    run = tree.run(trace=("src/cart.py",))

    assert {"test_0", "test_19", "test_goes_on"} <= who_ran(run, "src/cart.py", 2)
    assert "test_goes_on_further" not in who_ran(run, "src/cart.py", 2)
    assert who_ran(run, "src/cart.py", 4) == {"test_goes_on_further"}
    assert of(run, "src/cart.py").missing == {6}


AUDITED = """\
import sys

import pytest

EVENTS = []
sys.addaudithook(lambda event, _: EVENTS.append(event))


@pytest.fixture
def events():
    return EVENTS
"""


def test_measuring_a_line_is_no_audit_event(tree_of_each: ProjectTree) -> None:
    test = """\
from cart import total

def test_total(events):
    events.clear()
    total([1])
    assert events == []
"""
    tree = tree_of_each.write(
        {"conftest.py": AUDITED, "src/cart.py": CART, "tests/test_cart.py": test}
    )

    assert names(tree.run(trace=("src/cart.py",))) == ["test_total"]


def test_the_harness_and_who_remembers_mean_the_same_number() -> None:
    from sloptest_hook.pipeline import settled
    from sloptest_hook.running.harness import watched

    assert watched._ENOUGH == settled._KNOWN_IN_FULL
