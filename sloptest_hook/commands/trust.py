"""Edge: ``sloptest trust``, where the owner of a clone approves what its files demand."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from sloptest_hook.commands.options import OutputOptions
from sloptest_hook.commands.printing import print_lines
from sloptest_hook.commands.trusting import CloneWarrant
from sloptest_hook.config.approval import Demand, demands
from sloptest_hook.config.files import FileSettings, read_files
from sloptest_hook.errors import ExitCode, GitError
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.report.visible import visible
from sloptest_hook.running.environments import places_of_repository
from sloptest_hook.values.records import dataclass


@dataclass(frozen=True, slots=True)
class TrustOptions:
    """Whether to ask, and whether all is to be taken back instead."""

    yes: bool = False
    revoke: bool = False


def run(asked: TrustOptions, output: OutputOptions) -> ExitCode:
    """Show what needs approval in this clone, and keep the answer.

    Without a terminal nothing is approved but by ``yes``. Exit code 1: something is not approved.
    """
    repo = StagedRepository.open(Path.cwd())
    warrant = CloneWarrant(repo)
    try:
        return _answered(repo, warrant, asked, output)
    except OSError as error:
        place = error.filename or repo.common_dir
        raise GitError(f"approvals cannot be kept: {place}: {error.strerror}.") from error


def demanded(repo: StagedRepository, warrant: CloneWarrant) -> Sequence[Demand]:
    """Return all that this clone's files demand now, approved or not; raises ConfigError."""
    found = read_files(repo.top)
    return [*demands(found.settings, warrant), *_interpreters(repo, warrant, found)]


def _interpreters(
    repo: StagedRepository, warrant: CloneWarrant, found: FileSettings
) -> Iterator[Demand]:
    if found.settings.python != "auto":
        return
    for place in places_of_repository(repo.top):
        demand = warrant.demand_of(place)
        if demand:
            yield demand


def _answered(
    repo: StagedRepository, warrant: CloneWarrant, asked: TrustOptions, output: OutputOptions
) -> ExitCode:
    if asked.revoke:
        warrant.approvals.clear()
        _say(["every approval of this clone was taken back"], output)
    found = demanded(repo, warrant)
    open_ones = [demand for demand in found if not warrant.holds(demand)]
    if not output.json:
        _say(_shown(found, open_ones), output)
    if open_ones and not asked.revoke and (asked.yes or (not output.json and _agreed())):
        warrant.approvals.add(demand.digest for demand in open_ones)
        open_ones = []
        if not output.json:
            _say(["approved in this clone; `sloptest trust --revoke` takes it back"], output)
    if output.json:
        print_lines([_as_json(found, warrant)])
    return ExitCode.BLOCKED if open_ones else ExitCode.OK


def _shown(found: Sequence[Demand], open_ones: Sequence[Demand]) -> Iterator[str]:
    if not found:
        yield "nothing in this repository's configuration needs your approval"
    elif not open_ones:
        yield "all that needs your approval in this clone has it:"
    else:
        yield "this repository's files ask for what only you can allow in this clone:"
    for demand in found:
        mark = "not approved" if demand in open_ones else "approved"
        yield f"  {mark}  {visible(str(demand))}  {visible(demand.doubt.reason)}"


def _agreed() -> bool:
    """Ask on a terminal; elsewhere nobody can have read what there is to approve."""
    if not sys.stdin.isatty():
        print_lines(["sloptest: nothing was approved; `sloptest trust --yes` approves all of it"])
        return False
    sys.stdout.write("Approve? [y/N] ")
    sys.stdout.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _say(lines: Sequence[str] | Iterator[str], output: OutputOptions) -> None:
    if not output.quiet and not output.json:
        print_lines(f"sloptest: {line}" for line in lines)


def _as_json(found: Sequence[Demand], warrant: CloneWarrant) -> str:
    listed = [
        {
            "key": demand.key,
            "value": demand.value,
            "reason": demand.doubt.reason,
            "approved": warrant.holds(demand),
        }
        for demand in found
    ]
    return json.dumps({"schema": 1, "demands": listed}, indent=2)
