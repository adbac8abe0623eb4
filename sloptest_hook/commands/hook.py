"""Edge: ``sloptest hook``, what git and pre-commit call."""

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from sloptest_hook.commands.options import OutputOptions
from sloptest_hook.commands.paths import paths_of
from sloptest_hook.commands.trusting import CloneWarrant
from sloptest_hook.commands.wiring import edges_for
from sloptest_hook.config.files import load_settings
from sloptest_hook.errors import ConfigError, ExitCode, GitError, SloptestError, UsageError
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.pipeline.decision import decide
from sloptest_hook.pipeline.hook import cover_commit
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.outcome import Decision, Mode, Outcome, Problem
from sloptest_hook.values.records import dataclass, replace
from sloptest_hook.values.settings import Settings

TYPE_CHECKING = False  # typing itself costs 5 ms, which every commit would pay
if TYPE_CHECKING:
    from sloptest_hook.commands.by_hand import ByHand
    from sloptest_hook.commands.flags import Flag

# What the process has spent before this module is loaded: the interpreter's own start.
_STARTED = time.monotonic() - 0.05


@dataclass(frozen=True, slots=True)
class HookOptions:
    """What was typed: files beyond the staged diff, the commits of a range, settings for this run.

    ``afresh``: whatever is remembered.
    """

    files: Sequence[str] = ()
    mode: Mode = Mode.HOOK
    refs: tuple[str, str] | None = None
    flags: "Sequence[Flag]" = ()
    afresh: bool = False


def run(asked: HookOptions, output: OutputOptions) -> ExitCode:
    """Look at the staged diff, write what is missing, and say whether the commit may go on.

    A dry run prints what would be written, and changes nothing.
    """
    if "sloptest" in os.environ.get("SKIP", "").split(","):
        return ExitCode.OK  # pre-commit's own switch, for the plain hook
    try:
        repo = StagedRepository.open(Path.cwd())
    except GitError as error:
        # No repository, no configuration file: the environment alone decides.
        settings = load_settings(Path(os.devnull), os.environ).settings
        outcome = decide(settings, problems=[Problem(str(error))])
        return ended(output, replace(outcome, mode=asked.mode), None)
    warrant = CloneWarrant(repo)
    loaded = load_settings(repo.top, os.environ, warrant)
    settings = _with(asked.flags, loaded.settings, repo) if asked.flags else loaded.settings
    refs = asked.refs or _range(os.environ)
    if refs is not None:
        asked = replace(asked, refs=refs, mode=Mode.RANGE)
    outcome = _outcome(repo, settings, warrant, asked, output)
    notes = (*loaded.notes, *warrant.lines, *outcome.notes)
    return ended(output, replace(outcome, notes=notes, mode=asked.mode), repo)


def _with(flags: "Sequence[Flag]", settings: Settings, repo: StagedRepository) -> Settings:
    from sloptest_hook.commands.flags import with_flags

    return with_flags(settings, flags, repo.top)


def _outcome(
    repo: StagedRepository,
    settings: Settings,
    warrant: CloneWarrant,
    asked: HookOptions,
    output: OutputOptions,
) -> Outcome:
    paths = paths_of(asked.files, repo.top)
    if len(asked.files) == 1 and repo.is_gits_own(asked.files[0]):
        return decide(settings, quiet="a commit message is checked, the commit is made already")

    def look() -> Outcome:
        with _looked_at(repo, asked.refs) as seen:
            by_hand = _afresh() if asked.afresh else None
            edges = edges_for(
                seen, settings, warrant, verbose=output.verbose, quiet=output.quiet, by_hand=by_hand
            )
            return cover_commit(replace(edges, mode=asked.mode), settings, paths, time_of(settings))

    return decided(settings, look)


def _afresh() -> "ByHand":
    from sloptest_hook.commands.by_hand import ByHand
    from sloptest_hook.generation.providers.access import AccessFlags

    return ByHand(AccessFlags(), afresh=True)


def time_of(settings: Settings) -> Deadline:
    """Return when the time budget of this process ends."""
    return Deadline(_STARTED + settings.time_budget, time.monotonic)


def decided(settings: Settings, look: Callable[[], Outcome]) -> Outcome:
    """Return the outcome of a look, one with a problem where something failed.

    Raises ConfigError and UsageError.
    """
    try:
        return look()
    except (ConfigError, UsageError):
        raise
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        return decide(settings, problems=[Problem(f"{place}{error.strerror}. Make room there.")])
    except SloptestError as error:
        # A failure is not the user's fault and not a verdict: `on-error` decides.
        return decide(settings, problems=[Problem(str(error))])


def _range(environ: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the commits that pre-commit was told to look at (``--from-ref``, ``--to-ref``)."""
    first = environ.get("PRE_COMMIT_FROM_REF")
    return (first, environ.get("PRE_COMMIT_TO_REF") or "HEAD") if first else None


@contextmanager
def _looked_at(repo: StagedRepository, refs: tuple[str, str] | None) -> Iterator[StagedRepository]:
    """Hand out the repository, in a range with an index of what its commits have changed."""
    if refs is None:
        yield repo
        return
    from sloptest_hook.commands.scratch import scratch_directory
    from sloptest_hook.git.range import as_staged

    with scratch_directory() as scratch:
        yield as_staged(repo, *refs, scratch)


def ended(output: OutputOptions, outcome: Outcome, repo: StagedRepository | None) -> ExitCode:
    """Print and keep the outcome; return the exit code that it comes to."""
    blocked = outcome.decision is Decision.BLOCK and outcome.mode is not Mode.BY_HAND
    code = ExitCode.BLOCKED if blocked else ExitCode.OK
    is_silent = not (outcome.symbols or outcome.problems or outcome.notes or outcome.quiet)
    if is_silent and not (output.json or output.verbose):
        return code  # what most commits of other languages come to: nothing more is imported
    _tell(output, outcome, code, repo)
    return code


def _tell(
    output: OutputOptions, outcome: Outcome, code: ExitCode, repo: StagedRepository | None
) -> None:
    from sloptest_hook.commands.keeping import outcome_without_secrets
    from sloptest_hook.commands.printing import (
        print_lines,
        print_patch,
        terminal_width,
        warn_lines,
    )
    from sloptest_hook.commands.record import write_report
    from sloptest_hook.report.console import lines
    from sloptest_hook.report.past import is_worth_remembering

    outcome = outcome_without_secrets(outcome, repo.common_dir if repo else None)
    document = write_report(outcome, code, time.monotonic() - _STARTED, repo)
    if repo is not None and is_worth_remembering(outcome):
        from sloptest_hook.commands.logbook import write_log

        write_log(repo, lines(outcome, verbose=True))
    if output.json:
        print_lines([document])
        return
    if output.github:
        from sloptest_hook.report.annotations import annotations

        print_lines(annotations(outcome))
    if outcome.mode is Mode.DRY_RUN:  # stdout is for `git apply`
        print_patch(outcome.patch)
    say = warn_lines if outcome.mode is Mode.DRY_RUN else print_lines
    if code is ExitCode.BLOCKED or not output.quiet:
        width = terminal_width(is_error=outcome.mode is Mode.DRY_RUN)
        say(lines(outcome, verbose=output.verbose, width=width), color=output.color)
