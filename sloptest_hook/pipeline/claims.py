"""Claims that code is wrong, held against a run: only what a test shows is ever said."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from sloptest_hook.merging.snippet import joined
from sloptest_hook.pipeline.guarding import judge_candidates
from sloptest_hook.pipeline.job import Job
from sloptest_hook.pipeline.trial import not_executing
from sloptest_hook.pipeline.verify import alone
from sloptest_hook.values.candidate import AddedTest, Candidate, Claim, MergedFile
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.outcome import SuspectedBug
from sloptest_hook.values.plan import Target
from sloptest_hook.values.pytest_run import NodeOutcome, NodeResult
from sloptest_hook.values.source import Symbol

_LEAST_SECONDS = 1.0
_MOST_CLAIMS = 40
_ROOM = "test_sloptest_claim_{}.py"  # in the snapshot alone, and emptied at once
_SHOWS_IT = ("assert ", "AssertionError", "Failed: DID NOT RAISE", "DID NOT RAISE")
_ASSERTED = re.compile(r"assert (.+) == (.+)", re.DOTALL)
_LONGEST = 200


def confirmed(
    job: Job, claims: Sequence[Claim], targets: Sequence[Target], deadline: Deadline
) -> tuple[SuspectedBug, ...]:
    """Return the claims of which the tests fail in the way of a wrong result, one a symbol.

    A test that passes once, is refused, does not execute the symbol, or fails by a fault of its own
    confirms nothing.
    """
    files = _files(job, claims[:_MOST_CLAIMS], {each.symbol: each for each in targets})
    if not files or deadline.remaining < _LEAST_SECONDS:
        return ()
    job.edges.tell(f"claims to look into: {len(files)}")
    written = list(files)
    nodes = [file.node_id(file.added[0]) for file in written]
    job.workshop.snapshot.write(written)
    try:
        runs = job.workshop.runner.run_together(alone(written), deadline)
    finally:
        job.workshop.snapshot.write([MergedFile(each.path, None, b"", ()) for each in written])
    elsewhere = not_executing(runs[0].coverage, written)
    found: dict[Symbol, SuspectedBug] = {}
    for file, node in zip(written, nodes, strict=True):
        claim = files[file]
        seen = [each for run in runs for each in run.results if each.node_id == node]
        shown = len(seen) == len(runs) and all(_shows(each, claim) for each in seen)
        if shown and node not in elsewhere and claim.symbol not in found:
            found[claim.symbol] = _bug(claim, seen[0])
    return tuple(found.values())


def _files(
    job: Job, claims: Sequence[Claim], targets: dict[Symbol, Target]
) -> dict[MergedFile, Claim]:
    """Return one file a claim, of claims that the guard lets through."""
    asked = {
        Candidate(targets[each.symbol], "claim", each.imports, (each.test,)): each
        for each in claims
        if each.symbol in targets
    }
    fit = judge_candidates(list(asked), job.tree, job.workshop.confinement).candidates
    tests_dir = PurePosixPath(job.settings.tests_dir)
    return {
        MergedFile(
            tests_dir / _ROOM.format(number),
            None,
            joined(candidate).encode(),
            (AddedTest(asked[candidate].symbol, candidate.tests[0].name, candidate.tests[0]),),
        ): asked[candidate]
        for number, candidate in enumerate(fit)
    }


def _shows(result: NodeResult, claim: Claim) -> bool:
    """Say whether a failure is one of the result: an assertion, or an error out of the code."""
    if result.outcome is not NodeOutcome.FAILED:
        return False
    last = result.detail.rpartition("\n")[2]
    return result.message.startswith(_SHOWS_IT) or last.startswith(f"{claim.symbol.path}:")


def _bug(claim: Claim, result: NodeResult) -> SuspectedBug:
    asserted = _ASSERTED.fullmatch(result.message)
    seen = asserted[1] if asserted else result.message.removeprefix("Failed: ")
    return SuspectedBug(
        claim.symbol,
        claim.expected[:_LONGEST],
        (claim.actual or f"it is {seen}" if asserted else claim.actual or seen)[:_LONGEST],
        claim.why[:_LONGEST],
        claim.call,
        claim.test.code,
    )
