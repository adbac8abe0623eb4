"""A candidate value as source text, and the trial calls that are made of such values."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import NamedTuple

STRAY = "stray"  # the origin of a value of a type that nobody says the parameter has
AWAIT = "await "  # how a statement begins that only an event loop can run


class Value(NamedTuple):
    """A Python expression with all that it needs before it can be evaluated.

    ``imports`` and ``arrange`` are whole statements, ``fixtures`` names of pytest fixtures.
    ``origin`` says where it comes from: doctest, call site, default, constant, name, type; STRAY
    is of a type that the parameter is not said to have. ``edited``
    marks what the search made out of another value; a person would write the other one.
    """

    source: str
    origin: str = "type"
    imports: tuple[str, ...] = ()
    arrange: tuple[str, ...] = ()
    fixtures: tuple[str, ...] = ()
    edited: bool = False


class Bound(NamedTuple):
    """A value bound to a parameter; several share a name when they fill ``*args``."""

    name: str
    value: Value
    keyword: bool = False


class Setting(NamedTuple):
    """One settled answer of the surroundings.

    ``lines`` of the function ask for it; none when a function below it may ask too.
    """

    arrange: tuple[str, ...]
    imports: tuple[str, ...] = ()
    fixtures: tuple[str, ...] = ("monkeypatch",)
    lines: frozenset[int] = frozenset()
    edited: bool = False


class Trial(NamedTuple):
    """One call to try: the arguments, the receiver of a method, what happens before the call.

    ``before`` are statements on the receiver. ``seed`` marks a call that a person wrote.
    ``then`` are the arguments of a second call, of the function that the first one returns, and
    ``again`` those of a third one: a decorator that takes arguments is called so.
    ``settings`` settle what the surroundings answer. ``in_loop`` makes the call where an event loop
    runs, of a function that is none of its coroutines. ``waits`` only begins a coroutine, and looks
    whether it is done.
    """

    arguments: tuple[Bound, ...] = ()
    receiver: Value | None = None
    before: tuple[str, ...] = ()
    arrange: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    origin: str = "type"
    seed: bool = False
    then: tuple[Bound, ...] | None = None
    again: tuple[Bound, ...] | None = None
    settings: tuple[Setting, ...] = ()
    in_loop: bool = False
    waits: bool = False

    def with_argument(self, index: int, value: Value) -> Trial:
        """Return this trial with another value at one place."""
        return self._replace(arguments=_with(self.arguments, index, value))

    def edited(
        self, chance: random.Random, edit: Callable[[Value, random.Random], Value | None]
    ) -> Trial | None:
        """Return this trial with one of its values edited, the receiver being one of them."""
        place = chance.randrange(-1 if self.receiver else 0, max(1, len(self.arguments)))
        if place < 0 or not self.arguments:
            made = edit(self.receiver, chance) if self.receiver else None
            return None if made is None else self._replace(receiver=made, seed=False)
        made = edit(self.arguments[place].value, chance)
        return None if made is None else self.with_argument(place, made)._replace(seed=False)

    def elsewhere(self, other: Trial) -> Trial | None:
        """Return this call on the receiver and in the surroundings of another; None: the same."""
        if self.arrange or other.arrange:  # a person's own names
            return None
        place = (other.receiver, other.before, other.settings)
        if place == (self.receiver, self.before, self.settings):
            return None
        receiver, before, settings = place
        return self._replace(receiver=receiver, before=before, settings=settings, seed=False)

    def with_then(self, index: int, value: Value) -> Trial:
        """Return this trial with another argument of the second call."""
        return self._replace(then=_with(self.then or (), index, value))


def _with(bounds: tuple[Bound, ...], index: int, value: Value) -> tuple[Bound, ...]:
    return (*bounds[:index], bounds[index]._replace(value=value), *bounds[index + 1 :])


class Program(NamedTuple):
    """A trial as the statements and the expression that are run, and printed later."""

    imports: tuple[str, ...]
    arrange: tuple[str, ...]
    call: str
    arguments: tuple[Bound, ...] = ()
    is_property: bool = False
    fixtures: tuple[str, ...] = ()
    receiver: str | None = None

    @property
    def expression(self) -> str:
        """The whole call."""
        return f"{self.call}({written(self.arguments)})"

    @property
    def text(self) -> str:
        """All of it in one string, to tell programs apart and to measure their length."""
        return "\n".join((*self.arrange, self.expression))


def written(bounds: Sequence[Bound]) -> str:
    """Return arguments as they stand between the parentheses of a call."""
    return ", ".join(
        f"{each.name}={each.value.source}" if each.keyword else each.value.source for each in bounds
    )


def unique(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Drop repeated lines, keep the order."""
    return tuple(dict.fromkeys(lines))
