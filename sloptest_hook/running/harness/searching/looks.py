"""Looks at a receiver before the call, so that a check is made on what the call changed."""

from __future__ import annotations

from typing import NamedTuple

from . import foreign
from .checks import Check, property_names, value_checks
from .describe import describe
from .edits import plain_value
from .execute import Runner
from .ownership import defined_by_project
from .value import Program, Value

_MOST_KEYS = 3


class Looked(NamedTuple):
    """What properties said before, and what was found under each key that the call is given."""

    properties: dict[str, str]
    items: dict[str, str | None]

    def changed_properties(self, value: object) -> list[str]:
        """Return the properties that say something else now."""
        now = _properties(value)
        return [name for name, text in now.items() if self.properties.get(name) != text]

    def changed_items(self, receiver: str, value: object) -> list[Check]:
        """Read back what is kept under the keys: ``cache["a"] == 3``, or that it is gone."""
        checks: list[Check] = []
        for key, before in self.items.items():
            now = _item(value, key)
            if now is foreign.FAILED:
                gone = (
                    before is not None and foreign.attempt(f"{key} in it", {"it": value}) is False
                )
                checks += [Check(f"{key} in {receiver}", "is", "False")] if gone else []
            elif describe(now) != before:
                checks += value_checks(f"{receiver}[{key}]", now)[:2]
        return checks


def look(runner: Runner, program: Program) -> Looked:
    """Make the receiver once more and ask it; what the asking changes does not matter."""
    if program.receiver is None:
        return Looked({}, {})
    value = runner.arranged(program).get(program.receiver)
    keys: list[str] = []
    if defined_by_project(type(value), "__getitem__"):
        sources = dict.fromkeys(bound.value.source for bound in program.arguments)
        keys = [source for source in sources if _is_literal(source)][:_MOST_KEYS]
    items = {key: _item(value, key) for key in keys}
    found = {key: None if each is foreign.FAILED else describe(each) for key, each in items.items()}
    return Looked(_properties(value), found)


def _is_literal(source: str) -> bool:
    """Whether it is a literal of a kind that people use as a key."""
    return type(plain_value(Value(source))[0]) in (str, int, tuple)


def _properties(value: object) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in property_names(type(value)):
        held = foreign.attribute(value, name, foreign.FAILED)
        if held is not foreign.FAILED:
            found[name] = describe(held)
    return found


def _item(value: object, key: str) -> object:
    return foreign.attempt(f"it[{key}]", {"it": value}, 0.2)
