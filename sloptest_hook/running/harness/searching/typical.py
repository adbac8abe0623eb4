"""What a person would pass for a parameter of a certain name: 9.99 as price, "Ada" as name."""

from __future__ import annotations

import collections.abc
import decimal
import re
import typing
from collections.abc import Sequence

from .value import Value

_SEVERAL = 2  # items in a container: enough to see the order, few enough to read


def typical_for(name: str, hint: object) -> list[Value]:
    """Return values of the annotated type; none when the name says nothing about such a type."""
    base, arguments = typing.get_origin(hint) or hint, typing.get_args(hint)
    if base is typing.Union or type(hint).__name__ == "UnionType":
        found = [typical_for(name, each) for each in arguments]
        return next((each for each in found if each), [])
    if base in _PLAIN:
        return _PLAIN[base](name)
    if base in _DISPLAYS:
        return _containers(name, _DISPLAYS[base], arguments)
    if base in (dict, collections.abc.Mapping, collections.abc.MutableMapping):
        return _mappings(name, arguments)
    return []


def typical_texts(name: str) -> list[Value]:
    """Return texts; none for most names."""
    return [_value(repr(text)) for text in _looked_up(name, _TEXTS)]


def typical_numbers(name: str) -> list[Value]:
    """Return whole numbers and fractions, as the name has it; none for most names."""
    return [_value(repr(number)) for number in _looked_up(name, _NUMBERS)]


def typical_sequences(name: str) -> list[Value]:
    """Return lists for a plural: of prices, of names; none for a name that is none."""
    numbers = _containers(name, "[{}]", (float,))
    return numbers or _containers(name, "[{}]", (str,))


def typical(name: str) -> list[Value]:
    """Return values of whatever type the name calls for."""
    return typical_numbers(name) or typical_texts(name) or typical_sequences(name)


def _wholes(name: str) -> list[Value]:
    return [each for each in typical_numbers(name) if "." not in each.source] or [
        _value(str(int(number))) for number in _looked_up(name, _NUMBERS) if number >= 1
    ]


def _fractions(name: str) -> list[Value]:
    return [_value(repr(float(number))) for number in _looked_up(name, _NUMBERS)]


def _decimals(name: str) -> list[Value]:
    imports = ("from decimal import Decimal",)
    return [
        _value(f'Decimal("{number}")')._replace(imports=imports)
        for number in _looked_up(name, _NUMBERS)
    ]


_PLAIN: dict[object, typing.Callable[[str], list[Value]]] = {
    str: typical_texts,
    int: _wholes,
    float: _fractions,
    decimal.Decimal: _decimals,
}
_DISPLAYS: dict[object, str] = {
    list: "[{}]",
    collections.abc.Sequence: "[{}]",
    collections.abc.MutableSequence: "[{}]",
    collections.abc.Iterable: "[{}]",
    collections.abc.Collection: "[{}]",
    tuple: "({})",
    set: "{{}}",
    collections.abc.Set: "{{}}",
}


def _containers(name: str, display: str, arguments: Sequence[object]) -> list[Value]:
    """Return a container of several and one of one for a plural name."""
    element = _singular(name)
    if not element or len(set(arguments) - {Ellipsis}) > 1:
        return []
    items = _items(element, arguments)
    if not items:
        return []
    comma = "," if display == "({})" else ""
    several = ", ".join(each.source for each in items)
    made = [display.replace("{}", several if len(items) > 1 else several + comma)]
    if len(items) > 1:
        made.append(display.replace("{}", items[0].source + comma))
    return [_value(source)._replace(imports=items[0].imports) for source in made]


def _items(element: str, arguments: Sequence[object]) -> list[Value]:
    kind = arguments[0] if arguments else None
    if kind is None or kind in (typing.Any, object) or isinstance(kind, typing.TypeVar):
        return (typical_numbers(element) or typical_texts(element))[:_SEVERAL]
    return typical_for(element, kind)[:_SEVERAL] if kind in _PLAIN else []


def _mappings(name: str, arguments: Sequence[object]) -> list[Value]:
    """Return what a shop would keep: ``{"apple": 9.99, "pear": 20.0}`` for prices."""
    if len(arguments) == len(("key", "value")) and arguments[0] is not str:
        return []
    held = _items(_singular(name) or name, arguments[1:])
    if not held:
        return []
    pairs = [f"{key!r}: {value.source}" for key, value in zip(_KEYS, held)]
    imports = held[0].imports
    return [_value("{" + ", ".join(pairs) + "}")._replace(imports=imports)]


def _value(source: str) -> Value:
    return Value(source, "name")


def _looked_up(name: str, table: dict[str, tuple[typing.Any, ...]]) -> tuple[typing.Any, ...]:
    """Return the row of the whole name, else of its last word that has one.

    The head of a compound comes last: a ``name_prefix`` is a prefix.
    """
    lowered = name.lower().strip("_")
    words = [word for word in re.split(r"[_\d]+", lowered) if word]
    for word in (lowered.replace("_", ""), *reversed(words)):
        if word in table:
            return table[word]
    return ()


def _singular(name: str) -> str:
    """Return ``price`` for ``prices``, an empty text for what is no plural."""
    lowered = name.lower().strip("_")
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ss", "ss"), ("s", "")):
        if lowered.endswith(ending):
            return "" if ending == "ss" else lowered.removesuffix(ending) + instead
    return ""


_KEYS = ("apple", "pear")
_TEXTS: dict[str, tuple[str, ...]] = {
    "author": ("Ada Lovelace", "Alan Turing"),
    "body": ("The quick brown fox.",),
    "card": ("4111111111111111", "4111111111111112"),
    "category": ("books", "toys"),
    "char": ("a", "Z"),
    "character": ("a", "Z"),
    "city": ("Berlin", "Paris"),
    "color": ("#ff8800", "red"),
    "colour": ("#ff8800", "red"),
    "comment": ("looks good",),
    "content": ("The quick brown fox.", ""),
    "country": ("France", "Japan"),
    "currency": ("EUR", "USD"),
    "customer": ("Ada", "Bob"),
    "date": ("2024-02-29", "29.02.2024"),
    "description": ("a red bicycle", "a blue car"),
    "domain": ("example.com", "sub.example.co.uk"),
    "email": ("ann@example.com", "ann.example.com"),
    "encoding": ("utf-8", "latin-1"),
    "ext": (".txt", ".gz"),
    "extension": (".txt", ".gz"),
    "filename": ("report.txt", "archive.tar.gz"),
    "firstname": ("Ada", "Bob"),
    "fruit": ("apple", "pear"),
    "guid": ("12345678-1234-4678-9234-567812345678",),
    "host": ("example.com", "localhost"),
    "hostname": ("example.com", "localhost"),
    "html": ("<p>hello</p>", "<br>"),
    "ip": ("192.168.0.1", "::1"),
    "isbn": ("9780306406157", "0306406152"),
    "json": ('{"a": 1}', "[1, 2]"),
    "label": ("total", "net"),
    "lang": ("en", "de"),
    "language": ("en", "de"),
    "lastname": ("Lovelace", "Turing"),
    "letter": ("a", "Z"),
    "line": ("one two three", "# a comment"),
    "link": ("https://example.com/a",),
    "locale": ("en_US", "de_DE"),
    "mail": ("ann@example.com",),
    "margin": ("    ", "> "),
    "message": ("all is well", "out of paper"),
    "msg": ("all is well", "out of paper"),
    "name": ("Ada", "Bob"),
    "newline": ("\n", "\r\n"),
    "nickname": ("Ada", "Bob"),
    "owner": ("Ada", "Bob"),
    "paragraph": ("The quick brown fox. It jumps.",),
    "phone": ("+49 30 123456", "555-0100"),
    "phrase": ("the quick brown fox",),
    "plural": ("apples", "mice"),
    "prefix": ("pre", "un"),
    "product": ("apple", "pear"),
    "query": ("red shoes", "blue car"),
    "question": ("Are you sure?",),
    "sentence": ("The quick brown fox.", "Is it?"),
    "singular": ("apple", "mouse"),
    "sku": ("A-100", "B-200"),
    "slug": ("red-shoes", "blue-car"),
    "street": ("Main Street 1",),
    "subject": ("Weekly report",),
    "suffix": ("ing", ".txt"),
    "summary": ("Weekly report",),
    "surname": ("Lovelace", "Turing"),
    "tag": ("draft", "urgent"),
    "text": ("Hello World", "one two three"),
    "time": ("12:30", "12:30:45"),
    "timestamp": ("2024-02-29T12:30:00",),
    "timezone": ("UTC", "Europe/Berlin"),
    "title": ("Weekly report", "red shoes"),
    "topic": ("weather", "sports"),
    "unit": ("kg", "m"),
    "uri": ("https://example.com/a?b=1",),
    "url": ("https://example.com/a?b=1", "example.com"),
    "user": ("ada", "bob"),
    "username": ("ada", "bob"),
    "uuid": ("12345678-1234-4678-9234-567812345678",),
    "version": ("1.2.3", "2.0.0-rc.1"),
    "word": ("apple", "mouse"),
    "xml": ("<a>hello</a>", "<a/>"),
}
_NUMBERS: dict[str, tuple[float, ...]] = {
    "age": (36, 17),
    "altitude": (120.5,),
    "amount": (9.99, 20, 100),
    "angle": (90, 45),
    "attempts": (3,),
    "balance": (100, 20.5),
    "bytes": (1024, 300),
    "cost": (9.99, 20.0, 100),
    "count": (3, 1),
    "day": (17, 1),
    "days": (3, 30),
    "degrees": (90, 45),
    "depth": (2, 1),
    "discount": (0.25, 10),
    "distance": (12.5, 3),
    "duration": (90, 1.5),
    "fee": (2.5, 1),
    "height": (20, 1.5),
    "hour": (14, 0),
    "hours": (3, 26),
    "lat": (52.52,),
    "latitude": (52.52,),
    "length": (10, 3),
    "lng": (13.4,),
    "lon": (13.4,),
    "longitude": (13.4,),
    "minute": (30, 5),
    "minutes": (30, 90),
    "month": (5, 12),
    "months": (5, 14),
    "percent": (15, 100, 12.5),
    "percentage": (15, 100, 12.5),
    "port": (8080, 80),
    "precision": (2, 3),
    "price": (9.99, 20.0, 100),
    "probability": (0.25, 1),
    "qty": (3, 1),
    "quantity": (3, 1),
    "radius": (2, 1.5),
    "rate": (0.2, 5),
    "ratio": (0.5, 2),
    "salary": (4200, 3100.5),
    "score": (85, 42.5),
    "second": (45, 0),
    "seconds": (90, 3),
    "speed": (30, 12.5),
    "temperature": (21.5, -3),
    "total": (100, 20.5),
    "weight": (2.5, 70),
    "width": (10, 3),
    "year": (2024, 1999),
    "years": (3, 20),
}
