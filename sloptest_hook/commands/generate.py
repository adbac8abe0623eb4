"""Edge: ``sloptest generate``, the work of the hook by hand, on the working tree."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path, PurePosixPath

from sloptest_hook.commands import hook
from sloptest_hook.commands.options import OutputOptions
from sloptest_hook.commands.paths import paths_of
from sloptest_hook.commands.scratch import scratch_directory
from sloptest_hook.commands.trusting import CloneWarrant
from sloptest_hook.commands.wiring import edges_for
from sloptest_hook.config.files import load_settings
from sloptest_hook.errors import ExitCode
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.git.staging import WorktreeStager
from sloptest_hook.git.working import as_staged
from sloptest_hook.pipeline.edges import Edges
from sloptest_hook.pipeline.hook import cover_commit
from sloptest_hook.pipeline.workshop import Workshop
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.outcome import Mode, Outcome
from sloptest_hook.values.records import replace

OpenWorkshop = Callable[[Sequence[PurePosixPath], Deadline], AbstractContextManager[Workshop]]


def run(files: Sequence[str], output: OutputOptions, *, stage: bool, dry_run: bool) -> ExitCode:
    """Write tests for what is new or changed in the working tree, or for all of ``files``.

    They go into the working tree; with ``stage`` into the index too. A dry run prints them.
    """
    repo = StagedRepository.open(Path.cwd())
    warrant = CloneWarrant(repo)
    loaded = load_settings(repo.top, os.environ, warrant)
    settings = replace(loaded.settings, stage=stage, review=False)
    paths = paths_of(files, repo.top)
    mode = Mode.DRY_RUN if dry_run else Mode.BY_HAND

    def look() -> Outcome:
        with scratch_directory() as scratch:
            view = as_staged(repo, paths, scratch)
            edges = edges_for(view, settings, warrant, verbose=output.verbose)
            edges = replace(edges, mode=mode)
            if stage:
                edges = replace(edges, open_workshop=_staging_into(repo, edges))
            return cover_commit(edges, settings, paths, hook.time_of(settings))

    outcome = hook.decided(settings, look)
    notes = (*loaded.notes, *warrant.lines, *outcome.notes)
    return hook.ended(output, replace(outcome, notes=notes, mode=mode), repo)


def _staging_into(repo: StagedRepository, edges: Edges) -> OpenWorkshop:
    """Return the opening of a workshop whose tests enter the real index, not that of the view."""

    @contextmanager
    def open_workshop(paths: Sequence[PurePosixPath], deadline: Deadline) -> Iterator[Workshop]:
        with edges.open_workshop(paths, deadline) as workshop:
            yield replace(workshop, stager=WorktreeStager(repo))

    return open_workshop
