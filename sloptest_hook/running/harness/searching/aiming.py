"""Trials in which an operand of a comparison stands where the other one was."""

from __future__ import annotations

from collections.abc import Iterator

from .edits import with_operand
from .operands import Pair, replacements
from .value import Trial, Value


def aimed(trial: Trial, pair: Pair) -> Iterator[Trial]:
    """Yield trials with one operand in the place of the other, in whatever the trial is made of."""
    for old, new in replacements(pair):
        for place, bound in enumerate(trial.arguments):
            for value in with_operand(bound.value, old, new):
                yield trial.with_argument(place, value)._replace(seed=False)
        yield from _aimed_elsewhere(trial, old, new)


def _aimed_elsewhere(trial: Trial, old: object, new: object) -> Iterator[Trial]:
    """Yield trials with an operand replaced in the second call or in the receiver."""
    for place, bound in enumerate(trial.then or ()):
        for value in with_operand(bound.value, old, new):
            yield trial.with_then(place, value)
    if trial.receiver is not None:
        for value in with_operand(trial.receiver, old, new):
            yield trial._replace(receiver=value, seed=False)
    for place, setting in enumerate(trial.settings):
        for value in with_operand(Value("", arrange=setting.arrange), old, new):
            changed = setting._replace(arrange=value.arrange, edited=True)
            settings = (*trial.settings[:place], changed, *trial.settings[place + 1 :])
            yield trial._replace(settings=settings, seed=False)
