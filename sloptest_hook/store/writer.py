"""What one run saw, written as rows."""

from collections.abc import Sequence

from sloptest_hook.store import packing
from sloptest_hook.store.rows import COLUMNS, fact_of_row, file_key, kin, test_key
from sloptest_hook.values.facts import Fact, Measured, key_of

TYPE_CHECKING = False  # typing itself costs 5 ms, which every commit would pay
if TYPE_CHECKING:
    import sqlite3

_WITNESSES = 50


class Writer:
    """Puts one run into the database, within a transaction of the caller's."""

    def __init__(self, found: "sqlite3.Connection", measured: Measured, today: int) -> None:
        self._found = found
        self._measured = measured
        self._today = today

    def write(self, witness: str | None) -> None:
        """Write the run, and that its environment is the one of the witness."""
        environment = self._environment()
        if witness is not None:
            self._found.execute(
                "INSERT OR REPLACE INTO witness (text, environment) VALUES (?, ?)",
                (witness, environment),
            )
            self._found.execute(
                "DELETE FROM witness WHERE id <= (SELECT MAX(id) FROM witness) - ?", (_WITNESSES,)
            )
        tests = self._tests(environment)
        ids = {key_of(fact): self._fact(fact, environment, tests) for fact in self._measured.facts}
        for position, keys in self._measured.uses.items():
            row = tests[position]
            uses = [ids[key] for key in keys if ids.get(key)]
            ask = "SELECT key, uses FROM test WHERE id = ?"
            key, before = self._found.execute(ask, (row,)).fetchone()
            packed = packing.packed_uses(key, uses, before)
            self._found.execute("UPDATE test SET uses = ? WHERE id = ?", (packed, row))

        for (path, blob), keys in self._measured.files.items():
            key = file_key(path, blob)
            self._found.execute(
                "INSERT OR REPLACE INTO file (key, used, payload) VALUES (?, ?, ?)",
                (key, self._today, packing.packed_keys(key, keys)),
            )

    def _environment(self) -> int:
        name = self._measured.environment
        self._found.execute("INSERT OR IGNORE INTO environment (name) VALUES (?)", (name,))
        row = self._found.execute("SELECT id FROM environment WHERE name = ?", (name,)).fetchone()
        return int(row[0])

    def _tests(self, environment: int) -> list[int]:
        """Return the row id of each test of the run, in its order."""
        ids = []
        for test in self._measured.tests:
            key = test_key(test, environment.to_bytes(8, "big"))
            payload = packing.packed_test(key, test)
            self._found.execute(
                "INSERT OR IGNORE INTO test (key, environment, node, fingerprint, seconds, used,"
                " payload) VALUES (?, ?, ?, ?, 0, 0, ?)",
                (key, environment, test.node_id, test.fingerprint, payload),
            )
            row = self._found.execute("SELECT id FROM test WHERE key = ?", (key,)).fetchone()
            ids.append(int(row[0]))
            self._found.execute(
                "UPDATE test SET seconds = ?, used = ?, payload = ? WHERE id = ?",
                (test.seconds, self._today, payload, ids[-1]),
            )
        return ids

    def _fact(self, fact: Fact, environment: int, tests: Sequence[int]) -> int:
        """Write one fact and return its row id: tests of this run replace what they were before."""
        key = key_of(fact)
        row = self._found.execute(
            f"SELECT {COLUMNS} FROM symbol WHERE key = ? AND environment = ?",
            (key, environment),
        ).fetchone()
        before = fact_of_row(row, {environment: fact.environment}) if row else None
        merged = packing.merged(before, fact, tests)
        payload = packing.packed_fact(key + environment.to_bytes(8, "big"), merged)
        if row is None:
            return self._insert(key, environment, fact, payload)
        self._found.execute(
            "UPDATE symbol SET used = ?, payload = ? WHERE id = ?", (self._today, payload, row[0])
        )
        return int(row[0])

    def _insert(self, key: bytes, environment: int, fact: Fact, payload: bytes) -> int:
        path = str(fact.path).encode("utf-8", "surrogateescape")
        like = kin(fact.qualname, fact.fingerprint)
        named = path, fact.qualname, fact.fingerprint
        done = self._found.execute(
            "INSERT INTO symbol (key, environment, kin, path, qualname, fingerprint, used, payload)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (key, environment, like, *named, self._today, payload),
        )
        return int(done.lastrowid or 0)


def evict(found: "sqlite3.Connection", table: str, most: int) -> None:
    """Delete the least recently used rows beyond the limit, a tenth more so that it is rare."""
    count = found.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]
    if count > most:
        found.execute(
            f"DELETE FROM {table} WHERE id IN (SELECT id FROM {table} ORDER BY used, id LIMIT ?)",
            (count - most + most // 10,),
        )
