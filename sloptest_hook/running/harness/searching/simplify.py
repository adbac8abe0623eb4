"""Simpler versions of a trial: arguments left out, history left out, long values shortened."""

from __future__ import annotations

from collections.abc import Iterator

from .smaller import simpler
from .target import EMPTY, Target
from .value import Trial

_LONG = 24
_MOST = 24


def simpler_trials(target: Target, trial: Trial) -> list[Trial]:
    """Return the next simpler trials; what a person wrote stays as it is."""
    if trial.seed:
        return []
    return list(_simpler(target, trial))[:_MOST]


def _simpler(target: Target, trial: Trial) -> Iterator[Trial]:
    for place in range(len(trial.before)):
        yield trial._replace(before=trial.before[:place] + trial.before[place + 1 :])
    optional = {each.name for each in target.parameters if each.default is not EMPTY}
    for place, bound in enumerate(trial.arguments):
        if bound.name in optional and bound.keyword:
            yield trial._replace(arguments=trial.arguments[:place] + trial.arguments[place + 1 :])
    for place, bound in enumerate(trial.arguments):
        if len(bound.value.source) > _LONG:
            for value in simpler(bound.value)[:8]:
                yield trial.with_argument(place, value)
