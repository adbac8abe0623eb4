"""Edge: ``sloptest show``, the tests of the last run and what justifies each; writes nothing."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from sloptest_hook.commands.options import OutputOptions
from sloptest_hook.commands.printing import print_lines
from sloptest_hook.errors import ExitCode, GitError
from sloptest_hook.git.last_run import LastRun
from sloptest_hook.git.paths import read_file
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.pipeline.justify import lines_by_test
from sloptest_hook.report.functions import function_text
from sloptest_hook.report.shown_tests import Fate, ShownTest, fate_of, lines, to_json
from sloptest_hook.store.history import History
from sloptest_hook.store.store import FactStore
from sloptest_hook.values.outcome import Mode, SymbolStatus
from sloptest_hook.values.records import dataclass

# Of a covered symbol the report names tests that were there before.
_RUNS = 50  # that are looked through
_WRITTEN_FOR = frozenset({SymbolStatus.GENERATED.value, SymbolStatus.UNCOVERED.value})


def run(output: OutputOptions) -> ExitCode:
    """Print every test that the last run wrote, or the last that wrote any, as it is now."""
    repo = StagedRepository.open(Path.cwd())
    tests = list(_shown(repo, _report(repo.git_dir / "sloptest" / "report.json")))
    if output.json:
        print_lines([to_json(tests)])
    elif output.quiet:
        print_lines(test.node_id for test in tests)
    else:
        print_lines(lines(tests))
    return ExitCode.OK


@dataclass(frozen=True, slots=True)
class _Entry:
    """A symbol of the report."""

    path: str
    qualname: str
    tests: Sequence[str]
    covered: tuple[int, ...]
    mutants: tuple[int, int]

    @property
    def name(self) -> str:
        return f"{self.path}::{self.qualname}"


def _report(file: Path) -> Mapping[str, object]:
    """Return the report of the last run; one that is missing or broken tells nothing."""
    try:
        document = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _shown(repo: StagedRepository, report: Mapping[str, object]) -> Iterator[ShownTest]:
    listed = report.get("symbols")
    found = map(_entry, listed if isinstance(listed, list) else ())
    entries = [each for each in found if each and each.tests and _is_inside(each.path)]
    is_dry = bool(entries) and report.get("mode") == Mode.DRY_RUN.value
    entries = entries or _earlier(repo)
    if not entries:
        return
    names = {(PurePosixPath(each.path), each.qualname) for each in entries}
    own = lines_by_test(names, repo, FactStore(repo.common_dir, read_only=True))
    files = _Files(repo)
    for entry in entries:
        for node_id in entry.tests:
            mine = own.get((entry.name, node_id))
            now, written = files.texts(node_id.partition("::")[0])
            yield ShownTest(
                node_id,
                entry.name,
                Fate.NOT_WRITTEN if is_dry else fate_of(node_id, now, written),
                entry.covered if mine is None else mine,
                mine is not None,
                entry.mutants,
                None if now is None or is_dry else function_text(now, node_id),
            )


def _earlier(repo: StagedRepository) -> list[_Entry]:
    """Return what the newest run on record has written that wrote any: later ones had no need."""
    for run in History(repo.common_dir).runs(_RUNS):
        entries = [
            _Entry(each.path, each.qualname, each.tests, (), (0, 0))
            for each in run.symbols
            if each.tests and each.status in _WRITTEN_FOR and _is_inside(each.path)
        ]
        if entries and run.mode in (Mode.HOOK.value, Mode.BY_HAND.value):
            return entries
    return []


def _entry(value: object) -> _Entry | None:
    """Return what is understood of a symbol's entry, None where it got no tests."""
    if not isinstance(value, dict) or value.get("status") not in _WRITTEN_FOR:
        return None
    path, qualname, tests = value.get("path"), value.get("qualname"), value.get("tests")
    if not (isinstance(path, str) and isinstance(qualname, str) and isinstance(tests, list)):
        return None
    covered, mutants = value.get("covered_lines"), value.get("mutants")
    counts = mutants if isinstance(mutants, dict) else {}
    return _Entry(
        path,
        qualname,
        [each for each in tests if isinstance(each, str)],
        tuple(each for each in (covered if isinstance(covered, list) else ()) if type(each) is int),
        (_number(counts.get("killed")), _number(counts.get("total"))),
    )


def _is_inside(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return bool(parts) and "\0" not in path and parts[0] != "/" and ".." not in parts


def _number(value: object) -> int:
    return value if type(value) is int else 0


class _Files:
    """Test files as they are, and as the last run left them."""

    def __init__(self, repo: StagedRepository) -> None:
        self._repo = repo
        written = LastRun(repo.git_dir / "sloptest" / "last_run.json").files()
        self._blobs = {str(each.path): each.blob for each in written}
        self._known: dict[str, tuple[str | None, str | None]] = {}

    def texts(self, path: str) -> tuple[str | None, str | None]:
        """Return the file now and as it was written, None for what is not there."""
        if path not in self._known:
            self._known[path] = self._now(path), self._written(path)
        return self._known[path]

    def _now(self, path: str) -> str | None:
        if not _is_inside(path):
            return None
        try:
            content = read_file(self._repo.top, PurePosixPath(path))
        except (OSError, ValueError):
            return None
        return None if content is None else content.decode("utf-8", "replace")

    def _written(self, path: str) -> str | None:
        blob = self._blobs.get(path)
        try:
            found = self._repo.git("cat-file", "blob", blob) if blob else None
        except GitError:
            return None
        return None if found is None else found.decode("utf-8", "replace")
