"""Edge: what became of mutants, in the database that all worktrees share.

As with all that is kept there: what is missing, broken, locked or of another version is nothing.
"""

import contextlib
import json
import time
import zlib
from collections.abc import Mapping
from pathlib import Path

from sloptest_hook.store import database

_MOST = 20_000  # rows; those that were not used for longest go first
_LONGEST = 1 << 20  # bytes of one row, unpacked
_DAY = 86_400


class MutationStore:
    """Fits ``MutationCache``; ``common_dir`` is git's."""

    def __init__(self, common_dir: Path) -> None:
        self._file = common_dir / "sloptest" / "cache.db"

    def mutant_fates(self, key: bytes) -> Mapping[str, tuple[str, str]]:
        """Return the status of each mutant under this key, and who noticed it; empty: not known."""
        with contextlib.suppress(OSError, database.Unusable):
            try:
                with database.reading(self._file) as found:
                    row = found.execute(
                        "SELECT payload FROM mutation WHERE key = ?", (key,)
                    ).fetchone()
            except database.Broken:
                database.remove_broken(self._file)
            else:
                return {} if row is None else _unpacked(row[0])
        return {}

    def keep_mutant_fates(self, key: bytes, fates: Mapping[str, tuple[str, str]]) -> None:
        """Keep them; what cannot be kept is no failure."""
        payload = zlib.compress(json.dumps({k: list(v) for k, v in fates.items()}).encode())
        today = int(time.time() // _DAY)
        with (
            contextlib.suppress(OSError, database.Unusable),
            database.writing(self._file) as found,
        ):
            found.execute(
                "INSERT OR REPLACE INTO mutation (key, used, payload) VALUES (?, ?, ?)",
                (key, today, payload),
            )
            found.execute(
                "DELETE FROM mutation WHERE id NOT IN"
                " (SELECT id FROM mutation ORDER BY used DESC, id DESC LIMIT ?)",
                (_MOST,),
            )


def _unpacked(payload: object) -> Mapping[str, tuple[str, str]]:
    """Return what was packed; a row may hold anything, from anybody."""
    if not isinstance(payload, bytes):
        return {}
    try:
        reader = zlib.decompressobj()
        data = json.loads(reader.decompress(payload, _LONGEST))
    except (zlib.error, ValueError, RecursionError):
        return {}
    if not isinstance(data, dict):
        return {}
    found = {}
    for name, fate in data.items():
        if not (isinstance(fate, list) and [type(each) for each in fate] == [str, str]):
            return {}
        found[name] = (fate[0], fate[1])
    return found
