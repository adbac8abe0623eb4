"""Edge: keeps what was measured in one SQLite file under the git directory.

A cache that is missing, broken, locked or of another version is an empty cache: nothing here ever
stops a commit. The journal is SQLite's default and not WAL: a reader of a WAL file leaves two files
beside it and needs a writable directory, and a hook writes once, in a few milliseconds.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from sloptest_hook.values.coverage import CoverageStatus, CoverageVerdict, Evidence
from sloptest_hook.values.source import Symbol

TYPE_CHECKING = False  # typing itself costs 5 ms, which every commit would pay
if TYPE_CHECKING:
    import sqlite3

BlobsOf = Callable[[Iterable[PurePosixPath]], Mapping[PurePosixPath, str]]

_VERSION = 1
_BUSY_SECONDS = 0.5  # then the commit goes on without a cache
_KEPT = 50_000  # facts, some 20 MB; the oldest go first
_TABLE = """
    CREATE TABLE fact (
        id INTEGER PRIMARY KEY,
        path BLOB NOT NULL, qualname TEXT NOT NULL, fingerprint TEXT NOT NULL,
        status TEXT NOT NULL, minimum REAL NOT NULL, detail TEXT NOT NULL,
        UNIQUE (path, qualname, fingerprint)
    )
"""
_SELECT = "SELECT status, minimum, detail FROM fact WHERE path=? AND qualname=? AND fingerprint=?"
_REPLACE = (
    "REPLACE INTO fact (path, qualname, fingerprint, status, minimum, detail)"
    " VALUES (?, ?, ?, ?, ?, ?)"
)
_PRUNE = "DELETE FROM fact WHERE id <= (SELECT MAX(id) FROM fact) - ?"
_BROKEN = frozenset({1, 11, 26})  # SQLITE_ERROR (no such column), SQLITE_CORRUPT, SQLITE_NOTADB


class Cache:
    """Fits ``VerdictCache``: verdicts by path, qualname and fingerprint, shared by all worktrees.

    ``common_dir`` is git's common directory. ``minimum`` is the ``minimum-coverage`` in force: a
    symbol that was covered enough under a lower one must be judged again.
    """

    def __init__(self, common_dir: Path, *, minimum: float) -> None:
        self._file = common_dir / "sloptest" / "cache.db"
        self._minimum = minimum

    def known(
        self, symbols: Iterable[Symbol], blobs_of: BlobsOf
    ) -> Mapping[Symbol, CoverageVerdict]:
        """Return which symbols were measured as covered, by tests that have not changed since.

        Only COVERED is believed: files that stayed the same cannot prove that no *other* test
        covers a symbol by now. ``blobs_of`` is called once at most.
        """
        facts = self._facts(tuple(symbols))
        paths = {path for fact in facts.values() for path in fact.relied_on}
        present = blobs_of(sorted(paths)) if paths else {}
        return {
            symbol: fact.verdict(symbol)
            for symbol, fact in facts.items()
            if all(present.get(path) == blob for path, blob in fact.relied_on.items())
        }

    def remember(
        self, verdicts: Iterable[CoverageVerdict], blobs: Mapping[PurePosixPath, str]
    ) -> None:
        """Keep measured verdicts; an estimate is worth nothing tomorrow."""
        rows = [
            (*_key(each.symbol), each.status.value, self._minimum, _detail(each, blobs))
            for each in verdicts
            if each.evidence is Evidence.MEASURED
        ]
        if not rows:
            return
        with contextlib.suppress(OSError, _Unusable):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            try:
                _write(self._file, rows)
            except _Broken:
                _remove(self._file)
                _write(self._file, rows)

    def _facts(self, symbols: tuple[Symbol, ...]) -> dict[Symbol, "_Fact"]:
        with contextlib.suppress(OSError, _Unusable):
            # Asked first: SQLite would make the file.
            if symbols and self._file.exists():
                with _opened(self._file) as database:
                    if _version(database) == _VERSION:
                        found = {each: self._fact(database, each) for each in symbols}
                        return {symbol: fact for symbol, fact in found.items() if fact}
        return {}

    def _fact(self, database: "sqlite3.Connection", symbol: Symbol) -> "_Fact | None":
        row = database.execute(_SELECT, _key(symbol)).fetchone()
        if row is None or row[0] != CoverageStatus.COVERED or row[1] < self._minimum:
            return None
        fact = _read(row[2])
        return fact if fact is not None and fact.fits(symbol) else None


class _Unusable(Exception):  # noqa: N818  # no error: the commit goes on without a cache
    """The file cannot be used now."""


class _Broken(_Unusable):
    """The file will never be of use: something else, or another version, is in it."""


@dataclass(frozen=True, slots=True)
class _Fact:
    """A covered symbol as it was measured; lines are those of the file at that time."""

    first: int
    last: int
    executable: frozenset[int]
    missing: frozenset[int]
    branches: frozenset[tuple[int, int]]
    tests: tuple[str, ...]
    relied_on: Mapping[PurePosixPath, str | None]

    def fits(self, symbol: Symbol) -> bool:
        """Say whether the fact can be confirmed, and its lines moved to where the symbol is now.

        A comment does not change a fingerprint but moves the lines below it: a symbol that is
        longer or shorter than it was is measured again.
        """
        named = bool(self.relied_on) or not self.executable
        confirmable = named and all(self.relied_on.values())
        return confirmable and self.last - self.first == symbol.lines.last - symbol.lines.first

    def verdict(self, symbol: Symbol) -> CoverageVerdict:
        by = symbol.lines.first - self.first
        return CoverageVerdict(
            symbol=symbol,
            status=CoverageStatus.COVERED,
            evidence=Evidence.MEASURED,
            executable=frozenset(line + by for line in self.executable),
            missing_lines=frozenset(line + by for line in self.missing),
            missing_branches=frozenset(
                # A negative end is the exit of the function that begins at that line.
                (start + by, end + by if end > 0 else end - by)
                for start, end in self.branches
            ),
            tests=self.tests,
            relied_on=tuple(sorted(self.relied_on)),
        )


@contextlib.contextmanager
def _opened(file: Path) -> "Iterator[sqlite3.Connection]":
    try:
        import sqlite3  # 4 ms, only where there is a cache; some Pythons are built without it
    except ImportError as error:
        raise _Unusable from error
    try:
        with contextlib.closing(
            sqlite3.connect(file, timeout=_BUSY_SECONDS, isolation_level=None)
        ) as database:
            yield database
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        raise (_Broken if code in _BROKEN else _Unusable) from error


def _write(file: Path, rows: Sequence[tuple[object, ...]]) -> None:
    with _opened(file) as database, database:
        database.execute("BEGIN IMMEDIATE")
        version = _version(database)
        if version == 0:
            database.execute(_TABLE)
            database.execute(f"PRAGMA user_version = {_VERSION}")
        elif version != _VERSION:
            raise _Broken
        database.executemany(_REPLACE, rows)
        database.execute(_PRUNE, (_KEPT,))


def _version(database: "sqlite3.Connection") -> int:
    version: int = database.execute("PRAGMA user_version").fetchone()[0]
    return version


def _remove(file: Path) -> None:
    """Remove the file, its journal before it: a new file must not meet an old journal."""
    for ending in ("-journal", "-wal", "-shm", ""):
        file.with_name(file.name + ending).unlink(missing_ok=True)


def _key(symbol: Symbol) -> tuple[bytes, str, str]:
    # Bytes: a file name need not be text.
    path = str(symbol.path).encode("utf-8", "surrogateescape")
    return path, symbol.qualname, symbol.fingerprint


def _detail(verdict: CoverageVerdict, blobs: Mapping[PurePosixPath, str]) -> str:
    import json  # 2 ms, and most commits have nothing to keep

    lines = verdict.symbol.lines
    return json.dumps(
        {
            "first": lines.first,
            "last": lines.last,
            "executable": sorted(verdict.executable),
            "missing": sorted(verdict.missing_lines),
            "branches": sorted(verdict.missing_branches),
            "tests": verdict.tests,
            # A file that has no blob is not in the index; it never confirms anything.
            "relied_on": {str(path): blobs.get(path) for path in verdict.relied_on},
        }
    )


def _read(detail: str) -> _Fact | None:
    import json

    try:
        found = json.loads(detail)
        return _Fact(
            first=int(found["first"]),
            last=int(found["last"]),
            executable=frozenset(map(int, found["executable"])),
            missing=frozenset(map(int, found["missing"])),
            branches=frozenset((int(start), int(end)) for start, end in found["branches"]),
            tests=tuple(map(str, found["tests"])),
            relied_on={PurePosixPath(path): blob for path, blob in found["relied_on"].items()},
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
