"""The offline engine: targets in, tests out, characterised by what the search saw."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from sloptest_hook.generation.annotation_claims import annotation_claims
from sloptest_hook.generation.offline.render import rendered
from sloptest_hook.generation.offline.seeds import seed_calls
from sloptest_hook.values.candidate import Candidate, NoCandidate
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.observed import Observations, SearchRequest
from sloptest_hook.values.plan import Target
from sloptest_hook.values.records import dataclass, replace
from sloptest_hook.values.refining import RefineRequest
from sloptest_hook.values.usage import Account

_MOST_SECONDS = 2.0  # more time finds nothing more: 2, 5 and 10 s were measured equal
_LEAST_SECONDS = 0.3  # less finds nothing: better a few symbols well than all of them in vain
_MOST_REASONS = 3


class Search(Protocol):
    """Whoever runs a symbol's code and tells what it saw."""

    def search(
        self, requests: Sequence[SearchRequest], deadline: Deadline
    ) -> Iterator[Observations]:
        """Yield what was seen of each symbol; one may miss when the deadline passes."""


@dataclass(frozen=True, slots=True)
class OfflineEngine:
    """Writes tests that record what the code does, right or wrong."""

    search: Search

    @property
    def name(self) -> str:
        return "offline"

    @property
    def account(self) -> Account:
        """Return nothing: it asks nobody, and has nothing to say beside its answers."""
        return Account()

    def refine(
        self, requests: Sequence[RefineRequest], deadline: Deadline
    ) -> Iterator[Candidate | NoCandidate]:
        """Yield nothing: what it expects was seen, and what fails all the same is no test."""
        return iter(())

    def write(
        self, targets: Sequence[Target], deadline: Deadline
    ) -> Iterator[Candidate | NoCandidate]:
        """Yield one answer a target, each as soon as its symbol was searched."""
        share = deadline.remaining / max(1, len(targets))
        seconds = max(_LEAST_SECONDS, min(_MOST_SECONDS, share))
        for batch in _batches(targets):
            waiting = {target.symbol.qualname: target for target in batch}
            requests = list(_requests(batch, seconds, deadline))
            for seen in self.search.search(requests, deadline) if requests else ():
                target = waiting.pop(seen.qualname, None)
                if target is not None:
                    yield _answer(target, seen, self.name)
            yield from (_unanswered(target, deadline) for target in waiting.values())


def _batches(targets: Sequence[Target]) -> Iterator[list[Target]]:
    """Yield the targets so that a batch holds each qualified name once.

    Observations are known by the qualified name alone, and two modules may well have a ``main``.
    """
    left = list(targets)
    while left:
        batch = {target.symbol.qualname: target for target in reversed(left)}
        yield [target for target in left if batch[target.symbol.qualname] is target]
        left = [target for target in left if batch[target.symbol.qualname] is not target]


def _requests(
    targets: Sequence[Target], seconds: float, deadline: Deadline
) -> Iterator[SearchRequest]:
    """Yield requests while there is time to answer them."""
    for target in targets:
        if deadline.passed:
            return
        yield _request(target, seconds)


def _request(target: Target, seconds: float) -> SearchRequest:
    return SearchRequest(
        qualname=target.symbol.qualname,
        module=target.module,
        path=str(target.symbol.path),
        wanted_lines=tuple(sorted(target.verdict.missing_lines)),
        wanted_branches=tuple(sorted(target.verdict.missing_branches)),
        seeds=seed_calls(target),
        seconds=seconds,
    )


def _answer(target: Target, seen: Observations, engine: str) -> Candidate | NoCandidate:
    claims, cases = annotation_claims(target, seen.cases)
    candidate = replace(rendered(target, replace(seen, cases=cases), engine), claims=claims)
    if candidate.tests:
        return candidate
    if claims:
        reason = f"{claims[0].call} is {claims[0].actual}, which its return annotation rules out"
        return NoCandidate(target, reason, claims=claims)
    # The search says nothing else in these words.
    lost = any(note.startswith(f"importing {target.module} ") for note in candidate.notes)
    reason = _reason(candidate.notes)
    if seen.untestable:
        return NoCandidate(target, f"not testable under confinement: {reason}", untestable=True)
    return NoCandidate(
        target,
        reason,
        out_of_time=seen.out_of_time,
        not_importable=lost,
        refused=seen.refused,
    )


def _reason(notes: Sequence[str]) -> str:
    """Return why there is no test; lines that were not reached matter where nothing else does."""
    causes = [note for note in notes if " not reached" not in note] or notes
    return "; ".join(causes[:_MOST_REASONS]) or "no call of it could be observed"


def _unanswered(target: Target, deadline: Deadline) -> NoCandidate:
    if deadline.passed:
        reason = "the time budget was spent before it was searched"
        return NoCandidate(target, reason, out_of_time=True)
    return NoCandidate(target, "the search ended without an answer for it")
