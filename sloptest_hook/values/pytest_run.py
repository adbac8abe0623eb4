"""What pytest is asked, and what it said."""

from enum import StrEnum
from pathlib import PurePosixPath

from sloptest_hook.values.confinement import Confinement
from sloptest_hook.values.coverage import FileCoverage
from sloptest_hook.values.records import dataclass, field


class NodeOutcome(StrEnum):
    """pytest's word for one node id."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class NodeResult:
    """One node id and what became of it; ``message`` is the last line of a failure.

    ``detail`` is what pytest says of the failure of a generated test, and what that has printed.
    """

    node_id: str
    outcome: NodeOutcome
    message: str = ""
    seconds: float = 0.0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Goal:
    """Lines of which, with the branches out of them, tests are to execute ``minimum`` percent."""

    path: PurePosixPath
    lines: frozenset[int]
    minimum: float


@dataclass(frozen=True, slots=True)
class PytestRequest:
    """One run of pytest in the snapshot.

    ``select`` holds paths or node ids relative to the snapshot. ``trace`` are source files whose
    lines and branches are recorded; empty: no tracing at all. ``generated`` are node ids written by
    an engine: while one of them runs, the harness refuses writes outside scratch, processes and
    network. ``hash_seed`` becomes PYTHONHASHSEED.

    ``waves`` stand in place of ``select``: a wave is collected and run only while a goal is not
    reached; the first ``to_end`` of them run to their end in any case. After ``soft_seconds`` no
    further test begins. ``without`` are node ids not to run. ``generated_first``: in
    each file, before the older ones.
    """

    select: tuple[str, ...]
    trace: tuple[PurePosixPath, ...] = ()
    generated: frozenset[str] = frozenset()
    hash_seed: int = 0
    waves: tuple[tuple[str, ...], ...] = ()
    to_end: int = 0
    goals: tuple[Goal, ...] = ()
    soft_seconds: float | None = None
    without: frozenset[str] = frozenset()
    generated_first: bool = False


@dataclass(frozen=True, slots=True)
class PytestRun:
    """What one run of pytest gave.

    ``problem`` is None when pytest ran to its end, whatever the tests did; else one line for the
    user: timed out, crashed, did not start. ``collection_errors`` pairs a path with pytest's last
    line on it. ``started`` is false when pytest itself gave up before any test, which is no test's
    fault: an option of a plugin that is not installed, a broken ``conftest.py``.
    ``confinement`` is what a run of generated tests alone reached, empty otherwise; ``refused`` why
    that was too little to run any of them.
    ``stopped_early``: the goals were reached with tests left; ``out_of_time``: ``soft_seconds`` had
    passed. ``process_tests`` have started processes, which nobody follows.
    """

    results: tuple[NodeResult, ...] = ()
    coverage: tuple[FileCoverage, ...] = ()
    collection_errors: tuple[tuple[str, str], ...] = ()
    problem: str | None = None
    started: bool = True
    confinement: Confinement = field(default_factory=Confinement)
    refused: str = ""
    timed_out: bool = False
    stopped_early: bool = False
    out_of_time: bool = False
    process_tests: tuple[str, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class ProjectPython:
    """The project's interpreter, how it was found, and what it can import.

    ``pytest`` and ``coverage`` are versions, None where the package is missing. ``prefix`` is its
    ``sys.prefix``; ``found`` is for ``sloptest env``: ``.venv of the repository``.
    ``environment`` stands for interpreter, platform and installed distributions together.
    ``lent_coverage`` is the folder of the hook's own coverage where the project has none.
    """

    executable: str
    found: str
    version: tuple[int, int, int]
    prefix: str
    pytest: str | None
    coverage: str | None
    environment: str = ""
    lent_coverage: str = ""


def function_of(node_id: str) -> str:
    """Return a node id without its variant: those of a parametrised test are one function."""
    return node_id.partition("[")[0]
