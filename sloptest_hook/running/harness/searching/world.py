"""What a value may be made of, and the short plain values that a person would write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from .constants import Constants
from .matching import matching_strings
from .module_source import ModuleSource
from .value import Value, unique


class World(NamedTuple):
    """The module, its constants, and a source of instances of its classes."""

    source: ModuleSource
    constants: Constants
    instances: Callable[[type], Sequence[Value]]


def strings(world: World) -> list[Value]:
    """Return strings: one that says nothing, those of the function, then everyday ones."""
    telling = sorted(world.constants.strings[:16], key=lambda text: not text.strip())
    own = [Value(repr(text), "constant") for text in telling]
    matching = [Value(repr(text), "constant") for text in matching_texts(world.constants)]
    first = [*matching[:3], *own[:4]]
    rest = [*matching[3:8], *own[4:], *matching[8:]]
    return distinct([*plain("hello"), *first, *plain(*_STRINGS), *rest[:14], *plain(*_RARE)])


def matching_texts(constants: Constants) -> list[str]:
    """Return texts that match the patterns in use, one of each pattern first."""
    made = [list(matching_strings(*each)) for each in constants.patterns[:6]]
    longest = max(map(len, made), default=0)
    return [texts[row] for row in range(longest) for texts in made if row < len(texts)]


def integers(world: World) -> list[Value]:
    """Return whole numbers: those of the function and their neighbours, then everyday ones."""
    own = [n for each in world.constants.integers[:8] for n in (each, each + 1, each - 1)]
    made = [Value(repr(number), "constant") for number in own]
    return distinct([*plain(3), *made, *plain(*_INTEGERS)])


def floats(world: World) -> list[Value]:
    """Return floats; a whole constant of the function counts as one."""
    own: list[float] = [*world.constants.floats[:6], *map(float, world.constants.integers[:4])]
    near = [n for each in own for n in (each, each + 1.0, each - 1.0)]
    made = [Value(repr(number), "constant") for number in near]
    odd = [Value(f"float({text!r})") for text in _NOT_FINITE] if world.constants.not_finite else []
    return distinct([*plain(1.5), *odd, *made, *plain(0.0, 2.5, -1.0, 10.0, 100.0, 0.01)])


def byte_strings(world: World) -> list[Value]:
    """Return bytes."""
    own = [Value(repr(each), "constant") for each in world.constants.byte_strings[:6]]
    texts = [text for text in world.constants.strings[:6] if text.isascii()]
    return distinct([*own, *plain(b"abc", b""), *plain(*(text.encode() for text in texts))])


_STRINGS = ("world", "Hello World", "", "a", "abc123", "123", "a,b", " x ", "foo_bar", "A")
_NOT_FINITE = ("nan", "inf", "-inf")
_RARE = ("café", "1.5", "a b c")
_INTEGERS = (1, 2, 0, -1, 5, 10, 100)


# What tries a function out, and would not be anybody's first example.
ODD = ("'abc123'", "'123'", "'a,b'", "' x '", "'foo_bar'", "'a b c'")

# What a person tries as an edge, not as the example.
EMPTY = ("''", "[]", "{}", "()", "set()", "None", "b''")


def plain(*values: object) -> list[Value]:
    """Return values whose repr is their source."""
    return [Value(repr(value)) for value in values]


def scalars(world: World) -> list[Value]:
    """Return a mixture for a parameter of which nothing is known."""
    texts, numbers = strings(world), integers(world)
    return distinct([*numbers[:1], *texts[:2], *numbers[1:4], *texts[2:5], *plain(None, True, 1.5)])


def distinct(values: Iterable[Value]) -> list[Value]:
    """Drop values whose source came before, with the same statements before it."""
    found: dict[tuple[str, tuple[str, ...]], Value] = {}
    for value in values:
        found.setdefault((value.source, value.arrange), value)
    return list(found.values())


def joined(template: str, parts: Sequence[Value]) -> Value:
    """Return a value that holds others; ``template`` has one ``{}`` for all, comma separated."""
    source = template.replace("{}", ", ".join(part.source for part in parts))
    return combined(source, parts)


def combined(source: str, parts: Sequence[Value]) -> Value:
    """Return a value that needs all that its parts need."""
    return Value(
        source,
        next((part.origin for part in parts if part.origin != "type"), "type"),
        unique(tuple(line for part in parts for line in part.imports)),
        unique(tuple(line for part in parts for line in part.arrange)),
        unique(tuple(name for part in parts for name in part.fixtures)),
    )


def lists_of(elements: Sequence[Value], template: str = "[{}]", empty: str = "[]") -> list[Value]:
    """Return a list of three, the empty one, one of one, an unsorted one and one with repeats."""
    some = list(elements)
    shapes = [some[:3], [], some[:1], some[2::-1], some[3:6], [*some[1:2], *some[:2], *some[1:2]]]
    if len(elements) == 0:
        return [Value(empty)]
    return distinct(joined(template, shape) if shape else Value(empty) for shape in shapes)


def dicts_of(keys: Sequence[Value], values: Sequence[Value]) -> list[Value]:
    """Return dicts of two, of none and of one."""
    count = max(1, min(3, len(keys), len(values)))
    pairs = list(zip(keys, values))
    shapes = [pairs[:2], [], pairs[:1], pairs[2:4], list(zip(keys, values[1:]))[:count]]
    made = []
    for shape in shapes:
        items = ", ".join(f"{key.source}: {value.source}" for key, value in shape)
        made.append(combined("{" + items + "}", [part for pair in shape for part in pair]))
    return distinct(made)


def tuples_of(columns: Sequence[Sequence[Value]]) -> list[Value]:
    """Return tuples that take their n-th member from the n-th column."""
    rows = [
        [column[row % len(column)] for column in columns if column]
        for row in range(min(4, max((len(column) for column in columns), default=0)))
    ]
    return distinct(joined("({},)" if len(row) == 1 else "({})", row) for row in rows)


def functions(arity: int) -> list[Value]:
    """Return callables that take so many arguments; -1: any number."""
    sources = {
        0: ("lambda: 1", "lambda: None", "list"),
        1: ("lambda x: x", "str", "lambda x: True", "lambda x: False", "lambda x: x * 2", "len"),
        2: ("lambda x, y: x + y", "lambda x, y: x", "lambda x, y: x == y", "max"),
        -1: (
            "lambda *args: args",
            "lambda *args: None",
            "str",
            "lambda *args, **kwargs: len(args)",
        ),
    }
    return [*(Value(source) for source in sources.get(arity, sources[-1])), _FAILING]


def is_function(value: Value) -> bool:
    """Whether a value is one of those that ``functions`` makes."""
    return value.source.startswith("lambda") or value == _FAILING


FAILURE = "boom"  # what the function that fails says
_FAILING = Value("fail", arrange=(f"def fail(*args):\n    raise ValueError({FAILURE!r})",))


def coroutine_functions(arity: int) -> list[Value]:
    """Return functions to be awaited that take so many arguments; -1: any number."""
    names = {0: "", 1: "value", 2: "value, other"}.get(arity, "*args")
    returned = {0: "1", 1: "value", 2: "value"}.get(arity, "args")
    sources = {
        "respond": f"async def respond({names}):\n    return {returned}",
        "respond_nothing": f"async def respond_nothing({names}):\n    return None",
        "fail": f"async def fail({names}):\n    raise ValueError({FAILURE!r})",
    }
    return [Value(name, arrange=(source,)) for name, source in sources.items()]
