"""Edge: ``sloptest status``, the last runs: what was generated, what was abandoned and why."""

from pathlib import Path

from sloptest_hook.commands.options import OutputOptions
from sloptest_hook.commands.printing import print_lines
from sloptest_hook.errors import ExitCode
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.report.history_table import lines, to_json
from sloptest_hook.store.history import History


def run(most: int, output: OutputOptions) -> ExitCode:
    """Print the newest runs of this repository, of all its worktrees; writes nothing."""
    runs = History(StagedRepository.open(Path.cwd()).common_dir).runs(most)
    if output.json:
        print_lines([to_json(runs)])
    elif not output.quiet:
        print_lines(lines(runs, verbose=output.verbose), color=output.color)
    return ExitCode.OK
