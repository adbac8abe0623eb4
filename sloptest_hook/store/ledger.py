"""Edge: what calls have cost, in a file that all worktrees of a repository share.

Money is set aside before a call and settled after it, each in one transaction: two worktrees never
spend the same dollar, and what a killed run had set aside stays spent. A ledger that cannot be
written lets nothing be spent.
"""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sloptest_hook.values.records import dataclass
from sloptest_hook.values.usage import Usage

_VERSION = 1
_PATIENCE = 5.0  # seconds
_TABLE = """CREATE TABLE IF NOT EXISTS call (id INTEGER PRIMARY KEY, run TEXT NOT NULL,
    day TEXT NOT NULL, engine TEXT NOT NULL, model TEXT NOT NULL, calls INTEGER NOT NULL,
    input INTEGER NOT NULL, cached INTEGER NOT NULL, written INTEGER NOT NULL,
    output INTEGER NOT NULL, usd REAL)"""


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """What one day has cost at one provider with one model; ``usd`` None: not all prices known."""

    day: str
    engine: str
    model: str
    usage: Usage
    usd: float | None


class Ledger:
    """The ledger of a repository; raises OSError where it cannot be written."""

    def __init__(self, common_dir: Path) -> None:
        self._file = common_dir / "sloptest" / "ledger.db"

    @contextlib.contextmanager
    def spending(self, run: str, day: str) -> "Iterator[Spending]":
        """Hold the ledger alone, to look at sums and change them in one step."""
        with self._opened() as database:
            database.execute("BEGIN IMMEDIATE")
            try:
                yield Spending(database, run, day)
            except BaseException:
                database.execute("ROLLBACK")
                raise
            database.execute("COMMIT")

    def lines(self) -> list[LedgerLine]:
        """Return what was spent by day, provider and model, the newest day first."""
        if not self._file.exists():
            return []
        with self._opened() as database:
            rows = database.execute(
                "SELECT day, engine, model, sum(calls), sum(input), sum(cached), sum(written), "
                "sum(output), sum(usd), count(*) - count(usd) FROM call WHERE calls > 0 "
                "GROUP BY day, engine, model ORDER BY day DESC, engine, model"
            ).fetchall()
        return [
            LedgerLine(day, engine, model, Usage(*tokens), None if unknown else usd)
            for day, engine, model, *tokens, usd, unknown in rows
        ]

    @contextlib.contextmanager
    def _opened(self) -> "Iterator[sqlite3.Connection]":
        self._file.parent.mkdir(parents=True, exist_ok=True)
        try:
            with contextlib.closing(
                sqlite3.connect(self._file, timeout=_PATIENCE, isolation_level=None)
            ) as database:
                self._prepare(database)
                yield database
        except sqlite3.Error as error:
            raise OSError(0, f"the ledger cannot be used: {error}", str(self._file)) from error

    def _prepare(self, database: "sqlite3.Connection") -> None:
        version = database.execute("PRAGMA user_version").fetchone()[0]
        if version > _VERSION:
            raise sqlite3.DatabaseError("it is of a newer version")
        if version < _VERSION:
            database.execute(_TABLE)
            database.execute(f"PRAGMA user_version = {_VERSION}")
            os.chmod(self._file, 0o600)  # noqa: PTH101


class Spending:
    """The ledger while it is held; ``day`` is ``2026-01-31``."""

    def __init__(self, database: "sqlite3.Connection", run: str, day: str) -> None:
        self._database = database
        self._run = run
        self._day = day

    def in_run(self) -> float:
        return self._sum("run", self._run)

    def in_day(self) -> float:
        return self._sum("day", self._day)

    def set_aside(self, engine: str, model: str, usd: float | None) -> int:
        """Write down what a call may cost; returns the number under which it is settled."""
        row = self._database.execute(
            "INSERT INTO call (run, day, engine, model, calls, input, cached, written, output, usd)"
            " VALUES (?, ?, ?, ?, 0, 0, 0, 0, 0, ?)",
            (self._run, self._day, engine, model, usd),
        )
        return int(row.lastrowid or 0)

    def settle(self, number: int, usage: Usage, usd: float | None) -> None:
        """Write down what it has cost."""
        values = (
            usage.calls,
            usage.input_tokens,
            usage.cached_tokens,
            usage.cache_write_tokens,
            usage.output_tokens,
        )
        self._database.execute(
            "UPDATE call SET calls = ?, input = ?, cached = ?, written = ?, output = ?, usd = ? "
            "WHERE id = ?",
            (*values, usd, number),
        )

    def _sum(self, column: str, value: str) -> float:
        row = self._database.execute(
            f"SELECT coalesce(sum(usd), 0) FROM call WHERE {column} = ?", (value,)
        ).fetchone()
        return float(row[0])
