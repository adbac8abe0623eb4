"""The rows of the database as facts, and the keys that they are found by."""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from sloptest_hook.store import packing
from sloptest_hook.values.facts import Fact, RecordedTest, key_of, symbol_key
from sloptest_hook.values.source import Symbol

TYPE_CHECKING = False  # typing itself costs 5 ms, which every commit would pay
if TYPE_CHECKING:
    import sqlite3
    from typing import Any

COLUMNS = "id, path, qualname, fingerprint, environment, used, key, payload"
_NAMESAKES = 20


def rows_of(found: "sqlite3.Connection", symbol: Symbol) -> "list[Any]":
    """Return the rows of this very version (``COLUMNS``), else those of other paths."""
    key = key_of(symbol)
    rows = found.execute(f"SELECT {COLUMNS} FROM symbol WHERE key = ?", (key,)).fetchall()
    if rows:
        return rows
    return found.execute(
        f"SELECT {COLUMNS} FROM symbol WHERE kin = ? LIMIT {_NAMESAKES}",
        (kin(symbol.qualname, symbol.fingerprint),),
    ).fetchall()


def fact_of_row(row: "Sequence[Any]", names: Mapping[int, str]) -> Fact | None:
    """Return the fact of a row whose columns are those that its checksum was made with.

    ``names`` are the environments by their numbers. None for a row that is none of ours.
    """
    _, path, qualname, fingerprint, environment, _, key, payload = row
    try:
        place = PurePosixPath(path.decode("utf-8", "surrogateescape"))
        if key != symbol_key(place, qualname, fingerprint) or environment not in names:
            return None
        seal = key + environment.to_bytes(8, "big")
        return packing.unpacked_fact(
            seal, payload, (place, qualname, fingerprint), names[environment]
        )
    except (AttributeError, TypeError, UnicodeError, OverflowError):
        return None


def kin(qualname: str, fingerprint: str) -> bytes:
    """Return what versions of one symbol in files of other names have in common."""
    return symbol_key(PurePosixPath(), qualname, fingerprint)[:8]


def file_key(path: PurePosixPath, blob: str) -> bytes:
    """Return the key of a version of a file."""
    return symbol_key(path, "", blob)


def test_key(test: RecordedTest, environment: bytes) -> bytes:
    """Return the key of a test's row, which ends with the environment."""
    name = f"{len(test.node_id)}:{test.node_id}"
    return symbol_key(PurePosixPath(), name, test.fingerprint) + environment
