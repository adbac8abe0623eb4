"""Values for an annotation."""

from __future__ import annotations

import collections
import collections.abc
import enum
import numbers
import types
import typing
from collections.abc import Sequence

from .everyday import everyday_values, plain_values
from .module_source import reference_to_class
from .typical import typical_for
from .value import Value
from .world import (
    World,
    combined,
    coroutine_functions,
    dicts_of,
    distinct,
    functions,
    integers,
    lists_of,
    plain,
    scalars,
    strings,
    tuples_of,
)

_DEPTH = 3
_UNION = (typing.Union, getattr(types, "UnionType", typing.Union))


def values_for(hint: object, world: World, depth: int = 0) -> list[Value]:
    """Return values that fit the annotation, the likeliest first; none when it says nothing."""
    if hint is None or hint is type(None):
        return plain(None)
    if depth > _DEPTH:
        return scalars(world)[:3]
    found = plain_values(hint, world) or everyday_values(hint, world)
    for rule in (_special, _vague, _generic, _made):
        found = found or rule(hint, world, depth)
    return distinct(found)


def _special(hint: object, world: World, depth: int) -> list[Value]:
    """Return values for unions, literals, and names that stand for another annotation."""
    arguments = typing.get_args(hint)
    origin = typing.get_origin(hint)
    if origin in _UNION:
        return _round_robin([values_for(argument, world, depth + 1) for argument in arguments])
    if origin is typing.Literal:
        return [_literal(argument) for argument in arguments]
    if hasattr(hint, "__metadata__"):
        return values_for(arguments[0], world, depth)
    if hasattr(hint, "__supertype__"):
        return values_for(hint.__supertype__, world, depth)
    return []


def _vague(hint: object, world: World, depth: int) -> list[Value]:
    """Return values for annotations that allow many types."""
    if isinstance(hint, typing.TypeVar):
        options = hint.__constraints__ or ((hint.__bound__,) if hint.__bound__ else ())
        found = [values_for(option, world, depth + 1) for option in options]
        return _round_robin(found) or scalars(world)
    if hint in (typing.Any, object, typing.Hashable):
        return scalars(world)
    return integers(world) if hint in _NUMBERS else []


_NUMBERS = (typing.SupportsInt, typing.SupportsIndex, typing.SupportsFloat, numbers.Number)


def _literal(value: object) -> Value:
    if isinstance(value, enum.Enum):
        return member_value(value) or Value(repr(value.value))
    return Value(repr(value), "constant")


def _round_robin(columns: Sequence[Sequence[Value]]) -> list[Value]:
    longest = max((len(column) for column in columns), default=0)
    return [column[row] for row in range(longest) for column in columns if row < len(column)]


def _generic(hint: object, world: World, depth: int) -> list[Value]:
    """Return containers, with what they hold, and callables."""
    base = typing.get_origin(hint) or hint
    arguments = typing.get_args(hint)
    if base in (collections.abc.Callable, typing.Callable):
        known = arguments and isinstance(arguments[0], list)
        returned = typing.get_origin(arguments[-1]) or arguments[-1] if arguments else None
        awaited = isinstance(returned, type) and issubclass(returned, collections.abc.Awaitable)
        wanted = coroutine_functions if awaited else functions
        return wanted(len(arguments[0]) if known else -1)
    if base is type:
        return [Value("int"), Value("str"), Value("ValueError")]
    if base is tuple:
        return _tuples(arguments, world, depth)
    if base in _MAPPINGS:
        return _dicts(arguments, world, depth)
    if isinstance(base, type) and base in _SHAPES:
        template, empty = _SHAPES[base]
        return lists_of(_elements(arguments, world, depth), template, empty)
    return []


def _dicts(arguments: tuple[object, ...], world: World, depth: int) -> list[Value]:
    if len(arguments) != len(("key", "value")):
        return dicts_of(strings(world), integers(world))
    keys, values = (values_for(argument, world, depth + 1) for argument in arguments)
    return dicts_of(keys, values)


def _elements(arguments: tuple[object, ...], world: World, depth: int) -> list[Value]:
    return values_for(arguments[0], world, depth + 1) if arguments else integers(world)


def _tuples(arguments: tuple[object, ...], world: World, depth: int) -> list[Value]:
    if not arguments or arguments[-1] is Ellipsis:
        elements = _elements(arguments, world, depth)
        return _tuple_shapes(elements)
    return tuples_of([values_for(argument, world, depth + 1) for argument in arguments])


def _tuple_shapes(elements: list[Value]) -> list[Value]:
    return distinct(
        [*tuples_of([elements[:1], elements[1:2]]), Value("()"), *tuples_of([elements[:1]])]
    )


_MAPPINGS = (
    dict,
    collections.abc.Mapping,
    collections.abc.MutableMapping,
)
_LIST, _SET, _ITERATOR = ("[{}]", "[]"), ("{{}}", "set()"), ("iter([{}])", "iter([])")
_SHAPES: dict[object, tuple[str, str]] = {
    list: _LIST,
    collections.abc.Sequence: _LIST,
    collections.abc.MutableSequence: _LIST,
    collections.abc.Iterable: _LIST,
    collections.abc.Collection: _LIST,
    collections.abc.Container: _LIST,
    collections.abc.Sized: _LIST,
    collections.abc.Reversible: _LIST,
    set: _SET,
    collections.abc.Set: _SET,
    collections.abc.MutableSet: _SET,
    frozenset: ("frozenset({{}})", "frozenset()"),
    collections.abc.Iterator: _ITERATOR,
    collections.abc.Generator: _ITERATOR,
}


def _made(hint: object, world: World, depth: int) -> list[Value]:
    """Enums, typed dictionaries and other classes, by their own constructors."""
    base = typing.get_origin(hint) or hint
    if not isinstance(base, type):
        return []
    if issubclass(base, enum.Enum):
        return [value for value in map(member_value, base) if value is not None][:12]
    if issubclass(base, dict) and hasattr(base, "__total__"):
        return _typed_dictionaries(base, world, depth)
    if base.__module__ == "builtins" and not issubclass(base, BaseException):
        return []
    return list(world.instances(base))


def member_value(member: enum.Enum) -> Value | None:
    """Return a member of an enum by its name."""
    reference = reference_to_class(type(member))
    if reference is None:
        return None
    return Value(f"{reference.source}.{member.name}", "constant", reference.imports)


def _typed_dictionaries(kind: type, world: World, depth: int) -> list[Value]:
    hints: dict[str, object] = {}
    try:
        hints = typing.get_type_hints(kind)
    except (NameError, TypeError):
        return []
    columns = {
        name: [*typical_for(name, hint), *values_for(hint, world, depth + 1)]
        for name, hint in hints.items()
    }
    made = []
    for row in range(3):
        chosen = {name: column[row % len(column)] for name, column in columns.items() if column}
        items = ", ".join(f"{name!r}: {value.source}" for name, value in chosen.items())
        made.append(combined("{" + items + "}", list(chosen.values())))
    required = getattr(kind, "__required_keys__", frozenset(hints))
    if set(hints) - set(required):
        made.append(combined("{}", []) if not required else made[0])
    return made
