"""Edge: opens the one SQLite file, or says why it cannot be used now, or ever.

The journal is a write-ahead log: a reader never waits for a writer, and a commit of ours costs no
flush. Where there can be none (a network file system) SQLite goes on with a rollback journal. A
directory that cannot be written to is read as it is, for nobody writes there.

The file may have come from elsewhere, a cache of CI for example. A view in the place of a table, or
a trigger, would be a program of somebody else's that runs in every commit: a file whose schema is
not ours to the letter is a broken one.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path

TYPE_CHECKING = False  # typing itself costs 5 ms, which every commit would pay
if TYPE_CHECKING:
    import sqlite3

VERSION = 5
READ_PATIENCE = 0.5  # seconds; then the commit goes on without a cache
WRITE_PATIENCE = 2.0
# SQLITE_ERROR (no such column), SQLITE_CORRUPT, SQLITE_TOOBIG, SQLITE_NOTADB
_BROKEN = frozenset({1, 11, 18, 26})
_LONGEST_VALUE = 1 << 26  # bytes
_STEPS, _MOST_LOOKS = 1_000_000, 2_000  # of SQLite's machine: some minutes, and not for ever
_NOT_WRITABLE = frozenset({8, 14})  # SQLITE_READONLY, SQLITE_CANTOPEN
_ENDINGS = ("-journal", "-wal", "-shm", "")  # a new file must not meet an old journal
_TABLES = (
    """CREATE TABLE environment (id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT UNIQUE NOT NULL)""",
    """CREATE TABLE witness (id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT UNIQUE NOT NULL,
        environment INTEGER NOT NULL)""",
    # AUTOINCREMENT: the number of a row that is gone must never be another test's.
    """CREATE TABLE symbol (id INTEGER PRIMARY KEY AUTOINCREMENT, key BLOB NOT NULL,
        environment INTEGER NOT NULL, kin BLOB NOT NULL, path BLOB NOT NULL,
        qualname TEXT NOT NULL, fingerprint TEXT NOT NULL, used INTEGER NOT NULL,
        payload BLOB NOT NULL, UNIQUE (key, environment))""",
    """CREATE INDEX symbol_kin ON symbol (kin)""",
    """CREATE TABLE test (id INTEGER PRIMARY KEY AUTOINCREMENT, key BLOB UNIQUE NOT NULL,
        environment INTEGER NOT NULL, node TEXT NOT NULL, fingerprint TEXT NOT NULL,
        seconds REAL NOT NULL, used INTEGER NOT NULL, payload BLOB NOT NULL, uses BLOB)""",
    """CREATE TABLE file (id INTEGER PRIMARY KEY AUTOINCREMENT, key BLOB UNIQUE NOT NULL,
        used INTEGER NOT NULL, payload BLOB NOT NULL)""",
    """CREATE TABLE runs (id INTEGER PRIMARY KEY AUTOINCREMENT, payload TEXT NOT NULL)""",
    """CREATE TABLE mutation (id INTEGER PRIMARY KEY AUTOINCREMENT, key BLOB UNIQUE NOT NULL,
        used INTEGER NOT NULL, payload BLOB NOT NULL)""",
)

_NAMES = ("environment", "witness", "symbol", "test", "file", "runs", "mutation")


class Unusable(Exception):  # noqa: N818  # no error: the commit goes on without a cache
    """The file cannot be used now."""


class Broken(Unusable):
    """The file will never be of use: something else, or an older version, is in it."""


@contextlib.contextmanager
def reading(file: Path) -> "Iterator[sqlite3.Connection]":
    """Yield the database to read from; raises Unusable, for a file that is not there too."""
    if not file.exists():  # asked first: SQLite would make the file
        raise Unusable
    try:
        with _connected(str(file), READ_PATIENCE) as database:
            _check(database)
            yield database
    except _NotWritable as error:
        if file.with_name(file.name + "-wal").exists():
            raise Unusable from error
        from urllib.parse import quote

        with _connected(f"file:{quote(str(file))}?immutable=1", READ_PATIENCE) as database:
            _check(database)
            yield database


@contextlib.contextmanager
def writing(file: Path) -> "Iterator[sqlite3.Connection]":
    """Yield the database in a transaction that is kept if nothing is raised; raises Unusable.

    The file is made where there is none. A broken one is removed before Broken is raised: the next
    call makes it anew. Raises OSError for a directory that cannot be made.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with _writing(file) as database:
            yield database
    except Broken:
        remove_broken(file)
        raise


def remove_broken(file: Path) -> None:
    """Remove the file if it still is broken: another process may have made it anew by now."""
    with _alone(file):
        try:
            with reading(file) as database:
                _examine(database)
        except Broken:
            remove(file)
        except Unusable:
            pass


def remove(file: Path) -> None:
    """Remove the file and its journals; raises OSError."""
    for ending in _ENDINGS:
        place = file.with_name(file.name + ending)
        if place.is_dir():
            raise IsADirectoryError(place)
        place.unlink(missing_ok=True)


class _NotWritable(Unusable):
    """SQLite cannot even read without writing something beside the file."""


@contextlib.contextmanager
def _writing(file: Path) -> "Iterator[sqlite3.Connection]":
    with _connected(str(file), WRITE_PATIENCE) as database:
        version = _version(database)
        if version == 0:
            database.execute("PRAGMA journal_mode = WAL").fetchone()
        database.execute("PRAGMA synchronous = NORMAL")
        with database:
            database.execute("BEGIN IMMEDIATE")
            if _version(database) == 0:
                _create(database)
            _check(database)
            yield database


@contextlib.contextmanager
def _connected(name: str, patience: float) -> "Iterator[sqlite3.Connection]":
    try:
        import sqlite3  # 4 ms, only where there is a cache; some Pythons are built without it
    except ImportError as error:
        raise Unusable from error
    try:
        with contextlib.closing(
            sqlite3.connect(
                name, timeout=patience, isolation_level=None, uri=name.startswith("file:")
            )
        ) as database:
            _distrust(database)
            yield database
    except sqlite3.Error as error:
        # Without a code: a text that is not UTF-8.
        code = getattr(error, "sqlite_errorcode", 1) & 0xFF
        if code in _NOT_WRITABLE:
            raise _NotWritable from error
        raise (Broken if code in _BROKEN else Unusable) from error


def _distrust(database: "sqlite3.Connection") -> None:
    import sqlite3

    looks = iter(range(_MOST_LOOKS))
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
    database.set_progress_handler(lambda: next(looks, None) is None, _STEPS)
    database.execute("PRAGMA trusted_schema = OFF")
    database.execute("PRAGMA cell_size_check = ON")


def _check(database: "sqlite3.Connection") -> None:
    """Raise Broken for an older file or one of somebody else, Unusable for a newer one."""
    version = _version(database)
    if version > VERSION:
        raise Unusable  # a newer hook of another worktree shares it
    if version < VERSION or _schema(database) != {" ".join(each.split()) for each in _TABLES}:
        raise Broken


def _schema(database: "sqlite3.Connection") -> set[str]:
    """Return all that defines tables, indexes, views and triggers; SQLite's own has no text."""
    rows = database.execute(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> 'sqlite_sequence'"
    )
    return {" ".join(str(sql).split()) for (sql,) in rows}


def _examine(database: "sqlite3.Connection") -> None:
    """Raise Broken for pages that are damaged and for tables that are not ours."""
    if database.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise Broken
    for name in _NAMES:
        for _row in database.execute(f"SELECT * FROM {name}"):  # a text that is none is found now
            pass


def _version(database: "sqlite3.Connection") -> int:
    version: int = database.execute("PRAGMA user_version").fetchone()[0]
    return version


def _create(database: "sqlite3.Connection") -> None:
    if database.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0]:
        raise Broken  # somebody else's database
    for table in _TABLES:
        database.execute(table)
    database.execute(f"PRAGMA user_version = {VERSION}")


@contextlib.contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Hold a lock beside the file, so that nobody removes what another has just made."""
    import fcntl

    with file.with_name(file.name + ".lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
