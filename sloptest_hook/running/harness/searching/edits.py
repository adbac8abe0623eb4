"""Small edits of arguments: an operand replaced, a list made longer, a number moved."""

from __future__ import annotations

import ast
import itertools
import random
from collections.abc import Callable, Iterator, Sequence

from .syntax import expression
from .value import Value

_LONGEST = 400
_LONGEST_MADE = 300
_LONGEST_LITERAL = 60  # items; what is longer is a range
_LONGEST_RANGE = 5000
_LONGEST_OPERAND = 100
_EVEN = 0.5
_MOST_PLACES = 4
_EVERYWHERE = ("0", "''", "1", "None")  # what statements are full of
_LETTERS = "abcxyz019 _-./"


def plain_value(value: Value) -> tuple[object, bool]:
    """Return the value that a literal source stands for, and whether it is a literal at all."""
    try:
        return ast.literal_eval(value.source), not value.arrange
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None, False


def with_operand(value: Value, old: object, new: object) -> list[Value]:
    """Return values in which ``new`` stands where ``old`` was found, a length counting too."""
    found, literal = plain_value(value)
    if not literal:
        return _inside_source(value, old, new)
    made = [as_value(each) for each in itertools.islice(_replaced(found, old, new), 4)]
    if isinstance(found, list) and type(old) is int and len(found) == old and type(new) is int:
        longer = _with_long_list(value, old, new)
        made += [longer] if longer is not None else []
    return [each for each in made if len(each.source) <= _LONGEST and each.source != value.source]


def as_value(value: object, origin: str = "constant") -> Value:
    """Return a plain value as the search made it."""
    return Value(_source(value), origin, edited=True)


def _source(value: object) -> str:
    if isinstance(value, (set, frozenset)):
        inside = ", ".join(sorted(map(_source, value)))
        return "{" + inside + "}" if value else "set()"
    return repr(value)


def _inside_source(value: Value, old: object, new: object) -> list[Value]:
    """Replace a literal inside a constructor call or the statements before it."""
    if type(old) is int and type(new) is int and old > 0:
        longer = _with_long_list(value, old, new)
        if longer is not None:
            return [longer]
    before, after = repr(old), repr(new)
    if isinstance(old, bool) or len(after) > _LONGEST_OPERAND:
        return []
    common = before in _EVERYWHERE
    made = [
        _spliced(value, node, new)
        for node in _constants_in(value.source, alone=common)
        if type(node.value) is type(old) and node.value == old
    ]
    if common:
        return made[:_MOST_PLACES]
    arrange = tuple(line.replace(before, after) for line in value.arrange)
    changed = value._replace(arrange=arrange, edited=True)
    return [*made[:_MOST_PLACES], *([changed] if arrange != value.arrange else [])]


def _constants_in(source: str, *, alone: bool = False) -> list[ast.Constant]:
    """Return the numbers and texts that are written in an expression of one line.

    ``alone``: those that are whole arguments, not parts of one.
    """
    tree = expression(source)
    if tree is None:
        return []
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    whole = [part for call in calls for part in (*call.args, *(k.value for k in call.keywords))]
    return [
        node
        for node in (whole if alone else ast.walk(tree))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, (bool, int, float, str))
        and node.end_lineno == 1
    ]


def _spliced(value: Value, node: ast.Constant, new: object) -> Value:
    """Return the value with another constant at one place of its source."""
    source = value.source.encode()
    made = source[: node.col_offset] + _source(new).encode() + source[node.end_col_offset :]
    return value._replace(source=made.decode(), edited=True)


def _changed(
    value: Value, chance: random.Random, change: Callable[[object], object]
) -> Value | None:
    """Return a literal changed, or a constructor call with one of its constants changed."""
    found, literal = plain_value(value)
    constants = [] if literal else _constants_in(value.source)
    if literal:
        made = as_value(change(found), value.origin)
    elif constants:
        node = chance.choice(constants)
        made = _spliced(value, node, change(node.value))
    else:
        return None
    return made if len(made.source) <= _LONGEST and made.source != value.source else None


def _with_long_list(value: Value, old: int, new: int) -> Value | None:
    """Return the value with a range in place of the first list of ``old`` items inside it."""
    if not _LONGEST_LITERAL < new <= _LONGEST_RANGE:
        return None
    tree = expression(value.source)
    if tree is None:
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.List) and len(node.elts) == old:
            before = ast.get_source_segment(value.source, node) or ""
            source = value.source.replace(before, f"list(range({new}))", 1)
            return value._replace(source=source, edited=True)
    return None


def _replaced(value: object, old: object, new: object) -> Iterator[object]:
    if type(value) is type(old) and value == old:
        yield new
    elif isinstance(value, str) and isinstance(old, str) and old and isinstance(new, str):
        if old in value:
            yield value.replace(old, new, 1)
        elif old == value.lower() or old == value.strip():
            yield new
        elif old in value.lower():
            yield value.lower().replace(old, new, 1)
    elif isinstance(value, str) and _is_number(old) and str(old) in value:
        yield value.replace(str(old), str(new), 1)
    yield from _resized(value, old, new)
    yield from _nested(value, old, new)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _resized(value: object, old: object, new: object) -> Iterator[object]:
    """Yield the value in another length, when the old operand is its length."""
    if type(old) is not int or type(new) is not int or not 0 <= new <= _LONGEST_MADE:
        return
    if isinstance(value, str) and len(value) == old:
        filler = value or "a"
        yield (filler * (new // len(filler) + 1))[:new]
    elif isinstance(value, bytes) and len(value) == old:
        yield (value or b"a").ljust(new, b"a")[:new]
    elif isinstance(value, (list, tuple)) and len(value) == old:
        many = type(value)(itertools.islice(itertools.cycle(value or (1, 2, 3)), new))
        yield many


def _nested(value: object, old: object, new: object) -> Iterator[object]:
    if isinstance(value, (list, tuple)):
        for place, item in enumerate(value[:8]):
            for changed in itertools.islice(_replaced(item, old, new), 2):
                yield type(value)([*value[:place], changed, *value[place + 1 :]])
    elif isinstance(value, dict):
        for key, item in itertools.islice(value.items(), 8):
            for changed in itertools.islice(_replaced(item, old, new), 2):
                yield {**value, key: changed}


def with_key(value: Value, key: object) -> list[Value]:
    """Return a dict with one key more, after a KeyError asked for it."""
    found, literal = plain_value(value)
    if literal and isinstance(found, dict) and type(key) in (str, int):
        return [as_value({**found, key: filler}) for filler in (1, "a", [1, 2])]
    return []


def mutated(value: Value, chance: random.Random, words: Sequence[str] = ()) -> Value | None:
    """Return a value that differs a little; None for what holds no literal.

    ``words`` are put into texts: what a grammar is made of.
    """
    return _changed(value, chance, lambda held: _mutated(held, chance, words))


def neighbour(value: Value, chance: random.Random) -> Value | None:
    """Return a value of the same shape: one character is another of its kind, a number moves."""
    return _changed(value, chance, lambda held: _neighbour(held, chance))


def _neighbour(value: object, chance: random.Random) -> object:
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        whole = isinstance(value, int)
        return value + chance.choice((1, -1, 2, -2, 10, -10) if whole else (1.0, -1.0, 0.5, 0.01))
    if isinstance(value, str) and value:
        place = chance.randrange(len(value))
        return value[:place] + _of_its_kind(value[place], chance) + value[place + 1 :]
    if isinstance(value, (list, tuple)) and value:
        place = chance.randrange(len(value))
        changed = _neighbour(value[place], chance)
        return type(value)([*value[:place], changed, *value[place + 1 :]])
    if isinstance(value, dict) and value:
        key = chance.choice(list(value))
        return {**value, key: _neighbour(value[key], chance)}
    return value


def _of_its_kind(letter: str, chance: random.Random) -> str:
    for kind in ("0123456789", "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"):
        if letter in kind:
            return chance.choice(kind)
    return chance.choice(_LETTERS)


def _mutated(value: object, chance: random.Random, words: Sequence[str]) -> object:
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return chance.choice([value + 1, value - 1, -value, value * 2, value * 10])
    if isinstance(value, str):
        spliced = bool(words) and chance.random() < _EVEN
        return _with_word(value, words, chance) if spliced else _mutated_text(value, chance)
    if isinstance(value, (list, tuple)):
        return _mutated_sequence(value, chance, words)
    if isinstance(value, dict) and value:
        key = chance.choice(list(value))
        return {**value, key: _mutated(value[key], chance, words)}
    return value


def _with_word(value: str, words: Sequence[str], chance: random.Random) -> str:
    word = chance.choice(words)
    place = chance.randint(0, len(value))
    return chance.choice(
        [
            value[:place] + word + value[place:],
            f"{value}{word}",
            f"{word}{value}",
            f"{value}\n{word}",
            f"{word}\n{value}",
            f"{value}\n    {word}",
            f"{value} {word} {value}",
        ]
    )


def _mutated_text(value: str, chance: random.Random) -> str:
    place = chance.randint(0, len(value))
    letter = chance.choice(_LETTERS)
    return chance.choice(
        [
            value[:place] + letter + value[place:],
            value[:place] + value[place + 1 :],
            value.upper(),
            value.title(),
            value + value,
            value[::-1],
            f"{value} {value}",
            f"{value}\n{value}",
        ]
    )


def _mutated_sequence(
    value: list[object] | tuple[object, ...], chance: random.Random, words: Sequence[str]
) -> list[object] | tuple[object, ...]:
    items = list(value)
    if not items:
        return value
    place = chance.randrange(len(items))
    changed = [*items[:place], _mutated(items[place], chance, words), *items[place + 1 :]]
    options = [changed, items[:place] + items[place + 1 :], [*items, items[place]], items[::-1]]
    return type(value)(chance.choice(options))
