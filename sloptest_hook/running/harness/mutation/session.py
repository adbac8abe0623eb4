"""Edge: the warm session: tests are collected once, and every mutant is a fork of that moment."""

from __future__ import annotations

import gc
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Callable, NamedTuple

import pytest

from ..confining import limits
from .code_objects import Incompetent, ModuleText, Needs
from .crew import Done, Job, forked
from .live import CalledEarly, LiveFunctions
from .tests_run import Reports

KILLED, SURVIVED, TIMEOUT = "killed", "survived", "timeout"
INCOMPETENT, EQUIVALENT, UNTRIED, COLD = "incompetent", "equivalent", "untried", "cold"
_LEAST_CPU, _CPU_FACTOR = 0.5, 6.0  # seconds, and times what the tests take unmutated
_LEAST_SECONDS, _FACTOR = 3.0, 20.0  # by the clock, which a busy machine stretches
_FORWARDS, _BACKWARDS = "forwards", "backwards"
_LEAST_GROWTH_MB, _GROWTH_FACTOR = 64, 4  # and times what the tests take unmutated
_BASELINE_SHARE = 0.6  # of the time that is left


class MutantText(NamedTuple):
    """A mutant of the request: its file's real path, the span, and its tests by node id."""

    file: str
    start: int
    end: int
    after: str
    tests: Sequence[str]


class Work(NamedTuple):
    """What a session does: ``texts`` by real path, ``until`` a moment of the monotonic clock."""

    mutants: Sequence[MutantText]
    texts: Mapping[str, ModuleText]
    say: Callable[..., None]
    scratch: str
    until: float
    workers: int
    both_orders: bool

    def tell(self, index: int, status: str, by: str = "") -> None:
        """Say what became of a mutant."""
        self.say(kind="mutant", index=index, status=status, by=by)

    def tell_done(self, done: Done) -> bool:
        """Say what became of a fork's mutant; not where it has to be tried otherwise: False."""
        if done.timed_out:
            self.tell(done.job.name, TIMEOUT)
        elif done.answer is None:  # the process is gone: nobody would overlook that
            self.tell(done.job.name, KILLED)
        elif done.answer[0] == COLD:
            return False
        else:
            self.tell(done.job.name, *done.answer)
        return True


def limits_of(seconds: float) -> tuple[float, float]:
    """Return how long a mutant may take by the clock and by the processor, from its tests' time."""
    return _LEAST_SECONDS + _FACTOR * seconds, _LEAST_CPU + _CPU_FACTOR * seconds


class WarmSession:
    """A pytest plugin: in the place of running tests it runs mutants.

    ``seconds`` are those of the tests that pass unmutated, ``cold`` the mutants that need a process
    which imports the project anew; ``ready_s`` is what it took to get where mutants start.
    """

    def __init__(self, work: Work) -> None:
        self._work = work
        self._reports = Reports()
        self._early = CalledEarly(work.texts)
        self._kills: Counter[str] = Counter()
        self._items: dict[str, Any] = {}
        self._begun = time.monotonic()
        self._growth_mb = _LEAST_GROWTH_MB
        self.seconds: dict[str, float] = {}
        self.cold: list[int] = []
        self.ready_s = 0.0

    def begin(self) -> None:
        """Begin to note what importing calls."""
        self._early.begin()

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Keep the tests of the mutants."""
        wanted = {test for mutant in self._work.mutants for test in mutant.tests}
        items[:] = [item for item in items if item.nodeid in wanted]
        self._items = {item.nodeid: item for item in items}

    def pytest_collectreport(self, report: Any) -> None:
        """Say which file could not be collected."""
        if report.failed:
            text = str(report.longrepr).strip().splitlines() or ["it failed"]
            self._work.say(kind="failing", node=report.nodeid, message=text[-1][:200])

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: Any) -> bool:
        """Run every test unmutated, then mutant by mutant the tests that execute it."""
        self._early.end()
        session.config.pluginmanager.register(self._reports)
        self.ready_s = time.monotonic() - self._begun
        live = LiveFunctions(self._work.texts)
        gc.collect()
        gc.freeze()  # what all forks share is not touched in each of them
        if self._is_sound():
            for done in forked(
                self._jobs(live), self._work.scratch, self._work.workers, self._work.until
            ):
                if not self._work.tell_done(done):
                    self.cold.append(done.job.name)
                elif done.answer and done.answer[1]:
                    self._kills[done.answer[1]] += 1
        return True

    def _is_sound(self) -> bool:
        """Run what passes unmutated or not, in a fork: nothing of it is there in the others."""
        left = self._work.until - time.monotonic()
        limit = max(0.1, _BASELINE_SHARE * left)
        items = list(self._items.values())
        jobs = [Job(_FORWARDS, lambda: self._measured(items), limit, limit)]
        if self._work.both_orders:
            jobs.append(Job(_BACKWARDS, lambda: self._measured(items[::-1]), limit, limit))
        backwards: dict[str, bool] = {}
        for done in forked(jobs, self._work.scratch, self._work.workers, self._work.until):
            if done.job.name == _BACKWARDS:
                backwards = {node: passed for node, passed, *_ in (done.answer or [()])[0]}
            elif done.answer is None:
                why = f"did not end within {limit:.1f} s" if done.timed_out else "ended the process"
                self._work.say(kind="problem", message=f"the tests {why} where nothing is changed")
                return False
            else:
                results, grown = done.answer
                self._take(results)
                self._growth_mb = _LEAST_GROWTH_MB + _GROWTH_FACTOR * grown
        for node, passed in backwards.items():
            if passed != (node in self.seconds):
                self._work.say(kind="order", node=node)
        return bool(self.seconds)

    def _take(self, results: Sequence[tuple[str, bool, float, str]]) -> None:
        for node, passed, seconds, message in results:
            if passed:
                self.seconds[node] = seconds
            else:
                self._work.say(kind="failing", node=node, message=message)

    def _measured(self, items: list[Any]) -> tuple[list[tuple[str, bool, float, str]], int]:
        """Return what became of each test, and how many MiB they made this process grow."""
        before = limits.peak_mb()
        return self._run(items), limits.peak_mb() - before

    def _run(self, items: list[Any]) -> list[tuple[str, bool, float, str]]:
        return [
            (item.nodeid, *self._reports.run(item, following))
            for item, following in zip(items, [*items[1:], None])
        ]

    def _jobs(self, live: LiveFunctions) -> Iterator[Job]:
        for index, mutant in enumerate(self._work.mutants):
            tests = [test for test in mutant.tests if test in self.seconds]
            if tests:
                yield self._job(index, mutant, tests, live)

    def _job(self, index: int, mutant: MutantText, tests: list[str], live: LiveFunctions) -> Job:
        # Who has noticed others notices this one too, as a rule.
        tests.sort(key=lambda test: (-self._kills[test], self.seconds[test]))
        items = [self._items[test] for test in tests]

        def attempt() -> tuple[str, str]:
            status = _swapped(self._work.texts[mutant.file], mutant, live, self._early.keys)
            if status:
                return status, ""
            limits.limit_growth(self._growth_mb)  # a loop that does not end fills the memory
            by = self._reports.first_failure(items)
            return (KILLED, by) if by else (SURVIVED, "")

        return Job(index, attempt, *limits_of(sum(self.seconds[test] for test in tests)))


def _swapped(
    text: ModuleText, mutant: MutantText, live: LiveFunctions, called_early: set[Any]
) -> str:
    """Make this process the mutant; returns why it is not, empty: it is."""
    try:
        changes = text.changes(mutant.start, mutant.end, mutant.after)
        if not changes:
            return EQUIVALENT
        live.swap(changes, called_early)
    except Incompetent:
        return INCOMPETENT
    except Needs:
        return COLD
    return ""
