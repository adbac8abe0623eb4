"""Edge: builds what a commit with something to do needs."""

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePosixPath

from sloptest_hook.commands.artifacts import keeper
from sloptest_hook.commands.scratch import scratch_directory
from sloptest_hook.git.abandonment import ended_when_abandoned
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.git.snapshot import StagedSnapshot
from sloptest_hook.pipeline.workshop import Engine, Workshop
from sloptest_hook.running.environments import Place
from sloptest_hook.running.harness.confine import OFF, level
from sloptest_hook.running.interpreter import find_project_python
from sloptest_hook.running.runner import SnapshotRunner
from sloptest_hook.symbols.modules import import_root
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.records import dataclass
from sloptest_hook.values.settings import EngineName, SandboxLevel, Settings

TYPE_CHECKING = False  # typing itself costs 5 ms
if TYPE_CHECKING:
    from sloptest_hook.commands.by_hand import ByHand
    from sloptest_hook.running.probe import SearchProbe


@dataclass(frozen=True, slots=True)
class Watched:
    """Who has a say while the workshop is open.

    ``objection`` is what there is against an interpreter, ``heard`` is told how many tests have
    begun, ``by_hand`` is what a command changes that is no hook.
    """

    objection: Callable[[Place], str | None]
    heard: "Callable[[int], None] | None"
    by_hand: "ByHand | None"


@contextlib.contextmanager
def open_workshop(
    repo: StagedRepository,
    settings: Settings,
    paths: Sequence[PurePosixPath],
    deadline: Deadline,
    watched: Watched,
) -> Iterator[Workshop]:
    """Find the interpreter, refresh the snapshot, and hold both until the commit is done.

    ``paths`` are the changed files. Raises GitError, InterpreterError and RunnerError.
    """
    room = repo.git_dir / "sloptest"
    python = find_project_python(
        repo.top, settings.python, os.environ, cache_dir=room, objection=watched.objection
    )
    snapshot = StagedSnapshot(repo, needed=paths, tests_dir=settings.tests_dir)
    with (
        ended_when_abandoned(repo.parent, os.environ),
        contextlib.closing(snapshot),
        scratch_directory() as scratch,
    ):
        snapshot.refresh(deadline)
        files = frozenset(snapshot.files())
        roots = sorted({import_root(files, path) for path in paths})
        runner = SnapshotRunner(
            python,
            snapshot.root,
            repo.top,
            scratch,
            roots,
            settings.runner,
            watched.heard,
            sandbox=settings.sandbox,
        )
        with runner.started_ahead() as ready:  # what follows takes as long to load as pytest does
            yield _workshop(repo, settings, snapshot, ready, watched.by_hand)


def _workshop(
    repo: StagedRepository,
    settings: Settings,
    snapshot: StagedSnapshot,
    runner: SnapshotRunner,
    by_hand: "ByHand | None",
) -> Workshop:
    from sloptest_hook.git.staging import WorktreeStager
    from sloptest_hook.merging.formatter import find_formatter
    from sloptest_hook.running.mutating import SnapshotMutator
    from sloptest_hook.running.probe import SearchProbe
    from sloptest_hook.store.mutations import MutationStore

    python = runner.python
    formatter = find_formatter(settings.merge.formatter, snapshot.root, python.executable)
    probe = SearchProbe(
        python,
        snapshot.root,
        repo.top,
        runner.scratch,
        runner.import_roots,
        settings.sandbox,
    )
    return Workshop(
        python=python,
        snapshot=snapshot,
        runner=runner,
        engine=_engine(repo, settings, snapshot, probe, by_hand),
        stager=WorktreeStager(repo),
        keep=keeper(repo),
        formatted=formatter.format,
        line_length=formatter.line_length,
        confinement=OFF if settings.sandbox.level is SandboxLevel.OFF else level(),
        mutator=SnapshotMutator(runner),
        mutations=MutationStore(repo.common_dir),
    )


def _engine(
    repo: StagedRepository,
    settings: Settings,
    snapshot: StagedSnapshot,
    probe: "SearchProbe",
    by_hand: "ByHand | None",
) -> Engine:
    """Return who writes: the configuration alone names a provider, never a key that is there."""
    if settings.engine is EngineName.OFFLINE:
        from sloptest_hook.generation.offline.engine import OfflineEngine

        return OfflineEngine(probe)
    from sloptest_hook.commands.asking import llm_engine

    return llm_engine(repo, settings, snapshot, probe, by_hand)
