"""Values for a parameter without a useful annotation: by use, by default, by name."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from .annotated import values_for
from .describe import attributes
from .ducks import Use, use_of, use_under
from .everyday import everyday_with, paths
from .naming import by_name, is_telling, mixed, templates
from .ownership import is_class, module_name
from .typical import typical_for, typical_numbers, typical_sequences, typical_texts
from .value import Value
from .world import (
    World,
    combined,
    coroutine_functions,
    dicts_of,
    distinct,
    floats,
    functions,
    integers,
    joined,
    lists_of,
    plain,
    scalars,
    strings,
    tuples_of,
)

_MOST_DICTS = 24
_PLAIN_TYPES = (str, list, dict, set, bytes, int, float, tuple)


def guesses(name: str, default: object, node: ast.AST, world: World) -> list[Value]:
    """Return values, the best supported first; ``node`` is the function that has the parameter."""
    use = use_of(name, node)
    found = compared(use, world)
    if isinstance(default, (bool, int, float, str, bytes)) and type(default) in (
        bool,
        int,
        float,
        str,
        bytes,
    ):
        found += [*typical_for(name, type(default)), *values_for(type(default), world)]
    if default is None and name in _FUNCTIONS_BY_DEFAULT:
        found += functions(1)
    if is_telling(name) and not use.kinds:
        found += by_name(name, world)
    for column in _by_use(use, world, name, _Under(name, node)):
        found += column
    found += by_name(name, world)
    return distinct([*found, *_anything(world)])


def compared(use: Use, world: World) -> list[Value]:
    """Return the constants that a parameter is compared with, and one value that is none of them.

    Nobody calls a function with ``"hello"`` that asks for ``"HALF"``.
    """
    found = [Value(repr(each), "constant") for each in use.compared[:6]]
    if not found:
        return []
    others = strings(world) if isinstance(use.compared[0], str) else integers(world)
    own = {value.source for value in found}
    rest = [each for each in others if each.source not in own and each.origin == "type"]
    return [*found, *rest[:1]]


def keyword_dicts(name: str, node: ast.AST, world: World) -> list[Value]:
    """Return displays of the keywords that a function asks its ``**name`` for; none: anything."""
    use = use_of(name, node)
    if not use.keys:
        return []
    made = _dicts_with(use, world, _Under(name, node))
    return [*(value for value in made if value.source != "{}"), Value('{"other": 3}')]


class _Under(NamedTuple):
    """A parameter and the function that has it, to look at what is done with its keys."""

    name: str
    node: ast.AST


# ``sorted(key=None)``; without a default a key is what finds a value in a mapping.
_FUNCTIONS_BY_DEFAULT = ("key", "default_factory", "cmp")


def _by_use(
    use: Use, world: World, name: str, under: _Under | None = None
) -> Iterator[list[Value]]:
    if use.arity is not None:
        yield coroutine_functions(use.arity) if use.awaited else functions(use.arity)
    yield _instances_with(use, world)
    for kind in use.kinds:
        wanted = world.source.names.get(kind, getattr(builtins, kind, None))
        if isinstance(wanted, type):
            yield values_for(wanted, world)[:4]
    rules: tuple[tuple[object, Callable[[], list[Value]]], ...] = (
        (use.path, lambda: paths(world)[:4]),
        (use.keys or use.nested, lambda: _dicts_with(use, world, under)),
        (use.members, lambda: _holding(use, world)),
        (use.template, templates),
        (use.items, lambda: [*typical_for(name, dict), *dicts_of(strings(world), integers(world))]),
        (use.texts, lambda: [*typical_for(name, list[str]), *lists_of(strings(world))[:4]]),
        (use.advanced, lambda: [Value(f"iter({each})") for each in ([1, 2, 3], [], [1])]),
        (use.number, lambda: [*typical_numbers(name), *mixed(integers(world), floats(world))]),
        (use.text, lambda: [*typical_texts(name), *strings(world)]),
        (use.attributes, lambda: _plain_with(use, world)),
        (use.attributes, lambda: _simple_objects(use, world)),
        (use.iterated or use.indexed, lambda: [*typical_sequences(name), *_sequences(use, world)]),
    )
    for applies, values in rules:
        if applies:
            yield values()


def _holding(use: Use, world: World) -> list[Value]:
    """Return texts and lists in which what is looked for is found."""
    texts = [Value(repr(each), "constant") for each in use.members[:4]]
    if use.iterated or (
        use.indexed and all(text.isidentifier() or len(text) > 1 for text in use.members)
    ):
        lists = [joined("[{}]", [text]) for text in texts]
        return [*lists, *lists_of(strings(world))[:3], *texts, Value("''")]
    inside = [Value(repr(f"a{each}b"), "constant") for each in use.members[:4]]
    return [*inside, *strings(world)[:3]]


def _instances_with(use: Use, world: World) -> list[Value]:
    """Return instances of the module's classes that have all the attributes in use."""
    found: list[Value] = []
    if not use.attributes or any(use.attributes <= set(dir(kind)) for kind in (str, list, dict)):
        return found
    for _, kind in sorted(world.source.names.items(), key=lambda item: item[0]):
        if is_class(kind) and module_name(kind) == world.source.name:
            known = set(dir(kind)) | set(getattr(kind, "__annotations__", ()))
            made = world.instances(kind) if use.called <= known else []
            if made and (use.attributes <= known | _kept(kind)):
                found += list(made)[:6]
    return found


def _kept(kind: type) -> set[str]:
    """Return names that look like attributes of instances, from the code of ``__init__``."""
    code = getattr(getattr(kind, "__init__", None), "__code__", None)
    return set(code.co_names) if code is not None else set(attributes(kind))


def _plain_with(use: Use, world: World) -> list[Value]:
    found: list[Value] = []
    for kind in _PLAIN_TYPES:
        if use.attributes <= set(dir(kind)) - set(dir(object)):
            found += values_for(kind, world)[:8]
    return found or everyday_with(use.attributes, world)


def _simple_objects(use: Use, world: World) -> list[Value]:
    """Return stand-ins with the attributes in use; what is called answers the same to all."""
    if not use.attributes or use.attributes & _OF_CONTAINERS:
        return []
    columns = {
        name: _ANSWERS if name in use.called else (by_name(name, world) or scalars(world))[:3]
        for name in sorted(use.attributes)
    }
    made = []
    for row in range(3):
        chosen = {name: column[row % len(column)] for name, column in columns.items()}
        inside = ", ".join(f"{name}={value.source}" for name, value in chosen.items())
        value = combined(f"SimpleNamespace({inside})", list(chosen.values()))
        made.append(value._replace(imports=(*value.imports, "from types import SimpleNamespace")))
    return made


_ANSWERS = [Value(f"lambda *args: {each}") for each in ("True", "None", "'hello'")]
# Whoever asks for these wants a container or a text, and gets a real one.
_OF_CONTAINERS = frozenset(
    ["append", "extend", "items", "keys", "values", "split", "strip", "lower", "upper"]
)


def _dicts_with(use: Use, world: World, under: _Under | None = None) -> list[Value]:
    """Return dicts with the keys in use, one level of dicts inside them included.

    One key varies at a time, then one is missing at a time: the first of all has the likeliest
    value under each.
    """
    keys = list(dict.fromkeys([*use.keys, *(outer for outer, _ in use.nested)]))[:8]
    columns = {key: _held_under(key, use, world, under) for key in keys}
    first = {key: column[0] for key, column in columns.items()}
    rows = [
        first,
        *({key: column[row % len(column)] for key, column in columns.items()} for row in (1, 2)),
    ]
    rows += [{**first, key: value} for key in keys for value in columns[key][1:4]]
    rows += [{each: value for each, value in first.items() if each != key} for key in keys]
    rows += [{key: first[key]} for key in keys]
    made = distinct([_display(row) for row in rows[:_MOST_DICTS]])
    return [*made[:1], Value("{}"), *(each for each in made[1:] if each.source != "{}")]


def _display(held: Mapping[str, Value]) -> Value:
    inside = ", ".join(f"{key!r}: {value.source}" for key, value in held.items())
    return combined("{" + inside + "}", list(held.values()))


def _held_under(key: str, use: Use, world: World, under: _Under | None) -> list[Value]:
    inner = tuple(name for outer, name in use.nested if outer == key)
    if inner:
        return _dicts_with(Use(keys=inner), world)[:4]
    found: list[Value] = []
    if under is not None:
        seen = use_under(under.name, key, under.node)
        found += compared(seen, world)
        for column in _by_use(seen, world, key):
            found += column[:4]
    return (distinct(found) or by_name(key, world) or scalars(world))[:6]


def _sequences(use: Use, world: World) -> list[Value]:
    numbers, texts = integers(world), strings(world)
    if use.unpacked > 1:
        columns = [texts if place == 0 else numbers for place in range(use.unpacked)]
        same = [numbers] * use.unpacked
        return mixed(lists_of(tuples_of(columns)), lists_of(tuples_of(same)))
    everyday = plain([1, 2, 3], [], ["a", "b"], [3, 1, 2], [1, 1, 2])
    everyday.insert(4, Value("iter([1, 2, 3])"))
    return [*everyday, *lists_of(numbers)[:3], *lists_of(texts)[:3], *texts[:2]]


def _anything(world: World) -> list[Value]:
    return [*scalars(world)[:6], *plain([1, 2, 3], {"a": 1}, [], None), *functions(1)[:1]]
