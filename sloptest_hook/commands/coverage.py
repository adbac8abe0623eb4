"""Edge: ``sloptest coverage``, which measures the staged tree and tells how far tests cover it."""

import os
import time
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from sloptest_hook.commands.options import OutputOptions
from sloptest_hook.commands.paths import paths_of
from sloptest_hook.commands.printing import print_lines
from sloptest_hook.commands.trusting import CloneWarrant
from sloptest_hook.commands.wiring import edges_for
from sloptest_hook.config.files import load_settings
from sloptest_hook.errors import ExitCode
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.pipeline.adoption import adopt
from sloptest_hook.pipeline.whole import EVERYTHING, take_inventory
from sloptest_hook.planning import named_and_count
from sloptest_hook.report.coverage_table import lines, shortfall, to_json
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.inventory import Inventory
from sloptest_hook.values.records import dataclass, replace

_LONGEST = 24 * 3600.0  # seconds: nobody waits for a commit here


@dataclass(frozen=True, slots=True)
class CoverageOptions:
    """What is asked: files, a column of missing lines, a share to fail under, data files.

    ``data_file`` is one to read, ``export`` one to write, which needs every test to run ``afresh``.
    """

    paths: tuple[str, ...] = ()
    missing: bool = False
    fail_under: float | None = None
    data_file: str | None = None
    afresh: bool = False
    export: str | None = None


def run(asked: CoverageOptions, output: OutputOptions) -> ExitCode:
    """Measure what has changed since it was measured, print a line for every symbol.

    Exit code 1: the total is below ``--fail-under``, or it could not be measured.
    """
    inventory = measured(StagedRepository.open(Path.cwd()), asked, output)
    _print(inventory, asked, output)
    return ExitCode.BLOCKED if any(shortfall(inventory, asked.fail_under)) else ExitCode.OK


def measured(repo: StagedRepository, asked: CoverageOptions, output: OutputOptions) -> Inventory:
    """Return what is known after measuring what has to be; the cache gets what was seen."""
    warrant = CloneWarrant(repo)
    loaded = load_settings(repo.top, os.environ, warrant)
    settings = loaded.settings
    edges = edges_for(repo, settings, warrant, verbose=output.verbose, quiet=output.quiet)
    deadline = Deadline(time.monotonic() + _LONGEST, time.monotonic)
    paths = _named(asked.paths, repo.top)
    if asked.data_file is not None:
        from sloptest_hook.running.data_file import read_data_file

        data = read_data_file(Path(asked.data_file), repo.top)
        inventory = adopt(edges, settings, data, paths, deadline)
    else:
        afresh = asked.afresh or asked.export is not None
        inventory = take_inventory(edges, settings, paths, deadline, afresh=afresh)
    if asked.export is not None:
        inventory = _exported(Path(asked.export), inventory, repo)
    notes = (*loaded.notes, *warrant.lines, *inventory.notes)
    return replace(inventory, notes=notes)


def _exported(file: Path, inventory: Inventory, repo: StagedRepository) -> Inventory:
    """Write the data file, and return the inventory with a note on what is not in it."""
    from sloptest_hook.running.exporting import write_data_file

    staged = repo.whole_files([EVERYTHING])
    texts = {change.path: change.text for change in staged.changes}
    left = write_data_file(file, repo.top, inventory.coverage, texts)
    if not left:
        return inventory
    named = named_and_count([str(path) for path in left], 2)
    note = f"not in {file}, for the working tree has another text than what is staged: {named}"
    return replace(inventory, notes=(*inventory.notes, note))


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
