"""Draws trials of a target: one choice varied at a time, then any choices together."""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator, Sequence

from . import foreign
from .annotated import values_for
from .choices import bind, choices_for, is_variable
from .crossing import crossed
from .edits import plain_value, with_operand
from .execute import Outcome, Seen
from .history import earlier_calls
from .operands import FOREIGN, Pair
from .ownership import class_node, is_class
from .recipes import Recipes
from .sizes import small_sizes
from .surroundings import settings_of
from .syntax import own_nodes
from .target import Kind, Parameter, Target
from .told import seeded_hints
from .value import Bound, Trial, Value
from .world import EMPTY, functions, matching_texts, plain

_EVEN = 0.5
_LONGEST = 200
_ROW_OF_ALL = 2  # after the first choices one by one, before the rarer ones
_SAMPLES: tuple[tuple[object, ...], ...] = ((3,), ("hello",), (3, 2), (), ([1, 2, 3],), (None,))


class Drawing:
    """The choices for each parameter, and for the receiver, with what was learnt about them."""

    def __init__(self, target: Target, recipes: Recipes, seeds: Sequence[Trial] = ()) -> None:
        self._target = target
        self._recipes = recipes
        if target.needs_receiver and target.owner is not None:
            recipes.learn_state(target.owner)
        node = _where_used(target)
        seeded = seeded_hints(seeds)
        self._columns = {
            each.name: choices_for(each, node, recipes.world, seeded.get(each.name))
            for each in target.parameters
        }
        self._receivers = self._find_receivers()
        self._before = list(earlier_calls(target, recipes)) if target.needs_receiver else []
        self._good: dict[tuple[str, str], float] = {}
        self.in_loop = False  # whether calls are made where an event loop runs
        self._settings = settings_of(target, recipes.world.constants.strings[:3])
        self._settings += [(*self._settings[0], small) for small in small_sizes(target)]

    @property
    def words(self) -> tuple[str, ...]:
        """The texts that the function is about, to make longer texts of."""
        constants = self._recipes.world.constants
        return (*constants.strings[:20], *matching_texts(constants)[:8])

    @property
    def keys(self) -> list[Value]:
        """The keys by which the receiver looks something up."""
        return [Value(repr(key), "constant") for key in self._recipes.keys]

    @property
    def can_wait(self) -> bool:
        """Whether a call may be begun, and left waiting for something that does not come."""
        node = self._target.node
        yields = any(isinstance(each, ast.Yield) for each in own_nodes(node))
        return self._target.is_async and not yields

    @property
    def impossible(self) -> str | None:
        """Why no call can be made at all, or None."""
        owner = self._target.owner
        if self._target.needs_receiver and not self._receivers and owner is not None:
            return f"no instance of {owner.__qualname__} could be made"
        return None

    def planned(self) -> Iterator[Trial]:
        """Yield the plainest call, then calls that differ from it in one choice."""
        if self.impossible:
            return
        plainest = self._plainest()
        receivers: Sequence[Value | None] = self._receivers or [None]
        yield from self._in_all_surroundings(plainest, receivers)
        for row in range(max(map(len, self._columns.values()), default=0)):
            for parameter in self._target.parameters:
                column = self._columns[parameter.name]
                if row < len(column):
                    yield self._trial(
                        {**self._plainest(), parameter.name: [column[row]]}, receivers[0]
                    )
            if row == 1:
                yield from self._with_history(receivers[0])
                yield from self._first_choices(receivers[0])
            elif row == _ROW_OF_ALL:
                yield from self._all_at_once()

    def _in_all_surroundings(
        self, plainest: dict[str, list[Value]], receivers: Sequence[Value | None]
    ) -> Iterator[Trial]:
        for settings in self._settings:
            yield self._trial(plainest, receivers[0])._replace(settings=settings)
        for receiver in receivers[1:]:
            yield self._trial(plainest, receiver)

    def _with_history(self, receiver: Value | None) -> Iterator[Trial]:
        """Yield calls with the values that came first in the statements before them too."""
        first = {
            each.name: self._columns[each.name][:1]
            for each in self._target.parameters
            if each.required
        }
        for before in self._before[:8]:
            yield self._trial(first, receiver)._replace(before=before)
            yield self._trial(self._plainest(), receiver)._replace(before=before)
        for settings in self._settings[1:]:
            for other in self._receivers[1:3]:
                yield self._trial(first, other)._replace(settings=settings)
                for before in self._before[:2]:
                    yield self._trial(first, other)._replace(before=before, settings=settings)

    def _first_choices(self, receiver: Value | None) -> Iterator[Trial]:
        """Yield the likeliest values again: what failed beside them at first was to blame."""
        for parameter in self._target.parameters:
            for value in self._columns[parameter.name][:2]:
                yield self._trial({**self._plainest(), parameter.name: [value]}, receiver)

    def settled(self, trial: Trial) -> Trial:
        """Return a trial of somebody else's in the surroundings that the others have."""
        return trial._replace(settings=self._settings[0])

    def extended(self, trial: Trial) -> Iterator[Trial]:
        """Yield a call that a person wrote with one more of the arguments that have defaults."""
        given = {bound.name for bound in trial.arguments}
        for parameter in self._target.parameters:
            if (
                not parameter.required
                and not is_variable(parameter)
                and parameter.name not in given
            ):
                for value in self._columns[parameter.name][:2]:
                    bound = Bound(parameter.name, value, keyword=True)
                    arguments = (*trial.arguments, bound)
                    yield trial._replace(arguments=arguments, seed=False)

    def _all_at_once(self) -> Iterator[Trial]:
        """Fill also the parameters that have defaults, and ``*args``."""
        for row in range(2):
            chosen = {
                name: [column[row % len(column)]]
                for name, column in self._columns.items()
                if column
            }
            for parameter in self._target.parameters:
                if is_variable(parameter):
                    chosen[parameter.name] = self._columns[parameter.name][: 2 + row]
            yield self._trial(chosen, self._receivers[0] if self._receivers else None)

    def drawn(self, chance: random.Random) -> Trial | None:
        """Return a trial of random choices, what worked before being likelier."""
        if self.impossible:
            return None
        chosen = {}
        for parameter in self._target.parameters:
            column = self._columns[parameter.name]
            if column and (parameter.required or chance.random() < _EVEN):
                count = chance.randint(0, 3) if is_variable(parameter) else 1
                chosen[parameter.name] = [
                    self._pick(parameter.name, column, chance) for _ in range(count)
                ]
        receiver = self._pick("", self._receivers, chance) if self._receivers else None
        trial = self._trial(chosen, receiver)
        if self._settings[1:] and chance.random() < _EVEN:
            trial = trial._replace(settings=chance.choice(self._settings))
        if self._before and chance.random() < _EVEN:
            trial = trial._replace(before=chance.choice(self._before))
        return trial

    def learn(self, seen: Seen) -> None:
        """Remember which choices made sense."""
        sensible = seen.outcome is not Outcome.NONSENSE
        for bound in seen.trial.arguments:
            key = (bound.name, bound.value.source)
            self._good[key] = self._good.get(key, 1.0) * (1.5 if sensible else 0.6)

    def of_kind(self, trial: Trial, pair: Pair) -> Iterator[Trial]:
        """Yield trials in which the argument that was asked about is of the kind asked for."""
        kinds = pair.right if type(pair.right) is tuple else (pair.right,)
        values: list[Value] = []
        for kind in kinds:
            if is_class(kind):
                with foreign.Bounded(1.0):
                    values += values_for(kind, self._recipes.world)[:3]
        for value in values:
            held, literal = plain_value(value)
            for place, bound in enumerate(trial.arguments):
                inside = with_operand(bound.value, pair.left, held) if literal else []
                whole = [value] if _may_be(bound.value, pair.left) else []
                for each in (*inside, *whole):
                    yield trial.with_argument(place, each)._replace(seed=False)

    def calls_of_result(self, seen: Seen) -> Iterator[Trial]:
        """Yield calls of the function that was returned."""
        samples = [[value for each in row for value in plain(each)] for row in _SAMPLES]
        third = seen.trial.then is not None
        for values in samples if third else [*samples, *([each] for each in _decorated())]:
            bounds = tuple(Bound("value", value) for value in values)
            yield seen.trial._replace(again=bounds) if third else seen.trial._replace(then=bounds)

    def _find_receivers(self) -> list[Value]:
        owner = self._target.owner
        if not self._target.needs_receiver or owner is None:
            return []
        return list(self._recipes.instances(owner))

    def _plainest(self) -> dict[str, list[Value]]:
        """Return for every required argument a choice that has not failed, each another one.

        Two equal arguments would not tell ``a - b`` from ``b - a``.
        """
        chosen: dict[str, list[Value]] = {}
        used: set[str] = set()
        for parameter in self._target.parameters:
            column = self._columns[parameter.name]
            if parameter.required and column:
                best = max(column[:12], key=lambda each: self._rank(parameter.name, each, used))
                chosen[parameter.name] = [best]
                used.add(best.source)
            elif is_variable(parameter) and _is_positional(parameter):
                chosen[parameter.name] = column[:2]
        return chosen

    def _rank(self, name: str, value: Value, used: set[str]) -> tuple[bool, bool]:
        fresh = value.source not in used and (not used or value.source not in EMPTY)
        return self._weight(name, value) >= 1.0, fresh

    def _weight(self, name: str, value: Value) -> float:
        return self._good.get((name, value.source), 1.0)

    def _pick(self, name: str, column: Sequence[Value], chance: random.Random) -> Value:
        weights = [min(4.0, max(0.05, self._weight(name, value))) for value in column]
        picked, other = chance.choices(column, weights, k=2)
        both = crossed(picked, other) if chance.random() < _EVEN else None
        return both or picked

    def _trial(self, chosen: dict[str, list[Value]], receiver: Value | None) -> Trial:
        arguments = bind(self._target.parameters, chosen)
        origins = [bound.value.origin for bound in arguments]
        origin = next((each for each in origins if each != "type"), "type")
        return Trial(
            arguments,
            receiver,
            origin=origin,
            settings=self._settings[0],
            in_loop=self.in_loop,
        )


def _decorated() -> list[Value]:
    """Return functions to decorate: one that answers, one that fails."""
    found = functions(1)
    return [found[0], found[-1]]


def _where_used(target: Target) -> ast.AST:
    """Return the function; for a constructor the class, whose methods use what it keeps."""
    if target.kind is Kind.CONSTRUCTOR and target.owner is not None:
        return class_node(target.owner) or target.node
    return target.node


def _is_positional(parameter: Parameter) -> bool:
    return parameter.kind is parameter.kind.VAR_POSITIONAL


def _may_be(value: Value, seen: object) -> bool:
    """Whether the source may have made what was seen; an item of a list counts."""
    if seen is FOREIGN:
        return True
    text = repr(seen)
    return len(text) < _LONGEST and (text in value.source or isinstance(seen, bytes))
