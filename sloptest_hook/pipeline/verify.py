"""Candidates to tests that have proved themselves: merged, run alone and in company, traced.

What fails is taken out and the rest is merged and run again, so that what is kept was seen to pass
in exactly the bytes that are staged. Where a run does not tell who is at fault, one half is proved
first and the other on top of it. When the time ends, what has been proved by then is kept.
"""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from sloptest_hook.pipeline.proof import Dropped, Proof, Proved
from sloptest_hook.pipeline.trial import (
    Trial,
    failures_of,
    harm_of,
    not_found_again,
    passed_in,
)
from sloptest_hook.pipeline.workshop import PytestRunner
from sloptest_hook.values.candidate import Candidate, MergedFile
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.pytest_run import NodeResult, PytestRequest, PytestRun, function_of
from sloptest_hook.values.records import replace
from sloptest_hook.values.source import Symbol

# Two orders of sets and dicts with str keys: what depends on one shows under the other.
_HASH_SEEDS = (1, 2)
# A run that cannot even start pytest proves nothing and looks like a failure.
_LEAST_SECONDS = 0.5
# Of the time that is left: a trial that takes longer leaves some to prove a part of the tests.
_TRIAL_SHARE = 0.6
_LATE = "the time budget ended before it had proved itself"


def prove(
    candidates: Sequence[Candidate],
    proof: Proof,
    write: Callable[[Sequence[MergedFile]], None],
    runner: PytestRunner,
    deadline: Deadline,
) -> Proved:
    """Return the files in which every added test passes, and what was dropped on the way.

    ``write`` puts merged files into the snapshot, which holds the files that are returned in the
    end.
    """
    bench = Bench(proof, write, runner, deadline)
    bench.add(candidates)
    return bench.result()


class Bench:
    """What has been proved so far, and what was taken out."""

    def __init__(
        self,
        proof: Proof,
        write: Callable[[Sequence[MergedFile]], None],
        runner: PytestRunner,
        deadline: Deadline,
    ) -> None:
        self._proof = proof
        self._write = write
        self._runner = runner
        self._deadline = deadline
        self._kept: tuple[Candidate, ...] = ()
        self._proved = Proved()
        self._written: tuple[MergedFile, ...] = ()
        self._dropped: list[Dropped] = []
        self._details: dict[tuple[Symbol, str], str] = {}
        self._baseline: dict[str, NodeResult] = {}
        self._known: set[PurePosixPath] = set()
        self._rounds = 0
        self._is_over = False
        self._slice = _LEAST_SECONDS  # of the trial that was made last

    def add(self, candidates: Sequence[Candidate]) -> None:
        """Prove these on top of what is kept; what does not prove itself is dropped."""
        while candidates and not self._is_over:
            if self._deadline.remaining < _LEAST_SECONDS:
                self._drop(candidates, dict.fromkeys(_names(candidates), _LATE), late=True)
                return
            files = self._proof.merged((*self._kept, *candidates))
            if not files:
                return
            trial = self._tried(files)
            if trial.not_started is not None:
                self._end(trial)
                return
            if not trial.failures:
                self._keep(candidates, files, trial)
                return
            candidates = self._without_failures(candidates, files, trial)

    def result(self) -> Proved:
        """Return what is proved, with the snapshot as it was when that was seen."""
        self._show(self._proved.files)
        return replace(self._proved, dropped=tuple(self._dropped), rounds=self._rounds)

    def _keep(
        self, candidates: Sequence[Candidate], files: tuple[MergedFile, ...], trial: Trial
    ) -> None:
        self._kept = (*self._kept, *candidates)
        self._proved = Proved(files, trial.coverage, trial.results, confinement=trial.confinement)

    def _end(self, trial: Trial) -> None:
        self._is_over = True
        self._proved = Proved(
            confinement=trial.confinement, not_started=trial.not_started, refused=trial.refused
        )

    def _without_failures(
        self, candidates: Sequence[Candidate], files: Sequence[MergedFile], trial: Trial
    ) -> Sequence[Candidate]:
        """Return what is to be tried next; what need not be tried again has been dropped."""
        blamed = {
            name: trial.failures[node] for name, node in _added(files) if node in trial.failures
        }
        own = {name: why for name, why in blamed.items() if name in set(_names(candidates))}
        if trial.out_of_time:
            return self._in_time(candidates, files, trial)
        # What was proved before fails now: one of those that were added is at fault.
        together = trial.together or not own
        why = next(iter(blamed.values()), "it fails beside the others")
        suspects = own or dict.fromkeys(_names(candidates), why)
        if not together or len(suspects) == 1:
            self._drop(candidates, suspects)
            return _without(candidates, suspects)
        self.add(_without(candidates, suspects))
        names = [name for name in _names(candidates) if name in suspects]
        half = len(names) // 2
        self.add(_only(candidates, names[:half]))
        return _only(candidates, names[half:])

    def _in_time(
        self, candidates: Sequence[Candidate], files: Sequence[MergedFile], trial: Trial
    ) -> Sequence[Candidate]:
        """Prove as many as the time may hold, and return the others: they may fit in what is left.

        That is as many as pass in the next trial at the pace of the last one, and half of it for
        the company.
        """
        names = _names(candidates)
        if len(names) == 1:
            self._drop(candidates, dict.fromkeys(names, _LATE), late=True)
            return ()
        passed = {name for name, node in _added(files) if node in trial.passed}
        quick = [name for name in names if name in passed] or names
        pace = len(trial.passed) / self._slice
        most = min(int(pace * self._next_slice() / 2), len(names) // 2)
        part = quick[: max(1, most)]
        self.add(_only(candidates, part))
        return _without(candidates, part)

    def _drop(
        self,
        candidates: Sequence[Candidate],
        reasons: Mapping[tuple[Symbol, str], str],
        *,
        late: bool = False,
    ) -> None:
        self._dropped += [
            Dropped(*name, reasons[name], late, self._details.get(name, ""))
            for name in _names(candidates)
            if name in reasons
        ]

    def _tried(self, files: tuple[MergedFile, ...]) -> Trial:
        """Run the new tests alone, then with their neighbours, under each seed, until one fails."""
        self._rounds += 1
        # A file may get its first new test in a later round: then it still stands as it was.
        self._baseline |= self._proof.baseline([f for f in files if f.path not in self._known])
        self._known |= {file.path for file in files}
        self._show(files)
        self._slice = self._next_slice()
        deadline = self._deadline.within(self._slice)
        traced, again = self._runner.run_together(alone(files), deadline)
        trial = Trial(
            {},
            passed=passed_in(traced),
            coverage=traced.coverage,
            results=traced.results,
            confinement=traced.confinement,
        )
        if not traced.started:
            return replace(trial, not_started=traced.problem, refused=traced.refused)
        for run in (traced, again):
            trial = self._judged(trial, run, files, deadline)
        if not trial.failures:
            trial = replace(trial, failures=self._proof.gate(trial.coverage, files))
        for request in self._in_company(files):
            if trial.failures:
                break
            run = self._runner.run(request, deadline)
            trial = self._judged(trial, run, files, deadline)
            if not trial.failures:
                lost = not_found_again(run, files, self._baseline)
                trial = replace(trial, failures=lost, together=bool(lost))
        if not trial.failures:
            trial = replace(trial, failures=self._proof.last_gate(trial.coverage, files))
        return trial

    def _show(self, files: tuple[MergedFile, ...]) -> None:
        """Put the files into the snapshot, and what was there before into those that have no part.

        A test that was taken out must not run on beside the others, where nobody watches it.
        """
        if files == self._written:
            return
        paths = {file.path for file in files}
        left = [each for each in self._written if each.path not in paths]
        restored = [replace(each, after=each.before or b"", added=()) for each in left]
        self._write((*files, *restored))
        self._written = files

    def _next_slice(self) -> float:
        return max(_LEAST_SECONDS, _TRIAL_SHARE * self._deadline.remaining)

    def _judged(
        self, trial: Trial, run: PytestRun, files: Sequence[MergedFile], deadline: Deadline
    ) -> Trial:
        """Return the trial with what a run says, unless one before has said something."""
        if trial.failures:
            return trial
        said = {function_of(each.node_id): each.detail for each in run.results if each.detail}
        self._details |= {name: said[node] for name, node in _added(files) if node in said}
        harm = harm_of(run, files, self._baseline)
        return replace(
            trial,
            failures=harm or failures_of(run, files),
            together=bool(harm),
            out_of_time=run.timed_out and deadline.passed,
        )

    def _in_company(self, files: Sequence[MergedFile]) -> list[PytestRequest]:
        """Return runs of whole files, with the others before them and after them.

        What a test leaves behind shows in the next one.
        """
        shared = tuple(str(file.path) for file in files if file.added)
        others = tuple(path for path in self._proof.company if path not in shared)
        if not others and all(file.before is None for file in files):
            return []
        nodes = frozenset(node for _, node in _added(files))
        crowds = (others + shared, shared + others)
        return [
            PytestRequest(crowd, generated=nodes, hash_seed=seed, generated_first=is_last)
            for crowd, seed, is_last in zip(crowds, _HASH_SEEDS, (False, True), strict=True)
        ]


def alone(files: Sequence[MergedFile]) -> tuple[PytestRequest, PytestRequest]:
    """Return two runs of the new tests alone, the first of them traced."""
    nodes = tuple(node for _, node in _added(files))
    trace = tuple(sorted({added.symbol.path for file in files for added in file.added}))
    request = PytestRequest(nodes, generated=frozenset(nodes))
    first, second = _HASH_SEEDS
    return replace(request, trace=trace, hash_seed=first), replace(request, hash_seed=second)


def _added(files: Sequence[MergedFile]) -> Iterator[tuple[tuple[Symbol, str], str]]:
    """Yield what an added test was called when it was written, and its node id."""
    for file in files:
        for added in file.added:
            yield (added.symbol, added.written.name), file.node_id(added)


def _names(candidates: Sequence[Candidate]) -> list[tuple[Symbol, str]]:
    return [(each.target.symbol, test.name) for each in candidates for test in each.tests]


def _without(
    candidates: Sequence[Candidate], gone: Container[tuple[Symbol, str]]
) -> list[Candidate]:
    return _only(candidates, [name for name in _names(candidates) if name not in gone])


def _only(
    candidates: Sequence[Candidate], wanted: Container[tuple[Symbol, str]]
) -> list[Candidate]:
    """Return the candidates with these tests alone; one without any is left out."""
    left = [
        replace(
            each,
            tests=tuple(test for test in each.tests if (each.target.symbol, test.name) in wanted),
        )
        for each in candidates
    ]
    return [each for each in left if each.tests]
