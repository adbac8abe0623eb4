"""Adds the trials that notice faults which the chosen trials let pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .choosing import MOST_CASES, is_stray, unpleasantness
from .codes import compile_alone, swap
from .execute import Runner, Seen
from .mutants import mutants

_MOST_CANDIDATES = 12
_MUTANT_SECONDS = 0.1


def sharpened(
    runner: Runner, chosen: Sequence[Seen], kept: Sequence[Seen], passed: Callable[[], bool]
) -> list[Seen]:
    """Return the chosen trials and those that kill a mutant nothing before them kills."""
    result = list(chosen)
    if not runner.target.functions:
        return result
    function = runner.target.functions[0]
    original = function.__code__
    owner = runner.target.owner
    spare = _spare(chosen, kept)
    patience, runner.seconds = runner.seconds, _MUTANT_SECONDS
    try:
        for mutant in mutants(runner.target.node):
            if passed() or len(result) >= MOST_CASES or not spare:
                break
            code = compile_alone(mutant, owner.__name__ if owner else None, original)
            if code is None:
                continue
            swap(function, code)
            if not any(_notices(runner, seen) for seen in result if not passed()):
                killer = next((s for s in spare if not passed() and _notices(runner, s)), None)
                if killer is not None:
                    result.append(killer)
                    spare.remove(killer)
    finally:
        swap(function, original)
        runner.seconds = patience
        runner.state.clear_caches()  # they remember what the mutants said
    return result


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
    return [*fresh[:_MOST_CANDIDATES], *boundary[:_MOST_CANDIDATES], *rest[:4]]


def _notices(runner: Runner, seen: Seen) -> bool:
    again = runner.run(seen.trial)
    return again.outcome is not seen.outcome or again.behaviour != seen.behaviour
