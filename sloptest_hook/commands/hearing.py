"""Edge: hears what a run tells of itself: for the log, for a person who asked, for a terminal."""

import contextlib
import os
from collections.abc import Iterator

from sloptest_hook.commands.logbook import write_log
from sloptest_hook.commands.printing import warn
from sloptest_hook.commands.progress import NoLine, ProgressLine, progress_line
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.planning import named_and_count
from sloptest_hook.report.plan_table import plan_lines
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.plan import Plan

_NAMED = 2  # functions, in one line


class Hearing:
    """What is told while there is work; ``verbose`` prints it, ``quiet`` shows no progress."""

    def __init__(self, repo: StagedRepository, *, verbose: bool, quiet: bool) -> None:
        self._repo = repo
        self._is_verbose = verbose
        self._is_silent = verbose or quiet
        self._line: ProgressLine | NoLine = NoLine()

    def tell(self, said: str) -> None:
        """Take note of a stage."""
        write_log(self._repo, [said])
        self._line.stage(said)
        if self._is_verbose:
            warn(said)

    def planned(self, plan: Plan) -> None:
        """Take note of the functions that tests are written for."""
        names = [target.symbol.qualname for target in plan.targets]
        write_log(self._repo, plan_lines(plan))
        self._line.about(named_and_count(names, _NAMED) if names else "")

    def heard(self, begun: int) -> None:
        """Take note of how many tests have begun."""
        self._line.tests(begun)

    @contextlib.contextmanager
    def shown(self, deadline: Deadline) -> Iterator[None]:
        """Show on the terminal what is told meanwhile."""
        if self._is_silent:
            yield
            return
        with progress_line(os.environ, deadline) as self._line:
            yield
        self._line = NoLine()
