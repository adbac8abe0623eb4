"""The tests of the last run as a person reads them, each with what justifies it, and as JSON."""

import json
from collections.abc import Iterator, Sequence
from enum import StrEnum

from sloptest_hook.report.functions import function_text
from sloptest_hook.report.visible import visible
from sloptest_hook.values.records import dataclass
from sloptest_hook.values.spans import spans


class Fate(StrEnum):
    """What has become of a test since it was written."""

    AS_WRITTEN = "as written"
    EDITED = "edited since"
    UNKNOWN = "perhaps edited since"
    GONE = "gone"
    NOT_WRITTEN = "not written: a dry run"


@dataclass(frozen=True, slots=True)
class ShownTest:
    """A test, the symbol it was written for, and the lines of that symbol which it executes.

    ``is_alone``: the lines are those of this test, not of all that were written for the symbol.
    ``mutants`` are killed and total, of the symbol; both 0: none was made. ``source`` is what is
    in the file now.
    """

    node_id: str
    symbol: str
    fate: Fate
    lines: tuple[int, ...]
    is_alone: bool
    mutants: tuple[int, int]
    source: str | None


def fate_of(node_id: str, now: str | None, written: str | None) -> Fate:
    """Return what became of a test; ``now`` is its file, ``written`` the file as it was written.

    None: there is no file; nobody knows any more what was written.
    """
    source = None if now is None else function_text(now, node_id)
    if source is None:
        return Fate.GONE
    if written is None:
        return Fate.UNKNOWN
    return Fate.AS_WRITTEN if source == function_text(written, node_id) else Fate.EDITED


def lines(tests: Sequence[ShownTest]) -> Iterator[str]:
    """Yield a heading for each test, what justifies it, and its source."""
    if not tests:
        yield "the last run has written no test"
    for number, test in enumerate(tests):
        if number:
            yield ""
        mark = "" if test.fate is Fate.AS_WRITTEN else f"  ({test.fate.value})"
        yield f"{visible(test.node_id)}{mark}"
        yield f"  for {visible(test.symbol)}: {_justification(test)}"
        source = test.source or ""
        yield from (f"    {visible(line)}".rstrip() for line in source.split("\n") if test.source)


def to_json(tests: Sequence[ShownTest]) -> str:
    """Return one document, ``schema: 1``."""
    return json.dumps({"schema": 1, "tests": [_entry(test) for test in tests]}, indent=2)


def _justification(test: ShownTest) -> str:
    found = ", ".join(spans(test.lines))
    word = "line" if found.isdigit() else "lines"
    who = "executes" if test.is_alone else "together with its other tests executes"
    said = f"{who} {word} {found}" if found else "which lines it executes is not on record"
    killed, total = test.mutants
    return f"{said}; the tests of it kill {killed} of {total} mutants" if total else said


def _entry(test: ShownTest) -> dict[str, object]:
    killed, total = test.mutants
    return {
        "node_id": test.node_id,
        "symbol": test.symbol,
        "fate": test.fate.value,
        "lines": list(test.lines),
        "lines_are_its_own": test.is_alone,
        "mutants": {"killed": killed, "total": total},
        "source": test.source,
    }
