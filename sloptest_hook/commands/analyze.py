"""Edge: ``sloptest analyze``: what tests cover, what they would notice, and how they smell."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from sloptest_hook.commands.options import OutputOptions
from sloptest_hook.commands.paths import paths_of
from sloptest_hook.commands.printing import print_lines
from sloptest_hook.commands.scratch import scratch_directory
from sloptest_hook.commands.trusting import CloneWarrant
from sloptest_hook.commands.wiring import edges_for
from sloptest_hook.config.files import load_settings
from sloptest_hook.errors import ExitCode
from sloptest_hook.git.range import since
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.git.working import as_staged
from sloptest_hook.pipeline.analysis import analyze
from sloptest_hook.report.analysis_table import lines, shortfall, to_json
from sloptest_hook.values.analysis import Analysis
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.records import dataclass, replace

_LONGEST = 24 * 3600.0  # seconds: nobody waits for a commit here


@dataclass(frozen=True, slots=True)
class AnalyzeOptions:
    """What is asked: files; only what is staged, or changed since a commit; a share to reach."""

    paths: tuple[str, ...] = ()
    staged: bool = False
    since: str = ""
    fail_under: float | None = None


def run(asked: AnalyzeOptions, output: OutputOptions) -> ExitCode:
    """Measure, break and print; of the working tree, or with ``staged`` of what is staged.

    Exit code 1: coverage or the share of noticed mutants is below ``--fail-under``, or one of them
    could not be measured.
    """
    repo = StagedRepository.open(Path.cwd())
    warrant = CloneWarrant(repo)
    loaded = load_settings(repo.top, os.environ, warrant)
    named = paths_of(asked.paths, repo.top)
    paths = () if PurePosixPath() in named else tuple(named)
    with _seen(repo, asked, paths) as view:
        edges = edges_for(view, loaded.settings, warrant, verbose=output.verbose)
        deadline = Deadline(time.monotonic() + _LONGEST, time.monotonic)
        changed_only = asked.staged or bool(asked.since)
        found = analyze(edges, loaded.settings, paths, deadline, changed_only=changed_only)
    notes = (*loaded.notes, *warrant.lines, *found.notes)
    found = replace(found, notes=notes)
    _print(found, asked, output)
    return ExitCode.BLOCKED if any(shortfall(found, asked.fail_under)) else ExitCode.OK


@contextmanager
def _seen(
    repo: StagedRepository, asked: AnalyzeOptions, paths: tuple[PurePosixPath, ...]
) -> Iterator[StagedRepository]:
    """Yield the repository with what is looked at for its index."""
    if asked.staged:
        yield repo
        return
    with scratch_directory() as scratch:
        view = as_staged(repo, paths, scratch)
        yield since(view, asked.since) if asked.since else view


def _print(found: Analysis, asked: AnalyzeOptions, output: OutputOptions) -> None:
    if output.json:
        print_lines([to_json(found)])
    elif output.quiet:
        print_lines(shortfall(found, asked.fail_under))
    else:
        print_lines(lines(found, verbose=output.verbose, fail_under=asked.fail_under))
