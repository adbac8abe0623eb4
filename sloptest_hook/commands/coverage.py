"""Edge: ``sloptest coverage``, which measures the staged tree and tells how far tests cover it."""

import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath

from sloptest_hook.commands.options import OutputOptions
from sloptest_hook.commands.paths import paths_of
from sloptest_hook.commands.printing import print_lines
from sloptest_hook.commands.wiring import edges_for
from sloptest_hook.config.files import load_settings
from sloptest_hook.errors import ExitCode
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.pipeline.adoption import adopt
from sloptest_hook.pipeline.whole import take_inventory
from sloptest_hook.report.coverage_table import lines, shortfall, to_json
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.inventory import Inventory
from sloptest_hook.values.records import dataclass

_LONGEST = 24 * 3600.0  # seconds: nobody waits for a commit here
_GLANCE = 0.2  # seconds between two lines of progress


@dataclass(frozen=True, slots=True)
class CoverageOptions:
    """What is asked: files, a column of missing lines, a share to fail under, a data file."""

    paths: tuple[str, ...] = ()
    missing: bool = False
    fail_under: float | None = None
    data_file: str | None = None
    afresh: bool = False


def run(asked: CoverageOptions, output: OutputOptions) -> ExitCode:
    """Measure what has changed since it was measured, print a line for every symbol.

    Exit code 1: the total is below ``--fail-under``, or it could not be measured.
    """
    repo = StagedRepository.open(Path.cwd())
    settings = load_settings(repo.top, os.environ).settings
    edges = edges_for(repo, settings, verbose=output.verbose, heard=_progress(output))
    deadline = Deadline(time.monotonic() + _LONGEST, time.monotonic)
    paths = _named(asked.paths, repo.top)
    if asked.data_file is not None:
        from sloptest_hook.running.data_file import read_data_file

        data = read_data_file(Path(asked.data_file), repo.top)
        inventory = adopt(edges, settings, data, paths, deadline)
    else:
        inventory = take_inventory(edges, settings, paths, deadline, afresh=asked.afresh)
    _print(inventory, asked, output)
    return ExitCode.BLOCKED if any(shortfall(inventory, asked.fail_under)) else ExitCode.OK


def _named(names: Sequence[str], top: Path) -> tuple[PurePosixPath, ...]:
    found = paths_of(names, top)
    return () if PurePosixPath() in found else tuple(found)


def _print(inventory: Inventory, asked: CoverageOptions, output: OutputOptions) -> None:
    if output.json:
        print_lines([to_json(inventory)])
    elif output.quiet:
        print_lines(shortfall(inventory, asked.fail_under))
    else:
        print_lines(lines(inventory, missing=asked.missing, fail_under=asked.fail_under))


def _progress(output: OutputOptions) -> Callable[[int], None] | None:
    """Return who is told how many tests have begun; nobody where nobody looks."""
    if output.json or output.quiet or not sys.stderr.isatty():
        return None
    last = 0.0

    def heard(begun: int) -> None:
        nonlocal last
        if time.monotonic() - last > _GLANCE:
            last = time.monotonic()
            sys.stderr.write(f"\rmeasuring: {begun} tests\033[K")
            sys.stderr.flush()

    return heard
