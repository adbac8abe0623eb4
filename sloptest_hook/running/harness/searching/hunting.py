"""Makes trials near those that reach a line, to tell the function from a mutant of that line."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from functools import partial

from .aiming import aimed
from .choosing import is_stray, unpleasantness
from .edits import mutated, neighbour
from .execute import Runner, Seen
from .value import Trial

_MOST_BASES = 4
_MOST_AIMED = 16
_MOST_EDITED = 24
_LONGEST = 400


class Hunt:
    """The trials near each line, made when first asked for; run on the function as it is."""

    def __init__(self, runner: Runner, kept: Sequence[Seen], words: Sequence[str]) -> None:
        self._runner = runner
        self._kept = [seen for seen in sorted(kept, key=unpleasantness) if not is_stray(seen)]
        self._known = {seen.program.text for seen in kept}
        self._edits = (neighbour, partial(mutated, words=words))
        self._random = random.Random(7)  # noqa: S311  the same input gives the same cases
        self._near: dict[int, list[Seen]] = {}

    def near(self, line: int) -> list[Seen]:
        """Return what trials near those that reach a line did, the pleasantest first."""
        if line not in self._near:
            bases = [seen for seen in self._kept if line in seen.features] or self._kept
            made = [
                *itertools.islice(_at_line(bases, line), _MOST_AIMED),
                *self._edited(bases[:_MOST_BASES]),
            ]
            self._near[line] = sorted(self._run(made), key=unpleasantness)
        return self._near[line]

    def _edited(self, bases: Sequence[Seen]) -> Iterator[Trial]:
        able = [seen.trial for seen in bases if seen.trial.arguments or seen.trial.receiver]
        for turn in range(_MOST_EDITED if able else 0):
            edited = able[turn % len(able)].edited(self._random, self._edits[turn % 2])
            if edited is not None:
                yield edited

    def _run(self, trials: Sequence[Trial]) -> Iterator[Seen]:
        for trial in trials:
            text = self._runner.program(trial).text
            if text in self._known or len(text) > _LONGEST:
                continue
            self._known.add(text)
            seen = self._runner.run(trial)
            if seen.worth_keeping and (seen.raised is None or seen.raised.deliberate):
                yield seen


def _at_line(bases: Sequence[Seen], line: int) -> Iterator[Trial]:
    """Yield trials in which operands that met at the line have changed places."""
    for seen in bases:
        for pair in seen.pairs:
            if pair.line == line and pair.operator != "isinstance":
                yield from aimed(seen.trial, pair)
