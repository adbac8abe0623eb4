"""Names of tests that say the behaviour: ``test_slugify_of_empty_string``."""

import itertools
import keyword
import re
from collections.abc import Iterable, Iterator, Sequence

from sloptest_hook.generation.offline.behaviour import behaviours, is_plain
from sloptest_hook.generation.offline.grouping import Table, Unit
from sloptest_hook.generation.offline.guards import Guards
from sloptest_hook.generation.offline.shapes import snake

LONGEST_NAME = 70
_ORDINALS = ("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_OPERATIONS = {
    "__call__": "call",
    "__contains__": "membership",
    "__delitem__": "item_deletion",
    "__enter__": "enter",
    "__eq__": "equality",
    "__exit__": "exit",
    "__ge__": "greater_or_equal",
    "__getitem__": "lookup",
    "__hash__": "hash",
    "__setitem__": "item_assignment",
    "__missing__": "missing_key",
    "__repr__": "repr",
    "__str__": "text",
    "__gt__": "greater_than",
    "__iadd__": "in_place_addition",
    "__init__": "",
    "__iter__": "iteration",
    "__le__": "less_or_equal",
    "__len__": "length",
    "__lt__": "less_than",
    "__mul__": "multiplication",
    "__ne__": "inequality",
    "__post_init__": "",
    "__add__": "addition",
    "__sub__": "subtraction",
    "__truediv__": "division",
}


def names_of(units: Sequence[Unit], qualname: str, guards: Guards | None = None) -> tuple[str, ...]:
    """Return one name a unit, all different; ``guards`` are the conditions in the symbol's code.

    Each takes the first of its behaviours that no other could claim, so that the special case is
    called special and the plain one keeps the plain name.
    """
    base = subject_words(qualname)
    plainest = _plainest(units)
    wishes = [
        _wishes(base, unit, plainest=unit is plainest, why=_why(unit, guards or Guards()))
        for unit in units
    ]
    taken: set[str] = set()
    names = []
    for position, wish in enumerate(wishes):
        others = {name for other in wishes[:position] + wishes[position + 1 :] for name in other}
        plain = [] if units[position] is not plainest else wish[:1]
        name = _choice([*plain, *wish], others - set(plain), taken, base)
        taken.add(name)
        names.append(name)
    return tuple(names)


def subject_words(qualname: str) -> str:
    """Return the symbol's part of the names: ``Cart.add_item`` -> ``cart_add_item``."""
    parts = (
        _OPERATIONS.get(part, snake(part)) for part in qualname.replace("<locals>.", "").split(".")
    )
    return "_".join(part for part in parts if part) or "module"


def free_word(wanted: str, avoided: Iterable[str]) -> str:
    """Return a variable's name that is none of ``avoided`` and nothing that Python reserves."""
    taken = {*avoided, "request"}  # pytest's own: not to be used as a parameter
    word = wanted if wanted.isidentifier() and not keyword.iskeyword(wanted) else "value"
    word = word.strip("_") or "value"
    candidates = itertools.chain(
        (word, f"{word}_value", f"given_{word}"),
        (f"{ordinal}_{word}" for ordinal in _ORDINALS),
        (f"{word}_{number}" for number in itertools.count(2)),
    )
    return next(name for name in candidates if name not in taken)


def _plainest(units: Sequence[Unit]) -> Unit | None:
    """Return what carries the symbol's name alone: a plain table, else the shortest call."""
    plain = [unit for unit in units if is_plain(unit)]
    if not plain:
        return units[0] if len(units) == 1 and isinstance(units[0], Table) else None
    tables = [unit for unit in plain if isinstance(unit, Table)]
    cases = [unit for unit in plain if not isinstance(unit, Table)]
    return tables[0] if tables else min(cases, key=lambda case: len(case.arguments))


def _why(unit: Unit, guards: Guards) -> str:
    """Return the condition that each of the unit's cases met."""
    cases = unit.cases if isinstance(unit, Table) else (unit,)
    told = {guards.words(case) for case in cases}
    return told.pop() if len(told) == 1 else ""


def _wishes(base: str, unit: Unit, *, plainest: bool, why: str) -> list[str]:
    names = [_joined(base, words) for words in behaviours(unit, plainest=plainest, why=why)]
    return [name for name in dict.fromkeys(names) if len(name) <= LONGEST_NAME]


def _joined(base: str, behaviour: str) -> str:
    return re.sub(r"_+", "_", f"test_{base}_{behaviour}").strip("_")


def _choice(wishes: Sequence[str], others: set[str], taken: set[str], base: str) -> str:
    free = [name for name in wishes if name not in taken]
    own = [name for name in free if name not in others]
    return next(iter([*own, *free]), None) or next(
        name for name in _numbered(wishes[0] if wishes else f"test_{base}") if name not in taken
    )


def _numbered(name: str) -> Iterator[str]:
    yield name
    for ordinal in _ORDINALS:
        yield f"{name}_{ordinal}"
    for number in itertools.count(11):
        yield f"{name}_{number}"
