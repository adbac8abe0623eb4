"""What a person would call a value: ``empty list``, ``negative``, ``two words``."""

import ast
import re
from collections.abc import Sequence

from sloptest_hook.generation.offline.fragments import parse_expression
from sloptest_hook.values.records import dataclass

_LONG_TEXT = 40  # characters
_LARGE = 1000
_WORDS_KEPT = 3
_WORDY = re.compile(r"[A-Za-z0-9_]+([ ./:-]+[A-Za-z0-9_]+)*[.!?]?")
_EMPTY_BY_CALL = ("set", "frozenset", "list", "dict", "tuple", "bytearray")
_COUNTS = {2: "two", 3: "three", 4: "four"}


@dataclass(frozen=True, slots=True)
class Shape:
    """A value in words.

    ``phrase`` stands alone (``empty string``); ``adjective`` goes before a parameter's name
    (``empty`` text), empty where none fits. ``notable`` values are worth naming a test after.
    """

    phrase: str
    adjective: str = ""
    notable: bool = False


def shape_of(source: str) -> Shape | None:
    """Return the value's shape, or None when there are no short words for it."""
    node = parse_expression(source)
    return None if node is None else _shape(node)


def snake(text: str) -> str:
    """Return text as the middle of an identifier: ``HTTPServer up!`` -> ``http_server_up``."""
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", text)
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def first_words(text: str, count: int) -> str:
    """Return the first words of a text in snake case; words that are only signs do not count."""
    words = [word for word in (snake(word) for word in text.split()) if word]
    return "_".join(words[:count])


def _shape(node: ast.expr) -> Shape | None:
    match node:
        case ast.Constant(value=value):
            return _constant(value)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float())):
            return Shape("negative", "negative", notable=True)
        case ast.List() | ast.Tuple() | ast.Set() | ast.Dict():
            items = node.values if isinstance(node, ast.Dict) else node.elts
            return _container(type(node).__name__.lower(), items)
        case ast.Call():
            return _call(node)
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return _named(name)
        case _:
            return None


def _constant(value: object) -> Shape | None:
    match value:
        case str():
            return _text(value)
        case b"":
            return Shape("empty bytes", "empty", notable=True)
        case bool() | None:
            return Shape(str(value).lower())
        case int() | float():
            return _number(value)
        case _:
            return None


def _named(name: str) -> Shape | None:
    return Shape(snake(name).replace("_", " ")) if snake(name) else None


def _text(text: str) -> Shape | None:
    if not text.strip():
        word = "blank" if text else "empty"
        return Shape(f"{word} string", word, notable=True)
    if "\n" in text.strip():
        return Shape("several lines", "multiline", notable=True)
    if text != text.strip():
        return Shape("padded text", "padded", notable=True)
    if not text.isascii():
        return Shape("non-ASCII text", "non-ASCII", notable=True)
    if len(text) > _LONG_TEXT:
        return Shape("long text", "long", notable=True)
    return _words(text)


def _words(text: str) -> Shape | None:
    words = snake(text)
    if not words:
        return Shape("punctuation")
    is_told = _WORDY.fullmatch(text) and words.count("_") < _WORDS_KEPT
    return Shape(words.replace("_", " ")) if is_told else None


def _number(number: int | float) -> Shape:
    if number == 0:
        return Shape("zero", "zero", notable=True)
    if isinstance(number, float):
        return Shape("fraction") if number % 1 else Shape(f"{number:g}")
    return Shape("large number", "large") if number >= _LARGE else Shape(str(number))


def _container(noun: str, items: Sequence[ast.expr]) -> Shape:
    if not items:
        return Shape(f"empty {noun}", "empty", notable=True)
    if len(items) == 1:
        return Shape("single item", "single", notable=True)
    return Shape(f"{_COUNTS.get(len(items), 'several')} items")


def _call(node: ast.Call) -> Shape | None:
    match node:
        case ast.Call(func=ast.Name(id="float"), args=[ast.Constant(value=str() as text)]):
            return _special_float(text)
        case ast.Call(func=ast.Name(id=name), args=[]) if name in _EMPTY_BY_CALL:
            return Shape(f"empty {name}", "empty", notable=True)
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return _named(name)
        case _:
            return None


def _special_float(text: str) -> Shape:
    words = {"nan": "nan", "inf": "infinity", "-inf": "negative infinity"}
    return Shape(words.get(text.lower(), text), notable=True)
