"""Edge: ``debug-state``, ``sync-state``, ``reset-state``: what is kept below the git directory."""

import contextlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from sloptest_hook.commands.options import OutputOptions
from sloptest_hook.commands.printing import print_lines
from sloptest_hook.errors import ExitCode, GitError, UsageError
from sloptest_hook.git.last_run import LastRun
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.git.room import Room
from sloptest_hook.git.sweeping import remove
from sloptest_hook.report.remembered import Kept, lines, to_json
from sloptest_hook.store.history import History
from sloptest_hook.store.store import FactStore
from sloptest_hook.values.deadline import Deadline

_SECONDS = 10.0
_MANY = 1000
# What there may be, and whether a reset forgets it. Shared by all worktrees, or one of each.
_SHARED: Mapping[str, tuple[str, bool]] = {
    "cache.db": ("what tests execute, and the last runs", True),
    "replies": ("replies of providers to what was asked before", True),
    "ledger.db": ("what providers were paid, which limits look at", False),
    "trusted.json": ("what `sloptest trust` has approved", False),
    "placeholder.key": ("makes the placeholders for secrets", False),
}
_OWN: Mapping[str, tuple[str, bool]] = {
    "report.json": ("the last run", True),
    "last_run.json": ("what `sloptest undo` takes out", True),
    "written.json": ("which test files are ours", True),
    "interpreters.json": ("the interpreters that were found", True),
    "artifacts": ("prompts, replies and failures of the last runs", True),
    "log.txt*": ("what the last runs did", True),
    "bug-*.txt": ("bugs of ours, to be reported", True),
    "snapshot": ("the staged tree, as tests see it", True),
    "snapshot.index": ("the index of the snapshot", True),
    "compiled": ("code of the snapshot, compiled", True),
    "commit.index": ("the index of the last commit", True),
}


def run_debug(output: OutputOptions) -> ExitCode:
    """Print what is remembered, where, and how much of it; writes nothing."""
    kept = tuple(_kept(StagedRepository.open(Path.cwd())))
    if output.json:
        print_lines([to_json(kept)])
    elif not output.quiet:
        print_lines(lines(kept))
    return ExitCode.OK


def run_reset(output: OutputOptions, *, yes: bool) -> ExitCode:
    """Forget all of it but money, approvals and the key, after a yes.

    Raises UsageError where nobody can be asked and ``yes`` was not said.
    """
    repo = StagedRepository.open(Path.cwd())
    state = [each for each in _kept(repo) if each.is_state]
    if state and not yes and not _agreed(state):
        print_lines(["sloptest: nothing was forgotten"])
        return ExitCode.BLOCKED
    _forget(repo, state)
    if output.json:
        document = {"schema": 1, "forgotten": [each.name for each in state]}
        print_lines([json.dumps(document, indent=2)])
    elif not output.quiet:
        names = ", ".join(each.name for each in state)
        print_lines([f"sloptest: forgotten: {names}" if state else "sloptest: nothing to forget"])
    return ExitCode.OK


def run_sync(output: OutputOptions) -> ExitCode:
    """Run every test that exists and remember what it executes, and forget files that are gone.

    Exit code 1: something could not be measured.
    """
    from sloptest_hook.commands.coverage import CoverageOptions, measured

    repo = StagedRepository.open(Path.cwd())
    gone = _forget_gone(repo)
    inventory = measured(repo, CoverageOptions(afresh=True), output)
    size = FactStore(repo.common_dir, read_only=True).size()
    numbers = {
        "tests_run": inventory.ran,
        "symbols": len(inventory.verdicts),
        "percent": round(inventory.total.percent, 2),
        "tests_remembered": size.tests,
        "versions_remembered": size.symbol_versions,
        "written_files_gone": gone,
    }
    problems = [problem.message for problem in inventory.problems]
    if output.json:
        document = {"schema": 1, "complete": inventory.complete, **numbers, "problems": problems}
        print_lines([json.dumps(document, indent=2)])
    elif not output.quiet:
        print_lines(f"sloptest: problem: {problem}" for problem in problems)
        share = f"{inventory.total.percent:.0f} % of {len(inventory.verdicts)} symbols"
        known = f"{size.symbol_versions} versions of symbols are remembered"
        print_lines([f"sloptest: {inventory.ran} tests run; they execute {share}; {known}"])
    return ExitCode.OK if inventory.complete else ExitCode.BLOCKED


def _kept(repo: StagedRepository) -> Iterator[Kept]:
    for directory, table in ((repo.common_dir, _SHARED), (repo.git_dir, _OWN)):
        for name, (purpose, is_state) in table.items():
            held = _HELD.get(name)
            for place in sorted((directory / "sloptest").glob(name)):
                said = held(repo) if held else ""
                yield Kept(place.name, str(place), purpose, _size(place), said, is_state)


def _size(place: Path) -> int:
    with contextlib.suppress(OSError):
        if place.is_symlink() or not place.is_dir():
            return place.lstat().st_size
        files = (Path(root) / name for root, _, names in os.walk(place) for name in names)
        return sum(each.lstat().st_size for each in files)
    return 0


def _in_cache(repo: StagedRepository) -> str:
    size = FactStore(repo.common_dir, read_only=True).size()
    runs = len(History(repo.common_dir).runs(_MANY))
    return f"{size.symbol_versions} versions of symbols, {size.tests} of tests, {runs} runs"


def _in_last_run(repo: StagedRepository) -> str:
    return ", ".join(str(each.path) for each in _last_run(repo).files())


_HELD: Mapping[str, Callable[[StagedRepository], str]] = {
    "cache.db": _in_cache,
    "last_run.json": _in_last_run,
}


def _last_run(repo: StagedRepository) -> LastRun:
    return LastRun(repo.git_dir / "sloptest" / "last_run.json")


def _agreed(state: list[Kept]) -> bool:
    if not sys.stdin.isatty():
        raise UsageError("reset-state asks before it forgets; without a terminal say --yes")
    print_lines(lines(state))
    sys.stdout.write("Forget all of this? [y/N] ")
    sys.stdout.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _forget(repo: StagedRepository, state: list[Kept]) -> None:
    """Remove what is kept while no run is at work; raises GitError."""
    if not state:
        return
    try:
        with _alone(repo):
            FactStore(repo.common_dir).clear()  # with its journals
            for each in state:
                remove(Path(each.place))
    except OSError as error:
        raise GitError(f"not all was forgotten: {error.filename}: {error.strerror}.") from error


def _forget_gone(repo: StagedRepository) -> int:
    """Forget written files that are not there any more; returns how many there were."""
    files = _last_run(repo).files()
    there = [each for each in files if os.path.lexists(repo.top / each.path)]
    if len(there) < len(files):
        with _alone(repo), contextlib.suppress(OSError):
            _last_run(repo).keep(there)
    return len(files) - len(there)


@contextlib.contextmanager
def _alone(repo: StagedRepository) -> Iterator[None]:
    room = Room(repo.git_dir)
    try:
        room.enter(Deadline(time.monotonic() + _SECONDS, time.monotonic))
        yield
    finally:
        room.leave()
