"""Edge: mutants of the snapshot, tried in the project's interpreter, confined like all new code."""

import os
from collections.abc import Mapping

from sloptest_hook.errors import RunnerError
from sloptest_hook.running.mutation_reply import mutation_run
from sloptest_hook.running.process import open_harness
from sloptest_hook.running.runner import SnapshotRunner
from sloptest_hook.running.watch import Most
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.mutation import MutationRequest, MutationRun
from sloptest_hook.values.records import dataclass

_LEAST_SECONDS = 0.5  # in less a pytest does not even start
_MEMORY_MB = 2048  # of a fork, and of the two processes that fork
_MOST_WORKERS = 16


@dataclass(frozen=True, slots=True)
class SnapshotMutator:
    """Fits ``Mutator``; where and with which settings, it knows from the runner of tests."""

    runner: SnapshotRunner

    def run(self, request: MutationRequest, deadline: Deadline) -> MutationRun:
        """Try the mutants; what was not reached by the deadline is untried."""
        if not request.trials:
            return MutationRun()
        if self.runner.python.pytest is None:
            return MutationRun(problem="pytest is not installed in the project's environment")
        if deadline.remaining < _LEAST_SECONDS:
            return MutationRun(problem="the time was up before any mutant was tried")
        workers = min(_cores(), _MOST_WORKERS, len(request.trials))
        most = Most(
            memory_mb=_MEMORY_MB * (workers + 1),
            processes=4 * workers + 64,
            starts_processes=self.runner.sandbox.allow_subprocess,
        )
        try:
            with self.runner.room() as room:
                place = self.runner.confined_place("mutating", room, most)
                with open_harness(self.runner.python.executable, place) as harness:
                    body = self.runner.confined_body(place.scratch, deadline)
                    asked = {**body, **_work(request), "workers": workers}
                    reply = harness.ask({**asked, "seconds": deadline.remaining}, deadline)
        except RunnerError as error:
            return MutationRun(problem=str(error))
        return mutation_run(request, reply)


def _work(request: MutationRequest) -> Mapping[str, object]:
    nodes = {test: at for at, test in enumerate(_tests(request))}
    files = {path: at for at, path in enumerate(request.sources)}
    return {
        "nodes": list(nodes),
        "both_orders": request.both_orders,
        "files": [[str(path), text] for path, text in request.sources.items()],
        "mutants": [
            {
                "file": files[trial.path],
                "start": trial.mutant.start,
                "end": trial.mutant.end,
                "after": trial.mutant.after,
                "tests": [nodes[test] for test in trial.tests],
            }
            for trial in request.trials
        ],
    }


def _tests(request: MutationRequest) -> list[str]:
    return list(dict.fromkeys(test for trial in request.trials for test in trial.tests))


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
