"""Candidates to tests that have proved themselves: merged, run alone and in company, traced.

A test that fails is taken out and the rest is merged and run again, so that what is kept was seen
to pass in exactly the bytes that are staged.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath

from sloptest_hook.pipeline.trial import Trial, failures_of, not_found_again
from sloptest_hook.pipeline.workshop import PytestRunner
from sloptest_hook.values.candidate import Candidate, MergedFile
from sloptest_hook.values.confinement import Confinement
from sloptest_hook.values.coverage import FileCoverage
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.pytest_run import NodeResult, PytestRequest
from sloptest_hook.values.records import dataclass, field, replace
from sloptest_hook.values.source import Symbol

# Every round takes out at least one test; what still fails after so many is given up.
_ROUNDS = 12
# Two orders of sets and dicts with str keys: what depends on one shows under the other.
_HASH_SEEDS = (1, 2)
# A run that cannot even start pytest proves nothing and looks like a failure.
_LEAST_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Dropped:
    """A written test that did not prove itself, and why, for a person to read."""

    symbol: Symbol
    name: str
    reason: str
    out_of_time: bool = False


@dataclass(frozen=True, slots=True)
class Proved:
    """Merged files whose every added test passed, and what those tests executed.

    ``not_started`` is why pytest itself did not run, ``refused`` why nothing may run at the level
    of confinement that there is: then nothing was proved.
    """

    files: tuple[MergedFile, ...] = ()
    coverage: tuple[FileCoverage, ...] = ()
    results: tuple[NodeResult, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    rounds: int = 0
    confinement: Confinement = field(default_factory=Confinement)
    not_started: str | None = None
    refused: str = ""


Gate = Callable[[Sequence[FileCoverage], Sequence[MergedFile]], Mapping[str, str]]


def _nothing_against(
    _coverage: Sequence[FileCoverage], _files: Sequence[MergedFile]
) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class Proof:
    """What the proof of one commit's candidates rests on.

    ``merged`` puts candidates into files, leaving out files that get nothing. ``baseline`` tells
    what the existing tests of such files did without the new ones; ``company`` are test files that
    execute the same modules. ``gate`` returns, by node id, why tests that passed are not worth
    keeping, from what they executed; ``last_gate`` does the same and is dear: it is asked of those
    that have passed everything else.
    """

    merged: Callable[[Sequence[Candidate]], tuple[MergedFile, ...]]
    baseline: Callable[[Sequence[MergedFile]], Mapping[str, NodeResult]]
    company: tuple[str, ...]
    gate: Gate
    last_gate: Gate = _nothing_against


def prove(
    candidates: Sequence[Candidate],
    proof: Proof,
    write: Callable[[Sequence[MergedFile]], None],
    runner: PytestRunner,
    deadline: Deadline,
) -> Proved:
    """Return the files in which every added test passes, and what was dropped on the way.

    ``write`` puts merged files into the snapshot.
    """
    dropped: list[Dropped] = []
    files = proof.merged(candidates)
    baseline: dict[str, NodeResult] = {}
    known: set[PurePosixPath] = set()
    attempt = 0
    for attempt in range(1, _ROUNDS + 1):
        if not files or deadline.remaining < _LEAST_SECONDS:
            break
        # A file may get its first new test in a later round: then it still stands as it was.
        baseline |= proof.baseline([file for file in files if file.path not in known])
        known |= {file.path for file in files}
        write(files)
        trial = _tried(files, runner, proof, baseline, deadline)
        if trial.not_started is not None:
            return Proved(
                dropped=tuple(dropped),
                rounds=attempt,
                confinement=trial.confinement,
                not_started=trial.not_started,
                refused=trial.refused,
            )
        if not trial.failures:
            return Proved(
                files, trial.coverage, trial.results, tuple(dropped), attempt, trial.confinement
            )
        dropped += _dropped(files, trial)
        candidates = _without(candidates, dropped)
        files = proof.merged(candidates)
    dropped += _all_dropped(files, out_of_time=deadline.remaining < _LEAST_SECONDS)
    return Proved(dropped=tuple(dropped), rounds=attempt)


def _tried(
    files: Sequence[MergedFile],
    runner: PytestRunner,
    proof: Proof,
    baseline: Mapping[str, NodeResult],
    deadline: Deadline,
) -> Trial:
    """Run the new tests alone, then with their neighbours, under each seed; stop at a failure."""
    nodes = tuple(file.node_id(added) for file in files for added in file.added)
    trace = tuple(sorted({added.symbol.path for file in files for added in file.added}))
    alone = PytestRequest(nodes, generated=frozenset(nodes))
    shared = tuple(str(file.path) for file in files if file.added)
    others = tuple(path for path in proof.company if path not in shared)
    # Before the others and after them: what a test leaves behind shows in the next one.
    crowds = (others + shared, shared + others)
    alone_in_new_files = not others and all(file.before is None for file in files)

    first = runner.run(replace(alone, trace=trace, hash_seed=_HASH_SEEDS[0]), deadline)
    if not first.started:
        return Trial(
            {},
            confinement=first.confinement,
            not_started=first.problem,
            refused=first.refused,
        )
    failures = failures_of(first, files, baseline) or proof.gate(first.coverage, files)
    late = first.timed_out and deadline.passed
    requests = [replace(alone, hash_seed=_HASH_SEEDS[1])]
    if not alone_in_new_files:
        requests += [
            replace(alone, select=crowd, hash_seed=seed)
            for crowd, seed in zip(crowds, _HASH_SEEDS, strict=True)
        ]
    for request in requests:
        if failures:
            break
        run = runner.run(request, deadline)
        failures = failures_of(run, files, baseline)
        if request.select != nodes:
            failures = failures or not_found_again(run, files, baseline)
        late = run.timed_out and deadline.passed
    failures = failures or proof.last_gate(first.coverage, files)
    return Trial(failures, first.coverage, first.results, first.confinement, out_of_time=late)


def _dropped(files: Sequence[MergedFile], trial: Trial) -> list[Dropped]:
    return [
        Dropped(added.symbol, added.written.name, reason, trial.out_of_time)
        for file in files
        for added in file.added
        if (reason := trial.failures.get(file.node_id(added))) is not None
    ]


def _all_dropped(files: Sequence[MergedFile], *, out_of_time: bool) -> list[Dropped]:
    reason = (
        "the time budget ended before it had proved itself"
        if out_of_time
        else "other tests of the same run kept failing beside it"
    )
    return [
        Dropped(added.symbol, added.written.name, reason, out_of_time)
        for file in files
        for added in file.added
    ]


def _without(candidates: Sequence[Candidate], dropped: Sequence[Dropped]) -> list[Candidate]:
    gone = {(each.symbol, each.name) for each in dropped}
    left = [
        replace(
            candidate,
            tests=tuple(
                test for test in candidate.tests if (candidate.target.symbol, test.name) not in gone
            ),
        )
        for candidate in candidates
    ]
    return [candidate for candidate in left if candidate.tests]
