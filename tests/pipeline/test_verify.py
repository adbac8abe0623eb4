from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

import pytest

from sloptest_hook.pipeline.proof import Proof, Proved
from sloptest_hook.pipeline.trial import not_executing
from sloptest_hook.pipeline.verify import prove
from sloptest_hook.values.candidate import Candidate, MergedFile
from sloptest_hook.values.coverage import FileCoverage
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.pytest_run import NodeResult, PytestRequest, PytestRun
from sloptest_hook.values.records import replace
from tests.pipeline.conftest import (
    TESTS,
    ScriptedRunner,
    candidate,
    merged,
    open_window,
    result,
)


@dataclass
class Drawer:
    """Takes what is written into the snapshot."""

    written: list[tuple[MergedFile, ...]] = field(default_factory=list)

    def __call__(self, files: Sequence[MergedFile]) -> None:
        self.written.append(tuple(files))


def proved(
    runner: ScriptedRunner,
    *candidates: Candidate,
    before: bytes | None = None,
    baseline: Mapping[str, NodeResult] | None = None,
    company: tuple[str, ...] = (),
    deadline: Deadline | None = None,
) -> Proved:
    def files(kept: Sequence[Candidate]) -> tuple[MergedFile, ...]:
        return (merged(*kept, before=before),) if kept else ()

    def gate(coverage: Sequence[FileCoverage], files: Sequence[MergedFile]) -> Mapping[str, str]:
        return not_executing(coverage, files)

    proof = Proof(files, lambda _files: baseline or {}, company, gate)
    return prove(candidates, proof, Drawer(), runner, deadline or open_window())


def names(files: Sequence[MergedFile]) -> list[str]:
    return [added.name for file in files for added in file.added]


def test_tests_that_pass_every_time_are_kept() -> None:
    done = proved(ScriptedRunner(), candidate("test_a", "test_b"))
    assert names(done.files) == ["test_a", "test_b"]
    assert done.dropped == ()


def test_a_new_file_is_run_under_two_hash_seeds() -> None:
    runner = ScriptedRunner()
    proved(runner, candidate("test_a"))
    assert [request.hash_seed for request in runner.requests] == [1, 2]


def test_a_file_with_other_tests_is_run_as_a_whole_too() -> None:
    runner = ScriptedRunner()
    proved(runner, candidate("test_a"), before=b"def test_mine(): pass\n")
    selections = [(request.select, request.hash_seed) for request in runner.requests]
    alone, whole = (f"{TESTS}::test_a",), (str(TESTS),)
    assert selections == [(alone, 1), (alone, 2), (whole, 1), (whole, 2)]


@pytest.mark.parametrize(
    "runner",
    [
        pytest.param(ScriptedRunner(failing=frozenset({"test_b"})), id="always"),
        pytest.param(ScriptedRunner(failing_under_seed={"test_b": 2}), id="under a hash seed"),
        pytest.param(ScriptedRunner(failing_in_company=frozenset({"test_b"})), id="in company"),
        pytest.param(ScriptedRunner(idle=frozenset({"test_b"})), id="green about nothing"),
    ],
)
def test_a_test_that_does_not_prove_itself_is_dropped_alone(runner: ScriptedRunner) -> None:
    done = proved(runner, candidate("test_a", "test_b"), before=b"def test_mine(): pass\n")
    assert names(done.files) == ["test_a"]
    assert [each.name for each in done.dropped] == ["test_b"]


def test_what_is_left_is_proved_again_from_the_start() -> None:
    runner = ScriptedRunner(failing=frozenset({"test_b"}))
    proved(runner, candidate("test_a", "test_b"))
    assert [len(request.generated) for request in runner.requests] == [2, 2, 1, 1]


def test_a_test_that_breaks_its_neighbour_is_dropped() -> None:
    runner = ScriptedRunner(neighbours=("test_mine",), failing_in_company=frozenset({"test_mine"}))
    passed = {f"{TESTS}::test_mine": result("test_mine")}
    done = proved(runner, candidate("test_a"), before=b"def test_mine(): pass\n", baseline=passed)
    assert done.files == ()
    assert "test_mine passed without it" in done.dropped[0].reason


def test_a_neighbour_that_failed_before_is_nobodys_fault() -> None:
    runner = ScriptedRunner(neighbours=("test_mine",), failing_in_company=frozenset({"test_mine"}))
    done = proved(runner, candidate("test_a"), before=b"def test_mine(): pass\n")
    assert names(done.files) == ["test_a"]


def test_when_the_time_is_up_nothing_unproved_is_kept() -> None:
    closed = Deadline(at=0.0, clock=lambda: 1.0)
    done = proved(ScriptedRunner(), candidate("test_a"), deadline=closed)
    assert done.files == ()
    assert [each.out_of_time for each in done.dropped] == [True]


def test_without_time_to_start_pytest_nothing_is_run() -> None:
    runner = ScriptedRunner()
    proved(runner, candidate("test_a"), deadline=Deadline(at=0.2, clock=lambda: 0.0))
    assert runner.requests == []


def test_a_new_file_is_run_before_and_after_those_of_the_same_module() -> None:
    runner = ScriptedRunner()
    proved(runner, candidate("test_a"), company=("tests/test_api.py",))
    crowds = [request.select for request in runner.requests[2:]]
    assert crowds == [("tests/test_api.py", str(TESTS)), (str(TESTS), "tests/test_api.py")]


def test_one_crash_after_another_costs_the_tests_that_crash_and_no_other() -> None:
    class Crashing(ScriptedRunner):
        def run(self, request: PytestRequest, deadline: Deadline) -> PytestRun:
            done = super().run(request, deadline)
            crash = [each for each in done.results if "crash" in each.node_id]
            passed = [each for each in done.results if "crash" not in each.node_id]
            return PytestRun(tuple(passed), done.coverage, problem="SIGSEGV" if crash else None)

    crashing = [f"test_crash_{word}" for word in ("a", "b", "c", "d", "e", "f")]
    done = proved(Crashing(), candidate(*crashing, "test_good"))
    assert names(done.files) == ["test_good"]


@dataclass
class Spoiling(ScriptedRunner):
    """Beside these tests an older test fails, and nothing tells which of them it is."""

    spoilers: frozenset[str] = frozenset()

    def run(self, request: PytestRequest, deadline: Deadline) -> PytestRun:
        generated = {node.partition("::")[2] for node in request.generated}
        self.failing_in_company = frozenset({"test_mine"} if generated & self.spoilers else ())
        return super().run(request, deadline)


ALL = tuple(f"test_{letter}" for letter in "abcdefghijklmnop")


@pytest.mark.parametrize("spoilers", [{"test_a"}, {"test_p"}, {"test_c", "test_d", "test_k"}])
def test_who_spoils_another_test_is_found_by_halves(spoilers: set[str]) -> None:
    runner = Spoiling(neighbours=("test_mine",), spoilers=frozenset(spoilers))
    passed = {f"{TESTS}::test_mine": result("test_mine")}
    done = proved(runner, candidate(*ALL), before=b"def test_mine(): pass\n", baseline=passed)
    assert {each.name for each in done.dropped} == spoilers
    assert names(done.files) == [name for name in ALL if name not in spoilers]
    assert done.rounds < 4 * len(ALL)


def test_two_that_only_fail_together_cost_one_of_them() -> None:
    class Rivals(ScriptedRunner):
        def run(self, request: PytestRequest, deadline: Deadline) -> PytestRun:
            generated = {node.partition("::")[2] for node in request.generated}
            both = {"test_a", "test_d"} <= generated
            self.failing = frozenset({"test_a"} if both else ())
            return super().run(request, deadline)

    done = proved(Rivals(), candidate("test_a", "test_b", "test_c", "test_d"))
    assert names(done.files) == ["test_b", "test_c", "test_d"]


@dataclass
class Slow(ScriptedRunner):
    """Every test takes a second, and a run ends with its time."""

    now: list[float] = field(default_factory=lambda: [0.0])

    def run(self, request: PytestRequest, deadline: Deadline) -> PytestRun:
        done = super().run(request, deadline)
        fits = int(deadline.remaining)
        self.now[0] = min(deadline.at, self.now[0] + len(done.results))
        if fits >= len(done.results):
            return done
        return PytestRun(done.results[:fits], problem="pytest ran out of time", timed_out=True)


def test_what_the_time_does_not_reach_is_late_and_the_rest_is_kept() -> None:
    runner = Slow()
    window = Deadline(12.0, lambda: runner.now[0])
    done = proved(runner, candidate(*ALL), deadline=window)
    assert names(done.files), "the best part is kept"
    assert names(done.files) + [each.name for each in done.dropped] == list(ALL)
    assert all(each.out_of_time for each in done.dropped)


def test_what_was_proved_before_the_time_ended_stays() -> None:
    """The first half is proved; the run of the other one does not come back in time."""

    class Stuck(Spoiling):
        def run(self, request: PytestRequest, deadline: Deadline) -> PytestRun:
            if "test_b" in str(request.generated) and len(request.generated) < 4:
                now[0] = 11.0
                return PytestRun(problem="pytest ran out of time", timed_out=True)
            return super().run(request, deadline)

    now = [0.0]
    drawer = Drawer()
    runner = Stuck(neighbours=("test_mine",), spoilers=frozenset({"test_d"}))
    before = b"def test_mine(): pass\n"
    proof = Proof(
        lambda kept: (merged(*kept, before=before),) if kept else (),
        lambda _files: {f"{TESTS}::test_mine": result("test_mine")},
        (),
        not_executing,
    )
    four = candidate("test_a", "test_c", "test_b", "test_d")
    done = prove([four], proof, drawer, runner, Deadline(10.0, lambda: now[0]))
    assert names(done.files) == ["test_a", "test_c"]
    assert drawer.written[-1] == done.files, "the snapshot holds what was proved"


def test_a_file_whose_tests_have_all_gone_is_as_it_was_in_the_snapshot() -> None:
    other = PurePosixPath("tests/test_other.py")

    def files(kept: Sequence[Candidate]) -> tuple[MergedFile, ...]:
        good = [each for each in kept if each.tests[0].name == "test_a"]
        bad = [each for each in kept if each not in good]
        both = ((good, TESTS, None), (bad, other, b"mine\n"))
        return tuple(
            replace(merged(*some, path=path, before=before), after=b"more\n")
            for some, path, before in both
            if some
        )

    drawer = Drawer()
    proof = Proof(files, lambda _files: {}, (), lambda _coverage, _files: {})
    runner = ScriptedRunner(failing=frozenset({"test_b"}))
    done = prove([candidate("test_a"), candidate("test_b")], proof, drawer, runner, open_window())

    snapshot = {file.path: file.after for files in drawer.written for file in files}
    assert names(done.files) == ["test_a"]
    assert snapshot == {TESTS: b"more\n", other: b"mine\n"}
