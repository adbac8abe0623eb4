"""Edge: facts by content, in one SQLite file that all worktrees of a repository share.

A cache that is missing, broken, locked or of another version is an empty cache: nothing here ever
raises, nothing here ever stops a commit.
"""

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from sloptest_hook.store import database, packing
from sloptest_hook.store.rows import fact_of_row, file_key, rows_of, test_key
from sloptest_hook.values.facts import Fact, Measured, RecordedTest
from sloptest_hook.values.records import dataclass
from sloptest_hook.values.source import Symbol

TYPE_CHECKING = False  # typing itself costs 5 ms, which every commit would pay
if TYPE_CHECKING:
    import sqlite3
    from typing import TypeVar

    _T = TypeVar("_T")

_DAY = 86_400
# A row that is read counts as used from then on, but is written to once a week at most.
_WEEK = 7
_AT_ONCE = 500  # SQLite before 3.32 takes no more than 999 variables


@dataclass(frozen=True, slots=True)
class Size:
    """How much is remembered."""

    symbol_versions: int
    tests: int
    bytes: int


class FactStore:
    """Fits ``FactCache``. ``common_dir`` is git's; the limits are rows, least recently used go.

    ``read_only``: a row that is read does not count as used, and a broken file stays.
    """

    def __init__(
        self,
        common_dir: Path,
        *,
        most_symbols: int = 600_000,
        most_tests: int = 400_000,
        most_files: int = 50_000,
        read_only: bool = False,
    ) -> None:
        self._file = common_dir / "sloptest" / "cache.db"
        self._is_read_only = read_only
        self._most = {"symbol": most_symbols, "test": most_tests, "file": most_files}

    def environment_of(self, witness: str) -> str | None:
        """Return the environment that was remembered with this witness."""

        def ask(found: "sqlite3.Connection") -> str | None:
            row = found.execute(
                "SELECT e.name FROM witness w JOIN environment e ON e.id = w.environment"
                " WHERE w.text = ?",
                (witness,),
            ).fetchone()
            return str(row[0]) if row else None

        return self._read(ask, None)

    def facts(self, symbols: Iterable[Symbol]) -> Mapping[Symbol, tuple[Fact, ...]]:
        """Return facts on this very version, of any environment; else those of other paths."""
        answers: dict[Symbol, tuple[Fact, ...]] = {}
        old: list[int] = []
        today = _today()

        def ask(found: "sqlite3.Connection") -> None:
            names = dict(found.execute("SELECT id, name FROM environment"))
            for symbol in symbols:
                rows = rows_of(found, symbol)
                facts = [fact for row in rows if (fact := fact_of_row(row, names)) is not None]
                if facts:
                    answers[symbol] = tuple(facts)
                    old.extend(row[0] for row in rows if _is_old(row[5], today))

        self._read(ask, None)
        self._touch("symbol", old, today)
        return answers

    def tests(self, ids: Iterable[int]) -> Mapping[int, RecordedTest]:
        """Return the tests of these row ids, without those that are gone."""
        answers: dict[int, RecordedTest] = {}
        old: list[int] = []
        today = _today()

        def ask(found: "sqlite3.Connection") -> None:
            for some in _parts(sorted(set(ids))):
                marks = ",".join("?" * len(some))
                columns = "id, key, payload, node, fingerprint, seconds, used"
                rows = found.execute(f"SELECT {columns} FROM test WHERE id IN ({marks})", some)
                for row in rows:
                    test = packing.unpacked_test(*row[1:6])
                    if test is not None and row[1] == test_key(test, row[1][16:]):
                        answers[row[0]] = test
                        old.extend([row[0]] if _is_old(row[6], today) else [])

        self._read(ask, None)
        self._touch("test", old, today)
        return answers

    def suite(self, environment: str) -> tuple[tuple[RecordedTest, frozenset[bytes]], ...]:
        """Return the tests that ran with the whole project traced, with all that they executed.

        A test is named once for each way that it went. A way over a version that is gone by now is
        left out: nobody knows what it was.
        """

        def ask(found: "sqlite3.Connection") -> tuple[tuple[RecordedTest, frozenset[bytes]], ...]:
            keys: dict[int, bytes] = dict(found.execute("SELECT id, key FROM symbol"))
            rows = found.execute(
                "SELECT t.key, t.payload, t.node, t.fingerprint, t.seconds, t.uses FROM test t"
                " JOIN environment e ON e.id = t.environment"
                " WHERE e.name = ? AND t.uses IS NOT NULL",
                (environment,),
            )
            return tuple(
                (test, frozenset(keys[each] for each in uses))
                for row in rows
                if (test := packing.unpacked_test(*row[:5])) is not None
                for uses in packing.unpacked_uses(row[0], row[5])
                if uses <= keys.keys()
            )

        return self._read(ask, ())

    def keys_of(
        self, files: Mapping[PurePosixPath, str]
    ) -> Mapping[PurePosixPath, frozenset[bytes]]:
        """Return the keys of all that is in these sources; ``files`` gives the blob of each.

        Only of those that were seen when the whole project was traced.
        """
        by_key = {file_key(path, blob): path for path, blob in files.items()}
        answers: dict[PurePosixPath, frozenset[bytes]] = {}

        def ask(found: "sqlite3.Connection") -> None:
            for some in _parts(sorted(by_key)):
                marks = ",".join("?" * len(some))
                rows = found.execute(f"SELECT key, payload FROM file WHERE key IN ({marks})", some)
                for key, payload in rows:
                    keys = packing.unpacked_keys(key, payload)
                    if keys is not None:
                        answers[by_key[key]] = keys

        self._read(ask, None)
        return answers

    def record(self, measured: Measured, witness: str | None = None) -> None:
        """Keep what one run saw, all of it or nothing."""
        with contextlib.suppress(OSError, database.Unusable):
            try:
                self._write(measured, witness)
            except database.Broken:  # it is gone by now
                self._write(measured, witness)

    def _write(self, measured: Measured, witness: str | None) -> None:
        from sloptest_hook.store.writer import Writer, evict  # most commits have nothing to keep

        with database.writing(self._file) as found:
            Writer(found, measured, _today()).write(witness)
            for table, most in self._most.items():
                evict(found, table, most)

    def size(self) -> Size:
        """Return how much is remembered; nothing where nothing can be read."""

        def ask(found: "sqlite3.Connection") -> Size:
            symbols, tests = (
                found.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]
                for table in ("symbol", "test")
            )
            return Size(symbols, tests, self._file.stat().st_size)

        return self._read(ask, Size(0, 0, 0))

    def clear(self) -> None:
        """Forget everything; raises OSError when the file cannot be removed."""
        database.remove(self._file)

    def _read(self, ask: "Callable[[sqlite3.Connection], _T]", otherwise: "_T") -> "_T":
        """Return what the database answers, ``otherwise`` where it cannot."""
        with contextlib.suppress(OSError, database.Unusable):
            try:
                with database.reading(self._file) as found:
                    return ask(found)
            except database.Broken:
                if not self._is_read_only:
                    database.remove_broken(self._file)
        return otherwise

    def _touch(self, table: str, ids: Sequence[int], today: int) -> None:
        if not ids or self._is_read_only:
            return
        rows = [(today, each) for each in ids]
        with (
            contextlib.suppress(OSError, database.Unusable),
            database.writing(self._file) as found,
        ):
            found.executemany(f"UPDATE {table} SET used = ? WHERE id = ?", rows)


def _parts(ids: "Sequence[_T]") -> "Iterator[Sequence[_T]]":
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))


def _is_old(used: object, today: int) -> bool:
    """Tell whether a row has not been used for a week; SQLite keeps any value in any column."""
    return not isinstance(used, int) or used <= today - _WEEK


def _today() -> int:
    return int(time.time() // _DAY)
