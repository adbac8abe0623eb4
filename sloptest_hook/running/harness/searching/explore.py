"""Looks for trials that reach what is wanted: seeds, choices, operands that met, small edits."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from .aiming import aimed
from .approach import Approach
from .budget import Budget
from .edits import mutated, neighbour, with_key
from .execute import Outcome, Runner, Seen
from .operands import Pair
from .tracing import Feature
from .trials import Drawing
from .value import Trial, Value
from .world import is_function

_MOST_TRIALS = 3000
_LAST_LOOKS = 40  # trials after everything wanted is reached, for other behaviour
_MOST_TURNS = 3 * _LAST_LOOKS  # of which some come to a trial that was run before
_EVEN = 0.5
_CROSSED = 0.25
_DRAWING = 2
_PATIENCE = 160  # trials without anything new; as long as something is missing, seconds count too
_SHARE = 0.6  # of the budget
_STALE_SHARE = 0.2  # of the budget, without anything new
_MOST_HUNG = 3
_MOST_QUEUED = 80
_FIRST_PLANNED = 8  # plain calls before any that the operands suggest: they read better
_FIRST_EDITS = 24  # from then on every fourth trial is an edit of one that reached something new
_MOST_FUNCTIONS = 3  # returned functions that are called in their turn
_MOST_EXTENDED = 3  # calls that a person wrote, tried with further arguments
_MOST_ALIKE = 4  # trials kept of one behaviour
_LONGEST = 1500


class Goals(NamedTuple):
    """What is to be reached; none given: whatever the symbol has."""

    lines: frozenset[int]
    branches: frozenset[tuple[int, int]]
    body: frozenset[int]

    def missing(self, reached: set[Feature]) -> set[Feature]:
        wanted: set[Feature] = {*self.lines, *self.branches}
        return (wanted or set(self.body)) - reached

    def counted(self, features: frozenset[Feature]) -> frozenset[Feature]:
        """Return the part of the features that a case is chosen for."""
        if self.lines or self.branches:
            return features & {*self.lines, *self.branches}
        return features


class Explored(NamedTuple):
    """All trials worth a test, in the order of their discovery, and what steered the search."""

    kept: tuple[Seen, ...]
    nonsense: tuple[Seen, ...]
    pairs: tuple[Pair, ...]
    reached: frozenset[Feature]
    hung: int
    refused: int
    out_of_time: bool


class Explorer:
    """The search for one target."""

    def __init__(self, runner: Runner, drawing: Drawing, goals: Goals, budget: Budget) -> None:
        self._runner = runner
        self._drawing = drawing
        self._goals = goals
        self._passed = budget.spent(_SHARE)
        self._budget = budget
        self._is_stale = budget.spent_from_now(_STALE_SHARE)
        self._random = random.Random(20)  # noqa: S311  the same input gives the same cases
        self._queue: list[Trial] = []
        self._known: set[str] = set()
        self._reached: set[Feature] = set()
        self._behaviours: dict[str, int] = {}
        self._kept: list[Seen] = []
        self._nonsense: list[Seen] = []
        self._corpus: list[Seen] = []
        self._pairs: dict[str, Pair] = {}
        self._refused = 0
        self._turn = 0
        self._functions = {False: 0, True: 0}
        self._boundaries: set[int] = set()
        self._approach = Approach()
        self._since_new = 0
        self._since_done = 0
        self._known_before_done = 0

    def explore(self, seeds: Sequence[Trial]) -> Explored:
        """Run trials until all is reached, nothing new comes, or time is up."""
        planned = self._drawing.planned()
        for trial in seeds:
            self._try(self._drawing.settled(trial))
        for seen in [each for each in self._kept if each.trial.seed][:_MOST_EXTENDED]:
            self._queue += self._drawing.extended(seen.trial)
        for _ in range(_MOST_TRIALS):
            if self._enough():
                break
            proposed = self._next(planned)
            if proposed is not None:
                self._try(proposed)
            else:
                self._since_new += 1
        return Explored(
            tuple(self._kept),
            tuple(self._nonsense),
            tuple(self._pairs.values()),
            frozenset(self._reached),
            self._runner.hung,
            self._refused,
            self._passed() and self._runner.hung < _MOST_HUNG,
        )

    def _enough(self) -> bool:
        done = not self._goals.missing(self._reached)
        self._since_done += done
        if not done:
            self._known_before_done = len(self._known)
        return (
            self._passed()
            or self._runner.hung >= _MOST_HUNG
            or self._refused >= _LAST_LOOKS
            or (self._since_new > _PATIENCE and (done or self._is_stale()))
            or (done and self._since_done > _MOST_TURNS)
            or (done and len(self._known) - self._known_before_done > _LAST_LOOKS)
        )

    def _next(self, planned: Iterator[Trial]) -> Trial | None:
        self._turn += 1
        if self._queue and self._turn > _FIRST_PLANNED and self._turn % 2:
            return self._queue.pop(0)
        if self._corpus and self._turn > _FIRST_EDITS and self._turn % 4 == 0:
            return self._closer() if self._turn % 8 == 0 else self._varied()
        return next(planned, None) or self._unplanned()

    def _unplanned(self) -> Trial | None:
        if self._turn % 8 == _DRAWING:  # two rare choices meet in no edit of what there is
            return self._drawing.drawn(self._random)
        if self._queue:
            return self._queue.pop(0)
        if self._corpus and self._random.random() < _EVEN:
            return self._closer() if self._random.random() < _EVEN else self._varied()
        return self._drawing.drawn(self._random)

    def _closer(self) -> Trial | None:
        """Return a neighbour of the trial that came closest to another outcome of a comparison."""
        trial = self._approach.next()
        return self._varied() if trial is None else self._edited(trial, neighbour)

    def _varied(self) -> Trial | None:
        """Return an edit of a trial that reached something new, or two such trials in one."""
        recent = self._random.random() < _EVEN
        trial = self._random.choice(self._corpus[-12:] if recent else self._corpus).trial
        if self._random.random() < _CROSSED:
            return trial.elsewhere(self._random.choice(self._corpus).trial)
        return self._edited(trial, partial(mutated, words=self._drawing.words))

    def _edited(
        self, trial: Trial, edit: Callable[[Value, random.Random], Value | None]
    ) -> Trial | None:
        if not (trial.arguments or trial.receiver):
            return self._drawing.drawn(self._random)
        return trial.edited(self._random, edit)

    def _try(self, trial: Trial) -> None:
        self._since_new += 1
        text = self._runner.program(trial).text
        if text in self._known or len(text) > _LONGEST:
            return
        self._known.add(text)
        seen = self._runner.run(trial)
        for pair in seen.pairs[:20]:
            if pair.operator != "isinstance":
                told = f"{pair.line} {pair.operator} {pair.left!r} {pair.right!r}"
                self._pairs.setdefault(told, pair)
        self._learn(seen)

    def _learn(self, seen: Seen) -> None:
        new = seen.features - self._reached
        self._drawing.learn(seen)
        if seen.outcome is Outcome.REFUSED:
            self._refused += 1
        if seen.worth_keeping:
            self._keep(seen, new)
        elif seen.outcome is Outcome.NONSENSE:
            self._nonsense.append(seen)
            self._repair(seen)
        elif seen.outcome is Outcome.HUNG and self._drawing.can_wait and not seen.trial.waits:
            self._queue.insert(0, seen.trial._replace(waits=True, seed=False))
        if seen.gave_function and seen.trial.again is None and self._room_for(seen.trial):
            self._queue = [*self._drawing.calls_of_result(seen), *self._queue]
        if new or (seen.worth_keeping and len(self._queue) < _MOST_QUEUED // 4):
            self._follow(seen)

    def _room_for(self, trial: Trial) -> bool:
        """Count the returned functions that are called, apart from those that these return."""
        third = trial.then is not None
        if third and not any(is_function(bound.value) for bound in trial.then or ()):
            return False
        self._functions[third] += 1
        return self._functions[third] <= _MOST_FUNCTIONS

    def _keep(self, seen: Seen, new: frozenset[Feature]) -> None:
        self._reached |= seen.features
        fresh = self._approach.learn(seen.trial, seen.pairs)
        count = self._behaviours.get(seen.behaviour, 0)
        self._behaviours[seen.behaviour] = count + 1
        at_boundary = self._at_boundary(seen)
        if new or fresh or count < _MOST_ALIKE or seen.trial.seed or at_boundary:
            self._kept.append(seen)
        if new or fresh:
            self._corpus.append(seen)
            self._since_new = 0
            self._is_stale = self._budget.spent_from_now(_STALE_SHARE)

    def _at_boundary(self, seen: Seen) -> bool:
        """Whether it is the first in which two operands that are ordered were equal."""
        lines = {
            pair.line
            for pair in seen.pairs
            if pair.operator in ("Lt", "LtE", "Gt", "GtE") and pair.left == pair.right
        }
        new = lines - self._boundaries
        self._boundaries |= lines
        return bool(new)

    def _follow(self, seen: Seen) -> None:
        """Queue trials in which an operand of a comparison stands where the other one was."""
        room = _MOST_QUEUED - len(self._queue)
        made: dict[str, Trial] = {}
        # What has come out in one way only is aimed at before what has come out in both.
        for pair in sorted(seen.pairs, key=self._approach.is_done):
            for trial in self._aimed(seen.trial, pair):
                made.setdefault(repr(trial), trial)
        self._queue += list(made.values())[: max(0, min(room, 24))]

    def _aimed(self, trial: Trial, pair: Pair) -> Iterator[Trial]:
        """Yield trials that the pair suggests."""
        if pair.operator == "isinstance":
            yield from self._drawing.of_kind(trial, pair)
        yield from aimed(trial, pair)

    def _repair(self, seen: Seen) -> None:
        """Give a dict the key that was missed, and a call the event loop that it asks for."""
        error = seen.error
        if type(error) is RuntimeError and "no running event loop" in error.args:
            self._drawing.in_loop = True
            if not seen.trial.in_loop and len(self._queue) < _MOST_QUEUED:
                self._queue.append(seen.trial._replace(in_loop=True))
        if type(error) is KeyError and error.args and len(self._queue) < _MOST_QUEUED:
            for place, bound in enumerate(seen.trial.arguments):
                for value in with_key(bound.value, error.args[0]):
                    self._queue.append(seen.trial.with_argument(place, value))
                if bound.value.source == repr(error.args[0]):
                    for value in self._drawing.keys:
                        self._queue.append(seen.trial.with_argument(place, value))
