"""What the proof of candidates rests on, and what comes of it."""

from collections.abc import Callable, Mapping, Sequence

from sloptest_hook.values.candidate import Candidate, MergedFile
from sloptest_hook.values.confinement import Confinement
from sloptest_hook.values.coverage import FileCoverage
from sloptest_hook.values.pytest_run import NodeResult
from sloptest_hook.values.records import dataclass, field
from sloptest_hook.values.source import Symbol


@dataclass(frozen=True, slots=True)
class Dropped:
    """A written test that did not prove itself, and why, for a person to read.

    ``detail`` is all that pytest said of it, empty where it was not pytest that did not like it.
    """

    symbol: Symbol
    name: str
    reason: str
    out_of_time: bool = False
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Proved:
    """Merged files whose every added test passed, and what those tests executed.

    ``not_started`` is why pytest itself did not run, ``refused`` why nothing may run at the level
    of confinement that there is: then nothing was proved.
    """

    files: tuple[MergedFile, ...] = ()
    coverage: tuple[FileCoverage, ...] = ()
    results: tuple[NodeResult, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    rounds: int = 0
    confinement: Confinement = field(default_factory=Confinement)
    not_started: str | None = None
    refused: str = ""


Gate = Callable[[Sequence[FileCoverage], Sequence[MergedFile]], Mapping[str, str]]


def _nothing_against(
    _coverage: Sequence[FileCoverage], _files: Sequence[MergedFile]
) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class Proof:
    """What the proof of one commit's candidates rests on.

    ``merged`` puts candidates into files, leaving out files that get nothing. ``baseline`` tells
    what the existing tests of such files did without the new ones; ``company`` are test files that
    execute the same modules. ``gate`` returns, by node id, why tests that passed are not worth
    keeping, from what they executed; ``last_gate`` does the same and is dear: it is asked of those
    that have passed everything else.
    """

    merged: Callable[[Sequence[Candidate]], tuple[MergedFile, ...]]
    baseline: Callable[[Sequence[MergedFile]], Mapping[str, NodeResult]]
    company: tuple[str, ...]
    gate: Gate
    last_gate: Gate = _nothing_against
