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

# What the process has spent before this module is loaded: the interpreter's own start.
_STARTED = time.monotonic() - 0.05


def run(files: Sequence[str], output: OutputOptions, mode: Mode = Mode.HOOK) -> ExitCode:
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
        return ended(output, replace(outcome, mode=mode), None)
    warrant = CloneWarrant(repo)
    loaded = load_settings(repo.top, os.environ, warrant)
    refs = _range(os.environ)
    mode = mode if refs is None else Mode.RANGE
    asked = _Asked(files, refs, mode, verbose=output.verbose)
    outcome = _outcome(repo, loaded.settings, warrant, asked)
    notes = (*loaded.notes, *warrant.lines, *outcome.notes)
    return ended(output, replace(outcome, notes=notes, mode=mode), repo)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be looked at: files beyond the staged diff, or the commits of a range."""

    files: Sequence[str]
    refs: tuple[str, str] | None
    mode: Mode
    verbose: bool


def _outcome(
    repo: StagedRepository, settings: Settings, warrant: CloneWarrant, asked: _Asked
) -> Outcome:
    paths = paths_of(asked.files, repo.top)
    if len(asked.files) == 1 and repo.is_gits_own(asked.files[0]):
        return decide(settings, quiet="a commit message is checked, the commit is made already")

    def look() -> Outcome:
        with _looked_at(repo, asked.refs) as seen:
            edges = edges_for(seen, settings, warrant, verbose=asked.verbose)
            return cover_commit(replace(edges, mode=asked.mode), settings, paths, time_of(settings))

    return decided(settings, look)


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
    from sloptest_hook.commands.printing import print_lines, print_patch, warn_lines
    from sloptest_hook.commands.record import write_report
    from sloptest_hook.report.console import lines

    outcome = outcome_without_secrets(outcome, repo.common_dir if repo else None)
    document = write_report(outcome, code, time.monotonic() - _STARTED, repo)
    if output.json:
        print_lines([document])
        return
    if outcome.mode is Mode.DRY_RUN:  # stdout is for `git apply`
        print_patch(outcome.patch)
    say = warn_lines if outcome.mode is Mode.DRY_RUN else print_lines
    if code is ExitCode.BLOCKED or not output.quiet:
        say(lines(outcome, verbose=output.verbose))
