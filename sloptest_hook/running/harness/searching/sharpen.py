"""Adds the trials that notice faults which the chosen trials let pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from types import CodeType

from .choosing import is_stray, most_cases, unpleasantness
from .codes import compile_alone, swap
from .execute import Runner, Seen
from .hunting import Hunt
from .mutants import mutants
from .target import Target

_MOST_CANDIDATES = 25
_MUTANT_SECONDS = 0.1

Late = Callable[[], bool]


def sharpened(
    runner: Runner, chosen: Sequence[Seen], hunt: Hunt, kept: Sequence[Seen], late: Late
) -> list[Seen]:
    """Return the chosen trials and those that kill a mutant nothing before them kills.

    They are looked for among the trials that are ``kept``, then in the ``hunt`` near the mutant.
    """
    if not runner.target.functions:
        return list(chosen)
    function = runner.target.functions[0]
    original = function.__code__
    patience, runner.seconds = runner.seconds, _MUTANT_SECONDS
    work = _Sharpening(runner, list(chosen), _spare(chosen, kept), late)
    try:
        survivors = []
        for code, line in _compiled(runner.target, original):
            if work.is_over:
                break
            swap(function, code)
            if not work.is_killed() and not work.kill(work.spare):
                survivors.append((code, line))
        for code, line in survivors:
            swap(function, original)
            if work.is_over:
                break
            near = hunt.near(line)
            swap(function, code)
            if not work.is_killed():
                work.kill(near)
    finally:
        swap(function, original)
        runner.seconds = patience
        runner.state.clear_caches()  # they remember what the mutants said
    return work.result


def _compiled(target: Target, original: CodeType) -> Iterator[tuple[CodeType, int]]:
    owner = target.owner.__name__ if target.owner else None
    for mutant, line in mutants(target.node):
        code = compile_alone(mutant, owner, original)
        if code is not None:
            yield code, line


class _Sharpening:
    """The trials chosen so far, and those that may come to them."""

    def __init__(self, runner: Runner, result: list[Seen], spare: list[Seen], late: Late) -> None:
        self.result = result
        self._most = most_cases(len(result))
        self._runner = runner
        self.spare = spare
        self._late = late

    @property
    def is_over(self) -> bool:
        """Whether there is no more time, or no more room."""
        return self._late() or len(self.result) >= self._most

    def is_killed(self) -> bool:
        """Whether a chosen trial notices the mutant; no more time counts as yes."""
        return any(self._late() or self._notices(seen) for seen in self.result)

    def kill(self, others: Sequence[Seen]) -> bool:
        """Add the first of the other trials that notices the mutant, if there is one."""
        for seen in others:
            if self._late():
                return False
            if self._notices(seen):
                self.result.append(seen)
                self.spare = [each for each in self.spare if each is not seen]
                return True
        return False

    def _notices(self, seen: Seen) -> bool:
        again = self._runner.run(seen.trial)
        return again.outcome is not seen.outcome or again.behaviour != seen.behaviour


def _spare(chosen: Sequence[Seen], kept: Sequence[Seen]) -> list[Seen]:
    """Return other trials: one of each behaviour first, then those at a boundary, then the rest."""
    taken = {seen.program.text for seen in chosen}
    shown = {seen.behaviour for seen in chosen}
    fresh, boundary, rest = [], [], []
    for seen in sorted(kept, key=unpleasantness):
        if seen.program.text in taken or seen.raised is not None or is_stray(seen):
            continue
        if seen.behaviour not in shown:
            shown.add(seen.behaviour)
            fresh.append(seen)
        elif any(pair.operator != "isinstance" and pair.left == pair.right for pair in seen.pairs):
            boundary.append(seen)
        else:
            rest.append(seen)
    return [*_spread(fresh), *_spread(boundary), *rest[:10]]


def _spread(ranked: list[Seen]) -> list[Seen]:
    """Return the first, and as many of all that come after: what tells most may look odd."""
    first, others = ranked[:_MOST_CANDIDATES], ranked[_MOST_CANDIDATES:]
    return [*first, *others[:: max(1, len(others) // _MOST_CANDIDATES)][:_MOST_CANDIDATES]]
