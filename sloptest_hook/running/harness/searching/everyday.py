"""Values of built-in types and of the standard library's everyday classes."""

from __future__ import annotations

import datetime as dt
import decimal
import fractions
import io
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
    return [Value(source, imports=(imports,)) for source in sources]


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
    uuid.UUID: ("from uuid import UUID", ('UUID("12345678-1234-5678-1234-567812345678")',)),
    re.Pattern: ("import re", ('re.compile(r"[a-z]+")', 're.compile(r"\\d+")')),
    typing.TextIO: ("import io", ('io.StringIO("one\\ntwo\\n")', 'io.StringIO("")')),
    io.StringIO: ("import io", ('io.StringIO("one\\ntwo\\n")', 'io.StringIO("")')),
    io.BytesIO: ("import io", ('io.BytesIO(b"abc")',)),
    typing.BinaryIO: ("import io", ('io.BytesIO(b"abc")',)),
}


def paths(world: World) -> list[Value]:
    """Return paths of a file that exists, of its directory, and of one that does not exist."""
    texts = [
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
        for text in texts[:3]
    ]
    missing = Value('tmp_path / "missing.txt"', fixtures=("tmp_path",))
    pure = [
        Value(f"Path({text!r})", imports=("from pathlib import Path",))
        for text in ("docs/readme.txt", "archive.tar.gz")
    ]
    return [*files[:1], *pure, missing, Value("tmp_path", fixtures=("tmp_path",)), *files[1:]]
