"""Edge: the last runs, in the one SQLite file that all worktrees of a repository share.

As all of that file it may be missing, broken or somebody else's: then nothing is known of earlier
runs. Nothing here ever raises.
"""

import contextlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from sloptest_hook.store import database
from sloptest_hook.values.past_run import PastRun, PastSymbol

_MOST_RUNS = 200
_MOST_SYMBOLS = 100  # of a run
_LARGEST = 1e9
_TEXTS = ("run_id", "at", "mode", "decision", "engine")


class History:
    """The runs of a repository; ``common_dir`` is git's."""

    def __init__(self, common_dir: Path, *, most: int = _MOST_RUNS) -> None:
        self._file = common_dir / "sloptest" / "cache.db"
        self._most = most

    def runs(self, most: int) -> tuple[PastRun, ...]:
        """Return the newest runs, the newest first; a row that is not understood is left out."""
        with contextlib.suppress(OSError, database.Unusable), database.reading(self._file) as found:
            rows = found.execute("SELECT payload FROM runs ORDER BY id DESC LIMIT ?", (most,))
            return tuple(run for (text,) in rows if (run := _unpacked(text)) is not None)
        return ()

    def add(self, run: PastRun) -> None:
        """Keep a run, and forget the oldest beyond the limit."""
        with contextlib.suppress(OSError, database.Unusable):
            try:
                self._write(run)
            except database.Broken:  # it is gone by now
                self._write(run)

    def clear(self) -> None:
        """Forget all runs."""
        with contextlib.suppress(OSError, database.Unusable), database.writing(self._file) as found:
            found.execute("DELETE FROM runs")

    def _write(self, run: PastRun) -> None:
        with database.writing(self._file) as found:
            found.execute("INSERT INTO runs (payload) VALUES (?)", (_packed(run),))
            found.execute(
                "DELETE FROM runs WHERE id <= (SELECT MAX(id) FROM runs) - ?", (self._most,)
            )


def _packed(run: PastRun) -> str:
    document = asdict(run)
    document["symbols"] = document["symbols"][:_MOST_SYMBOLS]
    return json.dumps(document)


def _unpacked(text: object) -> PastRun | None:
    """Return the run of a row; None for what nobody of ours has written."""
    try:
        document = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict):
        return None
    texts = [each for name in _TEXTS if isinstance(each := document.get(name), str)]
    if len(texts) < len(_TEXTS):
        return None
    run_id, at, mode, decision, engine = texts
    return PastRun(
        run_id,
        at,
        mode,
        decision,
        engine,
        exit_code=int(_number(document.get("exit_code"))),
        elapsed_s=_number(document.get("elapsed_s")),
        counts=_counts(document.get("counts")),
        symbols=_symbols(document.get("symbols")),
        problems=_texts(document.get("problems")),
    )


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) and abs(value) < _LARGEST else 0.0


def _counts(value: object) -> Mapping[str, int]:
    pairs = value.items() if isinstance(value, dict) else ()
    return {name: number for name, number in pairs if isinstance(number, int)}


def _symbols(value: object) -> tuple[PastSymbol, ...]:
    listed: Sequence[object] = value if isinstance(value, list) else ()
    return tuple(symbol for each in listed if (symbol := _symbol(each)) is not None)


def _symbol(value: object) -> PastSymbol | None:
    if not isinstance(value, dict):
        return None
    names = ("path", "qualname", "status", "reason")
    texts = [each for name in names if isinstance(each := value.get(name), str)]
    if len(texts) < len(names):
        return None
    path, qualname, status, reason = texts
    return PastSymbol(path, qualname, status, reason, _texts(value.get("tests")))


def _texts(value: object) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else ()
    return tuple(each for each in listed if isinstance(each, str))
