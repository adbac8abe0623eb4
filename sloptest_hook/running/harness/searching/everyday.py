"""Values of built-in types and of the standard library's everyday classes."""

from __future__ import annotations

import datetime as dt
import decimal
import fractions
import io
import json
import pathlib
import re
import typing
import uuid
from collections.abc import Callable

from .value import Value
from .world import World, byte_strings, combined, floats, integers, plain, strings


def plain_values(hint: object, world: World) -> list[Value]:
    """Return values of a plain built-in type; none for any other."""
    rules: dict[object, Callable[[World], list[Value]]] = {
        int: integers,
        float: floats,
        str: strings,
        bytes: byte_strings,
        bytearray: _byte_arrays,
    }
    if hint in (bool, complex):
        return plain(True, False) if hint is bool else plain(1 + 2j, 0j)
    return rules[hint](world) if isinstance(hint, type) and hint in rules else []


def _byte_arrays(world: World) -> list[Value]:
    return [combined(f"bytearray({value.source})", [value]) for value in byte_strings(world)]


def everyday_values(hint: object, world: World) -> list[Value]:
    """Return values of an everyday class of the standard library; none for any other."""
    if hint not in _EVERYDAY:
        return []
    imports, sources = _EVERYDAY[hint]
    if hint in (pathlib.Path, pathlib.PurePath):
        return paths(world)
    return [Value(source, imports=(imports,) if imports else ()) for source in sources]


_EVERYDAY: dict[object, tuple[str, tuple[str, ...]]] = {
    dt.datetime: (
        "from datetime import datetime",
        ("datetime(2024, 2, 29, 12, 30)", "datetime(2020, 1, 1)", "datetime(1999, 12, 31, 23, 59)"),
    ),
    dt.date: (
        "from datetime import date",
        ("date(2024, 2, 29)", "date(2020, 1, 1)", "date(1999, 12, 31)", "date(2024, 3, 2)"),
    ),
    dt.time: ("from datetime import time", ("time(12, 30)", "time(0, 0)")),
    dt.timedelta: (
        "from datetime import timedelta",
        (
            "timedelta(minutes=5)",
            "timedelta(0)",
            "timedelta(days=1)",
            "timedelta(seconds=-1)",
            "timedelta(hours=2, seconds=3)",
            "timedelta(days=400)",
        ),
    ),
    dt.tzinfo: ("from datetime import timezone", ("timezone.utc",)),
    decimal.Decimal: (
        "from decimal import Decimal",
        ('Decimal("1.50")', 'Decimal("0")', 'Decimal("-2")', 'Decimal("100")'),
    ),
    fractions.Fraction: ("from fractions import Fraction", ("Fraction(1, 2)", "Fraction(0)")),
    pathlib.Path: ("from pathlib import Path", ()),
    pathlib.PurePath: ("from pathlib import PurePath", ()),
    pathlib.PurePosixPath: (
        "from pathlib import PurePosixPath",
        ('PurePosixPath("docs/readme.txt")', 'PurePosixPath(".")', 'PurePosixPath("a.tar.gz")'),
    ),
    slice: ("", ("slice(1, 3)", "slice(None, 2)", "slice(0, 0)")),
    uuid.UUID: ("from uuid import UUID", ('UUID("12345678-1234-5678-1234-567812345678")',)),
    re.Pattern: ("import re", ('re.compile(r"[a-z]+")', 're.compile(r"\\d+")')),
    typing.TextIO: ("import io", ('io.StringIO("one\\ntwo\\n")', 'io.StringIO("")')),
    io.StringIO: ("import io", ('io.StringIO("one\\ntwo\\n")', 'io.StringIO("")')),
    io.BytesIO: ("import io", ('io.BytesIO(b"abc")',)),
    typing.BinaryIO: ("import io", ('io.BytesIO(b"abc")',)),
}


def everyday_with(names: frozenset[str], world: World) -> list[Value]:
    """Return values of the everyday classes that have all these attributes."""
    kinds = [kind for kind in _ASKED_FOR if names <= set(dir(kind)) - set(dir(object))]
    return [value for kind in kinds for value in everyday_values(kind, world)[:4]]


_ASKED_FOR = (
    dt.datetime,
    dt.date,
    dt.timedelta,
    decimal.Decimal,
    pathlib.Path,
    re.Pattern,
    io.StringIO,
)


def contents(world: World) -> list[str]:
    """Return texts in the formats that the function reads, about the names that it looks for."""
    keys = [text for text in world.constants.strings if text.isidentifier()][:3] or ["name"]
    rules = [rule for name, rule in _FORMATS.items() if name in world.constants.formats]
    return [text for rule in rules for text in rule(keys)]


def _json(keys: list[str]) -> list[str]:
    return [json.dumps(_rows(keys)[0]), "{}", "[1, 2, 3]", "{", json.dumps(_rows(keys)[1])]


def _yaml(keys: list[str]) -> list[str]:
    made = ["".join(f"{key}: {held}\n" for key, held in row.items()) for row in _rows(keys)]
    return [made[0], "[1]\n", "a: [\n", "", made[1]]


def _toml(keys: list[str]) -> list[str]:
    lines = (f"{key} = {json.dumps(held)}\n" for key, held in _rows(keys)[0].items())
    return ["".join(lines), "", "a = [\n"]


def _csv(keys: list[str]) -> list[str]:
    row = _rows(keys)[0]
    head = ",".join(row)
    return [f"{head}\n{','.join(map(str, row.values()))}\n", "", f"{head}\n"]


def _ini(keys: list[str]) -> list[str]:
    lines = (f"{key} = {held}\n" for key, held in _rows(keys)[0].items())
    return ["[main]\n" + "".join(lines), "", "[main\n"]


def _rows(keys: list[str]) -> list[dict[str, object]]:
    """Return what is written under the keys: texts alone, then a number among them."""
    return [dict(zip(keys, ("hello", "world", "abc"))), dict(zip(keys, ("hello", 3, [1, 2])))]


_FORMATS: dict[str, Callable[[list[str]], list[str]]] = {
    "json": _json,
    "yaml": _yaml,
    "tomllib": _toml,
    "csv": _csv,
    "configparser": _ini,
}


def paths(world: World) -> list[Value]:
    """Return paths of a file that exists, of its directory, and of one that does not exist."""
    texts = [
        *contents(world),
        "one\ntwo\n",
        *(text for text in world.constants.strings if "\n" in text or "=" in text),
    ]
    files = [
        Value(
            "path",
            arrange=(
                'path = tmp_path / "file.txt"',
                f'path.write_text({text!r}, encoding="utf-8")',
            ),
            fixtures=("tmp_path",),
        )
        for text in texts[:5]
    ]
    missing = Value('tmp_path / "missing.txt"', fixtures=("tmp_path",))
    pure = [
        Value(f"Path({text!r})", imports=("from pathlib import Path",))
        for text in ("docs/readme.txt", "archive.tar.gz")
    ]
    return [*files[:1], *pure, missing, Value("tmp_path", fixtures=("tmp_path",)), *files[1:]]


def path_texts(world: World) -> list[Value]:
    """Return the same places as text, those that a test can make."""
    return [
        value._replace(source=f"str({value.source})") for value in paths(world) if value.fixtures
    ]
