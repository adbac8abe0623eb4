"""Edge: ``sloptest generate``, the work of the hook by hand, on the working tree."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path, PurePosixPath

from sloptest_hook.commands import hook
from sloptest_hook.commands.by_hand import ByHand
from sloptest_hook.commands.flags import Flag, with_flags
from sloptest_hook.commands.options import OutputOptions
from sloptest_hook.commands.paths import paths_of
from sloptest_hook.commands.printing import print_lines, warn, warn_lines
from sloptest_hook.commands.scratch import scratch_directory
from sloptest_hook.commands.trusting import CloneWarrant
from sloptest_hook.commands.wiring import edges_for
from sloptest_hook.config.files import load_settings
from sloptest_hook.errors import ExitCode, UsageError
from sloptest_hook.generation.providers.access import (
    Access,
    AccessFlags,
    NoAccess,
    access_of,
    engine_of,
)
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.git.staging import WorktreeStager
from sloptest_hook.git.working import as_staged
from sloptest_hook.pipeline.edges import Edges
from sloptest_hook.pipeline.hook import cover_commit
from sloptest_hook.pipeline.workshop import Workshop
from sloptest_hook.report.plan_table import gain_lines, plan_lines
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.outcome import Mode, Outcome
from sloptest_hook.values.plan import Plan, Target
from sloptest_hook.values.records import dataclass, replace
from sloptest_hook.values.settings import EngineName, Fallback, Settings

OpenWorkshop = Callable[[Sequence[PurePosixPath], Deadline], AbstractContextManager[Workshop]]


@dataclass(frozen=True, slots=True)
class GenerateOptions:
    """What was typed; an empty text is a flag that was not."""

    paths: Sequence[str] = ()
    stage: bool = False
    dry_run: bool = False
    show_prompt: bool = False
    engine: str = ""
    model: str = ""
    flags: AccessFlags = AccessFlags()
    settings: Sequence[Flag] = ()
    force: bool = False


def run(asked: GenerateOptions, output: OutputOptions) -> ExitCode:
    """Write tests for what is new or changed in the working tree, or for all of the paths.

    They go into the working tree; with ``stage`` into the index too. A dry run prints them. The
    first line says what will leave this machine and to where; with ``show_prompt`` nothing does,
    and nothing is written. Raises UsageError.
    """
    repo = StagedRepository.open(Path.cwd())
    warrant = CloneWarrant(repo)
    loaded = load_settings(repo.top, os.environ, warrant)
    settings = with_flags(_settings(loaded.settings, asked), asked.settings, repo.top)
    access = access_of(settings.engine, settings.llm, os.environ, asked.flags)
    if asked.show_prompt or settings.engine is not EngineName.OFFLINE:
        warn(_what_leaves(access, asked))
    by_hand = ByHand(asked.flags, show_prompt=asked.show_prompt, afresh=asked.force)
    paths = paths_of(asked.paths, repo.top)
    mode = Mode.DRY_RUN if asked.dry_run or asked.show_prompt else Mode.BY_HAND

    def look() -> Outcome:
        with scratch_directory() as scratch:
            view = as_staged(repo, paths, scratch)
            edges = edges_for(
                view, settings, warrant, verbose=output.verbose, quiet=output.quiet, by_hand=by_hand
            )
            planned = panel.after(edges.planned)
            edges = replace(edges, mode=mode, planned=planned, named_alone=True)
            if asked.stage:
                edges = replace(edges, open_workshop=_staging_into(repo, edges))
            return cover_commit(edges, settings, paths, hook.time_of(settings))

    panel = _Panel(output, mode)
    outcome = hook.decided(settings, look)
    notes = (*loaded.notes, *warrant.lines, *outcome.notes)
    code = hook.ended(output, replace(outcome, notes=notes, mode=mode), repo)
    panel.came_to(outcome)
    return code


class _Panel:
    """What is said before the work and after it; where stdout is for a program, beside it."""

    def __init__(self, output: OutputOptions, mode: Mode) -> None:
        self._is_silent = output.json or output.quiet
        self._say = warn_lines if mode is Mode.DRY_RUN else print_lines
        self._targets: tuple[Target, ...] = ()

    def after(self, others: Callable[[Plan], None] | None) -> Callable[[Plan], None]:
        """Return what is told the plan: others, and whoever reads along."""

        def planned(plan: Plan) -> None:
            if others:
                others(plan)
            self._targets = plan.targets
            if not self._is_silent:
                self._say(plan_lines(plan))

        return planned

    def came_to(self, outcome: Outcome) -> None:
        """Say what it came to."""
        if not self._is_silent:
            self._say(gain_lines(self._targets, outcome))


def _staging_into(repo: StagedRepository, edges: Edges) -> OpenWorkshop:
    """Return the opening of a workshop whose tests enter the real index, not that of the view."""

    @contextmanager
    def open_workshop(paths: Sequence[PurePosixPath], deadline: Deadline) -> Iterator[Workshop]:
        with edges.open_workshop(paths, deadline) as workshop:
            yield replace(workshop, stager=WorktreeStager(repo))

    return open_workshop


def _settings(settings: Settings, asked: GenerateOptions) -> Settings:
    """Return the settings that flags make of those in force.

    An engine of the configuration stays; the older variables name one where it names none.
    """
    found = settings.engine
    if found is EngineName.OFFLINE:
        found = engine_of(asked.flags, os.environ) or found
    engine = _named(asked.engine) if asked.engine else found
    if asked.show_prompt and engine is EngineName.OFFLINE:
        engine = EngineName.ANTHROPIC  # whose prompt is that of all others
    llm = replace(settings.llm, model=asked.model or settings.llm.model)
    if asked.show_prompt:  # what stands in for a reply would be shown to nobody
        llm = replace(llm, fallback=Fallback.NONE)
    return replace(settings, engine=engine, llm=llm, stage=asked.stage, review=False)


def _named(engine: str) -> EngineName:
    if engine not in set(EngineName):
        raise UsageError(f"--engine {engine}: there is none; one of {', '.join(EngineName)}")
    return EngineName(engine)


def _what_leaves(access: Access | NoAccess, asked: GenerateOptions) -> str:
    if asked.show_prompt:
        return "nothing leaves this machine: prompts are shown, and not sent"
    if isinstance(access, NoAccess):
        return f"nothing leaves this machine: {access.reason}"
    return (
        "source of functions that no test covers, and what is around them, is sent to "
        f"{access.engine} at {access.place} (model {access.model}); secrets are taken out first"
    )
