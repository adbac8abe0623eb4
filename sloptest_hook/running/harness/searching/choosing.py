"""Chooses few trials out of many: those that reach what is wanted, then those that differ."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from .execute import Outcome, Seen
from .explore import Goals
from .tracing import Feature
from .value import STRAY
from .world import EMPTY, FAILURE, ODD

MOST_CASES = 8  # unless it takes more to reach what can be reached
_MOST_COVERING = 14
_ROOM_AFTER_COVERING = 3  # for what notices faults
_MOST_ERRORS = 2
_ONE_LETTER = re.compile(r"'\w'$")
_UGLY = re.compile(r"[^\w\s\"'.,:;/@\-\[\](){}=+*]|\\")
_COMFORTABLE = 60
_NOTHING = (*EMPTY, "0", "0.0")
_OF_A_STRAY = 25
_EMPTY_RESULT = re.compile(r"^returned (None|''|b''|(list|tuple|set|dict)\(\)) \| \[\]$")


def cover(kept: Sequence[Seen], goals: Goals) -> list[Seen]:
    """Return trials that together reach all that any of them reaches, few and pleasant ones."""
    left: set[Feature] = set()
    for seen in kept:
        left |= goals.counted(seen.features)
    ranked = sorted(kept, key=unpleasantness)
    chosen: list[Seen] = []
    while left and ranked:
        best = max(ranked, key=lambda seen: len(goals.counted(seen.features) & left))
        gain = goals.counted(best.features) & left
        if not gain:
            break
        chosen.append(best)
        left -= gain
    return _without_needless(chosen, goals)


def _without_needless(chosen: list[Seen], goals: Goals) -> list[Seen]:
    """Drop what the later choices made needless."""
    result = list(chosen)
    for seen in sorted(chosen, key=unpleasantness, reverse=True):
        others = [goals.counted(each.features) for each in result if each is not seen]
        if others and goals.counted(seen.features) <= frozenset().union(*others):
            result.remove(seen)
    return result


def most_cases(covering: int) -> int:
    """Return how many cases there may be, where so many reach what can be reached."""
    if covering < MOST_CASES:
        return MOST_CASES
    return min(covering, _MOST_COVERING) + _ROOM_AFTER_COVERING


def extras(kept: Sequence[Seen], chosen: Sequence[Seen], count: int) -> list[Seen]:
    """Return up to ``count`` further trials, each of a behaviour that nobody showed before."""
    shown = {seen.behaviour for seen in chosen}
    found: list[Seen] = []
    for seen in sorted(kept, key=unpleasantness):
        if len(found) >= count:
            break
        if seen.behaviour not in shown:
            shown.add(seen.behaviour)
            found.append(seen)
    return found


def pick_extras(chosen: Sequence[Seen], kept: Sequence[Seen], fewest: int) -> list[Seen]:
    """Return the cases a person would add: errors not shown yet, another value, an edge.

    ``fewest`` is how many results there should be.
    """
    errors = {_kind(seen) for seen in chosen}
    added: list[Seen] = []
    for seen in extras(kept, chosen, 40):
        kind = _kind(seen)
        passed_on = seen.raised is not None and seen.raised.message == FAILURE
        by_accident = seen.raised is not None and not seen.raised.deliberate and _is_edited(seen)
        if by_accident or passed_on:
            continue
        if seen.outcome is Outcome.RAISED and kind not in errors:
            errors.add(kind)
            added.append(seen)
    added = added[:_MOST_ERRORS]
    returned = [seen for seen in chosen if seen.outcome is Outcome.RETURNED]
    if len(returned) < fewest:
        more = [
            seen
            for seen in extras(kept, chosen, 40)
            if seen.outcome is Outcome.RETURNED and _telling(seen) and not is_stray(seen)
        ]
        added = [*more[: fewest - len(returned)], *added]
    return added


def _is_edited(seen: Seen) -> bool:
    """Whether the search made a value of the trial out of another one."""
    receiver = seen.trial.receiver
    given = any(bound.value.edited for bound in seen.trial.arguments)
    return given or (receiver is not None and receiver.edited)


def is_stray(seen: Seen) -> bool:
    """Whether an argument is of a type that the parameter is not said to have."""
    return any(bound.value.origin == STRAY for bound in seen.trial.arguments)


def _telling(seen: Seen) -> bool:
    return seen.behaviour != "returned None | []"


def _kind(seen: Seen) -> str:
    if seen.raised is None:
        return "returned"
    return f"{seen.raised.name} {seen.raised.deliberate}"


def unpleasantness(seen: Seen) -> float:
    """Return how unlike a person's choice a trial is; seeds are a person's choice."""
    text = seen.program.text
    settled = [line for setting in seen.trial.settings for line in setting.arrange]
    length = len(text) - sum(len(line) + 1 for line in settled)
    score = float(max(0, length - _COMFORTABLE)) + 6 * len(_UGLY.findall(text))
    score += sum(6 for setting in seen.trial.settings if setting.edited)
    values = [bound.value for bound in seen.trial.arguments]
    score += sum(8 for value in values if value.source in _NOTHING)
    score += sum(6 for value in values if value.edited)
    score += sum(_OF_A_STRAY for value in values if value.origin == STRAY)
    score -= sum(3 for value in values if value.origin == "name" and not value.edited)
    score += sum(3 for value in values if _ONE_LETTER.match(value.source))
    score += sum(2 for value in values if value.source in ODD)
    score += -150 if seen.trial.seed else 0
    score += 25 * len(seen.program.fixtures) + 15 * len(seen.trial.before)
    score += 40 if _EMPTY_RESULT.match(seen.behaviour) else 0
    returned = seen.behaviour.partition(" | ")[0]
    score += 5 if any(returned == f"returned {value.source}" for value in values) else 0
    score += 30 if seen.gave_function and seen.trial.again is None else 0
    score += 12 * text.count("SimpleNamespace") + 4 * text.count("lambda")
    if seen.raised is not None:
        score += 20 if seen.raised.deliberate else 120
    return score


def shrunk(seen: Seen, goals: Goals, run: Callable[[Seen], Sequence[Seen]]) -> Seen:
    """Return the shortest trial found that still reaches the same and ends the same way.

    ``run`` yields the outcomes of the next simpler trials.
    """
    needed = goals.counted(seen.features)
    for _ in range(4):
        better = [
            each
            for each in run(seen)
            if each.outcome is seen.outcome
            and _kind(each) == _kind(seen)
            and needed <= goals.counted(each.features)
            and unpleasantness(each) < unpleasantness(seen)
        ]
        if not better:
            break
        seen = min(better, key=unpleasantness)
    return seen
