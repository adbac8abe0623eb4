"""What the pipeline needs from the outside once there is something to do."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Protocol

from sloptest_hook.values.candidate import Candidate, MergedFile, NoCandidate
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.mutation import MutationRequest, MutationRun
from sloptest_hook.values.plan import Target
from sloptest_hook.values.pytest_run import ProjectPython, PytestRequest, PytestRun
from sloptest_hook.values.records import dataclass
from sloptest_hook.values.refining import RefineRequest
from sloptest_hook.values.usage import Account


class Snapshot(Protocol):
    """The staged tree on disk, under the git dir."""

    def files(self) -> tuple[PurePosixPath, ...]:
        """Return every path of the staged tree, sorted."""

    def read(self, paths: Iterable[PurePosixPath]) -> Mapping[PurePosixPath, bytes]:
        """Return the bytes of those paths that exist in the staged tree."""

    def write(self, files: Iterable[MergedFile]) -> None:
        """Put merged files into the snapshot, and only there."""

    def leftovers(self) -> frozenset[PurePosixPath]:
        """Return the test files that hold what earlier runs have staged and no commit holds yet."""

    def drop_leftovers(
        self, paths: Iterable[PurePosixPath], deadline: Deadline
    ) -> frozenset[PurePosixPath]:
        """Take out what earlier runs have staged in these files and no commit holds yet.

        Returns the paths that were changed.
        """

    def link_build_products(self) -> bool:
        """Link ignored build products (``*.so``, ``_version.py``) in; False when there are none."""


class PytestRunner(Protocol):
    """pytest in the project's interpreter, in the snapshot."""

    def run(self, request: PytestRequest, deadline: Deadline) -> PytestRun:
        """Run pytest once; what goes wrong is in the answer."""

    def run_together(
        self, requests: Sequence[PytestRequest], deadline: Deadline
    ) -> tuple[PytestRun, ...]:
        """Run pytest once for each request, at the same time; of generated tests alone."""


class Mutator(Protocol):
    """Who breaks the code on purpose, in the project's interpreter, and lets tests run on it."""

    def run(self, request: MutationRequest, deadline: Deadline) -> MutationRun:
        """Try the mutants; what was not reached by the deadline is untried."""


class MutationCache(Protocol):
    """What became of mutants before. Nothing here ever raises."""

    def mutant_fates(self, key: bytes) -> Mapping[str, tuple[str, str]]:
        """Return the status of each mutant under this key, and who noticed it; empty: unknown."""

    def keep_mutant_fates(self, key: bytes, fates: Mapping[str, tuple[str, str]]) -> None:
        """Keep them under this key."""


class Engine(Protocol):
    """Whoever writes tests."""

    @property
    def name(self) -> str: ...

    @property
    def account(self) -> Account:
        """Return what there is to say of the run, once everything is written."""

    def write(
        self, targets: Sequence[Target], deadline: Deadline
    ) -> Iterator[Candidate | NoCandidate]:
        """Yield one answer a target, in any order; a target may miss when the deadline passes."""

    def refine(
        self, requests: Sequence[RefineRequest], deadline: Deadline
    ) -> Iterator[Candidate | NoCandidate]:
        """Yield tests in the place of those that did not prove themselves; none: it has no more."""


class Stager(Protocol):
    """The only way into the user's working tree and index."""

    def refusal(self, path: PurePosixPath) -> str | None:
        """Return why this path must not be touched, or None when it is provably ours or clean."""

    def stage(self, files: Sequence[MergedFile], *, into_index: bool) -> None:
        """Write the files and put them into the index, all or nothing; raises StagingError."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """What is needed once there is something to do; building it imports the heavy packages.

    ``confinement`` is the level that a run of generated code is expected to reach. ``formatted``
    puts a candidate into the project's own style; it returns it as it is when the project has none.
    ``keep`` stores a text of this run by its name, for its owner.
    """

    python: ProjectPython
    snapshot: Snapshot
    runner: PytestRunner
    engine: Engine
    stager: Stager
    formatted: Callable[[Candidate, Deadline], Candidate]
    keep: Callable[[str, str], None]
    line_length: int
    confinement: str
    mutator: Mutator
    mutations: MutationCache
