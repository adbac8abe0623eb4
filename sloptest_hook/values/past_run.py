"""What is remembered of a run after it is over."""

from collections.abc import Mapping

from sloptest_hook.values.records import dataclass, field


@dataclass(frozen=True, slots=True)
class PastSymbol:
    """Where a symbol ended, and the node ids of the tests that it got."""

    path: str
    qualname: str
    status: str
    reason: str = ""
    tests: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PastRun:
    """One run, as plain texts and numbers: it may have been written by another version.

    ``at`` is ``2026-01-31T12:00:00Z``. ``counts`` are symbols by status; ``symbols`` are those
    worth a line, the first of them where there were very many.
    """

    run_id: str
    at: str
    mode: str
    decision: str
    engine: str
    exit_code: int
    elapsed_s: float
    counts: Mapping[str, int] = field(default_factory=dict)
    symbols: tuple[PastSymbol, ...] = ()
    problems: tuple[str, ...] = ()
