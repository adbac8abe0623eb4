"""What the pipeline needs from the outside, in its own words.

Nobody inherits from these: an edge fits or mypy says so where it is built, in
``commands/wiring.py``; a test hands in a fake.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # every commit loads this module, and annotations are all that it needs them for
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import PurePosixPath

    from sloptest_hook.values.candidate import Candidate, MergedFile, NoCandidate
    from sloptest_hook.values.coverage import CoverageVerdict
    from sloptest_hook.values.deadline import Deadline
    from sloptest_hook.values.plan import Target
    from sloptest_hook.values.pytest_run import ProjectPython, PytestRequest, PytestRun
    from sloptest_hook.values.source import StagedDiff, Symbol


class StagedRepo(Protocol):
    """The index, read: no lock taken, nothing written."""

    def quiet_reason(self) -> str | None:
        """Return why the hook must do nothing now (a rebase in progress), or None."""

    def staged_diff(self) -> StagedDiff:
        """Return the Python files of the staged diff, from blobs alone."""

    def whole_files(self, paths: Sequence[PurePosixPath]) -> StagedDiff:
        """Return files of the index as changes of kind WHOLE, for backfill."""

    def blobs_of(self, paths: Iterable[PurePosixPath]) -> Mapping[PurePosixPath, str]:
        """Return the object names of those paths that are in the index."""


class VerdictCache(Protocol):
    """What was measured before, under the git dir."""

    def known(
        self,
        symbols: Iterable[Symbol],
        blobs_of: Callable[[Iterable[PurePosixPath]], Mapping[PurePosixPath, str]],
    ) -> Mapping[Symbol, CoverageVerdict]:
        """Return verdicts measured on this very version and on test files that are unchanged."""

    def remember(
        self, verdicts: Iterable[CoverageVerdict], blobs: Mapping[PurePosixPath, str]
    ) -> None:
        """Keep verdicts with the object names of the test files that they rely on."""


class Snapshot(Protocol):
    """The staged tree on disk, under the git dir."""

    def files(self) -> tuple[PurePosixPath, ...]:
        """Return every path of the staged tree, sorted."""

    def read(self, paths: Iterable[PurePosixPath]) -> Mapping[PurePosixPath, bytes]:
        """Return the bytes of those paths that exist in the staged tree."""

    def write(self, files: Iterable[MergedFile]) -> None:
        """Put merged files into the snapshot, and only there."""

    def link_build_products(self) -> bool:
        """Link ignored build products (``*.so``, ``_version.py``) in; False when there are none."""


class PytestRunner(Protocol):
    """pytest in the project's interpreter, in the snapshot."""

    def run(self, request: PytestRequest, deadline: Deadline) -> PytestRun:
        """Run pytest once; what goes wrong is in the answer."""


class Engine(Protocol):
    """Whoever writes tests."""

    @property
    def name(self) -> str: ...

    def write(
        self, targets: Sequence[Target], deadline: Deadline
    ) -> Iterator[Candidate | NoCandidate]:
        """Yield one answer a target, in any order; a target may miss when the deadline passes."""


class Stager(Protocol):
    """The only way into the user's working tree and index."""

    def refusal(self, path: PurePosixPath) -> str | None:
        """Return why this path must not be touched, or None when it is provably ours or clean."""

    def stage(self, files: Sequence[MergedFile], *, into_index: bool) -> None:
        """Write the files and put them into the index, all or nothing; raises StagingError."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """What is needed once there is something to do; building it imports the heavy packages.

    ``formatted`` puts a candidate into the project's own style; it returns it as it is when the
    project has none.
    """

    python: ProjectPython
    snapshot: Snapshot
    runner: PytestRunner
    engine: Engine
    stager: Stager
    formatted: Callable[[Candidate], Candidate]
    line_length: int
    confinement: str


@dataclass(frozen=True, slots=True)
class Edges:
    """The outside, as one commit sees it.

    ``open_workshop`` takes the changed paths and is called at most once; it raises GitError and
    InterpreterError.
    """

    repo: StagedRepo
    cache: VerdictCache
    open_workshop: Callable[[Sequence[PurePosixPath], Deadline], AbstractContextManager[Workshop]]
    tell: Callable[[str], None]
