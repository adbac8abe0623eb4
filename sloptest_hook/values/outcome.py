"""What the commit gets: tests, a word on every symbol, the decision."""

from enum import StrEnum
from pathlib import PurePosixPath

from sloptest_hook.values.confinement import Confinement
from sloptest_hook.values.records import dataclass, field
from sloptest_hook.values.source import Symbol
from sloptest_hook.values.usage import Spent


class SymbolStatus(StrEnum):
    """Where a symbol of the diff ended."""

    COVERED = "covered"
    GENERATED = "generated"
    UNCOVERED = "uncovered"
    SKIPPED = "skipped"
    DEFERRED = "deferred"
    SUSPECTED_BUG = "suspected_bug"


@dataclass(frozen=True, slots=True)
class SymbolReport:
    """One symbol's line in the report; ``estimated`` marks a status that nothing measured.

    ``mutants_tried`` are changes of its code that its new tests ran on, ``mutants_killed`` those
    that they noticed, ``survivors`` the others, for a person to read.
    """

    symbol: Symbol
    status: SymbolStatus
    reason: str
    tests: tuple[str, ...] = ()
    covered_lines: tuple[int, ...] = ()
    missing_lines: tuple[int, ...] = ()
    missing_branches: tuple[tuple[int, int], ...] = ()
    attempts: int = 0
    estimated: bool = False
    mutants_killed: int = 0
    mutants_tried: int = 0
    survivors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """A failure of ours or of the project's set-up, which ``on-error`` judges: one line."""

    message: str


@dataclass(frozen=True, slots=True)
class SuspectedBug:
    """Code that does something else than its own words say, as a run has shown.

    ``call`` is the shortest way to see it, ``test`` a test function that fails because of it.
    """

    symbol: Symbol
    expected: str
    actual: str
    why: str
    call: str
    test: str


@dataclass(frozen=True, slots=True)
class BrokenTest:
    """A test of the user's that passed before the change and fails now, with its last line."""

    node_id: str
    message: str


class Decision(StrEnum):
    """What the commit may do."""

    ALLOW = "allow"
    WARN = "warn"
    BLOCK = "block"


class Mode(StrEnum):
    """What is looked at, and whether anything may come of it.

    HOOK: a commit. RANGE: commits that exist already. DRY_RUN: what a commit would get. BY_HAND:
    the working tree, whenever somebody asks.
    """

    HOOK = "hook"
    RANGE = "range"
    DRY_RUN = "dry-run"
    BY_HAND = "by-hand"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything there is to report, and whether the commit goes through.

    ``quiet`` is why nothing was looked at (a rebase in progress), None otherwise.
    ``notes`` are lines worth saying that change no decision. ``patch`` is the unified diff of a dry
    run. ``spent`` is what a provider was paid.
    """

    decision: Decision
    symbols: tuple[SymbolReport, ...] = ()
    problems: tuple[Problem, ...] = ()
    files_staged: tuple[PurePosixPath, ...] = ()
    notes: tuple[str, ...] = ()
    review: bool = False
    engine: str = "offline"
    confinement: Confinement = field(default_factory=Confinement)
    quiet: str | None = None
    mode: Mode = Mode.HOOK
    patch: bytes = b""
    spent: Spent = Spent()
    broken_tests: tuple[BrokenTest, ...] = ()
    suspected_bugs: tuple[SuspectedBug, ...] = ()
