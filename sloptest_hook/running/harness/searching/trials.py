"""Draws trials of a target: one choice varied at a time, then any choices together."""

from __future__ import annotations

import ast
import itertools
import random
from collections.abc import Iterator, Sequence

from .annotated import values_for
from .choices import bind, choices_for, is_variable
from .execute import Outcome, Seen
from .operands import Pair
from .recipes import Recipes
from .syntax import Definition
from .target import Parameter, Target, parameters_of, receiver_name
from .value import Bound, Trial, Value, written
from .world import EMPTY, plain

_EVEN = 0.5
_LONGEST = 200
_ROW_OF_ALL = 2  # after the first choices one by one, before the rarer ones
_SAMPLES: tuple[tuple[object, ...], ...] = ((3,), ("hello",), (3, 2), (), ([1, 2, 3],))


class Drawing:
    """The choices for each parameter, and for the receiver, with what was learnt about them."""

    def __init__(self, target: Target, recipes: Recipes, receivers: Sequence[Value] = ()) -> None:
        self._target = target
        self._recipes = recipes
        self._columns = {
            each.name: choices_for(each, target.node, recipes.world) for each in target.parameters
        }
        self._receivers = self._find_receivers(receivers)
        self._before = list(_earlier_calls(target, recipes)) if target.needs_receiver else []
        self._good: dict[tuple[str, str], float] = {}

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
        yield self._trial(plainest, receivers[0])
        for receiver in receivers[1:]:
            yield self._trial(plainest, receiver)
        for row in range(max(map(len, self._columns.values()), default=0)):
            for parameter in self._target.parameters:
                column = self._columns[parameter.name]
                if row < len(column):
                    yield self._trial(
                        {**self._plainest(), parameter.name: [column[row]]}, receivers[0]
                    )
            if row == 1:
                yield from self._with_history(receivers[0])
            elif row == _ROW_OF_ALL:
                yield from self._all_at_once()

    def _with_history(self, receiver: Value | None) -> Iterator[Trial]:
        for before in self._before[:8]:
            yield self._trial(self._plainest(), receiver)._replace(before=before)

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
        kinds = pair.right if isinstance(pair.right, tuple) else (pair.right,)
        for kind in kinds:
            if not isinstance(kind, type):
                continue
            for value in values_for(kind, self._recipes.world)[:3]:
                for place, bound in enumerate(trial.arguments):
                    if _may_be(bound.value, pair.left):
                        yield trial.with_argument(place, value)._replace(seed=False)

    def calls_of_result(self, seen: Seen) -> Iterator[Trial]:
        """Yield calls of the function that was returned."""
        for arguments in _SAMPLES:
            values = [value for each in arguments for value in plain(each)]
            then = tuple(Bound("value", value) for value in values)
            yield seen.trial._replace(then=then)

    def _find_receivers(self, known: Sequence[Value]) -> list[Value]:
        owner = self._target.owner
        if not self._target.needs_receiver or owner is None:
            return []
        return [*self._recipes.instances(owner), *known]

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
        return chance.choices(column, weights)[0]

    def _trial(self, chosen: dict[str, list[Value]], receiver: Value | None) -> Trial:
        arguments = bind(self._target.parameters, chosen)
        origins = [bound.value.origin for bound in arguments]
        origin = next((each for each in origins if each != "type"), "type")
        return Trial(arguments, receiver, origin=origin)


def _is_positional(parameter: Parameter) -> bool:
    return parameter.kind is parameter.kind.VAR_POSITIONAL


def _may_be(value: Value, seen: object) -> bool:
    """Whether the source may have made what was seen; an item of a list counts."""
    text = repr(seen)
    return len(text) < _LONGEST and (
        text in value.source or not isinstance(seen, (int, str, float))
    )


def _earlier_calls(target: Target, recipes: Recipes) -> Iterator[tuple[str, ...]]:
    """Yield one or two calls of other methods that may change the receiver, as statements."""
    owner = target.owner
    if owner is None:
        return
    variable = receiver_name(owner)
    singles = []
    for node in _methods(target):
        function = vars(owner).get(node.name)
        if not callable(function) or node.name == target.name or not _changes_state(node):
            continue
        parameters = parameters_of(function, skip_first=True, source=target.source)
        columns = {each.name: choices_for(each, node, recipes.world) for each in parameters}
        for row in range(2):
            chosen = {
                e.name: [columns[e.name][row % len(columns[e.name])]]
                for e in parameters
                if e.required and columns[e.name]
            }
            bounds = bind(parameters, chosen)
            if any(bound.value.arrange or bound.value.imports for bound in bounds):
                continue
            singles.append(f"{variable}.{node.name}({written(bounds)})")
    singles = list(dict.fromkeys(singles))[:8]
    yield from ((each,) for each in singles)
    yield from itertools.islice(itertools.permutations(singles, 2), 12)


def _methods(target: Target) -> Iterator[Definition]:
    name = target.owner.__name__ if target.owner else ""
    for node in ast.walk(target.source.tree):
        if isinstance(node, ast.ClassDef) and node.name == name:
            yield from (each for each in node.body if _is_public_method(each))  # type: ignore[misc]


def _is_public_method(node: ast.stmt) -> bool:
    plain_one = isinstance(node, ast.FunctionDef) and not node.decorator_list
    return plain_one and not getattr(node, "name", "_").startswith("_")


def _changes_state(node: Definition) -> bool:
    """Whether a method assigns to an attribute of ``self`` or calls a method of one."""
    for each in ast.walk(node):
        if isinstance(each, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
            places = each.targets if isinstance(each, ast.Assign) else [each.target]
            if any(_starts_at_self(place) for place in places):
                return True
        elif isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute):
            owner = each.func.value
            if isinstance(owner, ast.Attribute) and _starts_at_self(owner):
                return True
    return False


def _starts_at_self(place: ast.expr) -> bool:
    while isinstance(place, (ast.Attribute, ast.Subscript)):
        place = place.value
        if isinstance(place, ast.Name) and place.id == "self":
            return True
    return False
