"""Edge: reads a data file of coverage.py, which anybody may have written."""

import json
import os
import tempfile
import warnings
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from sloptest_hook.errors import UsageError
from sloptest_hook.values.coverage import FileCoverage
from sloptest_hook.values.records import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from coverage import Coverage

Branch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class MeasuredSource:
    """What a data file says of one source, and the text that the working tree has of it now.

    ``is_older`` says that the source was written to before the data file was.
    """

    coverage: FileCoverage
    text: str
    is_older: bool


def read_data_file(file: Path, top: Path) -> tuple[MeasuredSource, ...]:
    """Return what the data file says of the Python files below ``top``.

    Tests are the contexts that pytest-cov writes (``--cov-context=test``); a data file without
    them names no tests. Raises UsageError for what is no data file of coverage.py.
    """
    import coverage  # 60 ms
    from coverage.exceptions import CoverageException

    if not file.is_file():
        raise UsageError(f"{file}: there is no such file. Name a data file of coverage.py.")
    written = file.stat().st_mtime_ns
    with tempfile.TemporaryDirectory(prefix="sloptest-") as room, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # A copy: reading may upgrade the file, or leave a journal beside it.
        copy = Path(room) / "data"
        copy.write_bytes(file.read_bytes())
        tool = coverage.Coverage(data_file=str(copy), config_file=False, branch=True)
        try:
            tool.load()
            files = sorted(tool.get_data().measured_files())
            return tuple(_sources(tool, _below(files, top), Path(room), written))
        except CoverageException as error:
            raise UsageError(
                f"{file} is no data file that coverage.py can read: {error}"
            ) from error


def _below(files: Iterable[str], top: Path) -> dict[str, PurePosixPath]:
    """Return the files that exist below the repository, with their paths in it."""
    real = top.resolve()
    found = {}
    for name in files:
        place = Path(name).resolve()
        if place.suffix == ".py" and place.is_file() and place.is_relative_to(real):
            found[name] = PurePosixPath(place.relative_to(real).as_posix())
    return found


def _sources(
    tool: "Coverage", files: Mapping[str, PurePosixPath], room: Path, written: int
) -> Iterator[MeasuredSource]:
    from coverage.exceptions import CoverageException

    branches = _branches(tool, list(files), room)
    for name, path in files.items():
        try:
            _, executable, _, missing, _ = tool.analysis2(name)
        except CoverageException:  # not Python to this interpreter
            continue
        tests = _tests(tool, name)
        taken, left = branches.get(name, ((), ()))
        coverage = FileCoverage(
            path,
            frozenset(executable),
            frozenset(missing),
            frozenset(taken),
            frozenset(left),
            {line: nodes for line, nodes in tests.items() if nodes and line in executable},
            {branch: nodes for branch in taken if (nodes := _both(branch, tests))},
        )
        place = Path(name)
        text = place.read_bytes().decode("utf-8", "replace")
        yield MeasuredSource(coverage, text, place.stat().st_mtime_ns <= written)


def _tests(tool: "Coverage", name: str) -> dict[int, tuple[str, ...]]:
    """Return tests by the first line of the statement, whichever of its lines was reported."""
    from coverage.python import PythonFileReporter

    statement = PythonFileReporter(name, tool)
    found: dict[int, set[str]] = {}
    for line, contexts in tool.get_data().contexts_by_lineno(name).items():
        for first in statement.translate_lines([line]):
            found.setdefault(first, set()).update(_nodes(contexts))
    return {line: tuple(sorted(nodes)) for line, nodes in found.items()}


def _branches(
    tool: "Coverage", files: list[str], room: Path
) -> dict[str, tuple[list[Branch], list[Branch]]]:
    """Return taken and missing branches by file: only the JSON report names them in public."""
    if not files or not tool.get_data().has_arcs():
        return {}
    report = room / "report.json"
    tool.json_report(morfs=files, outfile=str(report), ignore_errors=True)
    found = json.loads(report.read_text(encoding="utf-8"))["files"]
    by_place = {os.path.realpath(name): entry for name, entry in found.items()}
    return {
        name: (_pairs(entry["executed_branches"]), _pairs(entry["missing_branches"]))
        for name in files
        if (entry := by_place.get(os.path.realpath(name))) is not None
    }


def _pairs(found: Iterable[Iterable[int]]) -> list[Branch]:
    return [(start, end) for start, end in found]


def _nodes(contexts: Iterable[str]) -> tuple[str, ...]:
    """Return the node ids among contexts: pytest-cov adds ``|setup``, ``|run``, ``|teardown``."""
    return tuple(sorted({name.partition("|")[0] for name in contexts if "::" in name}))


def _both(branch: Branch, tests: Mapping[int, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the tests that executed both ends: the file does not say who took the branch."""
    start, end = branch
    first = tests.get(start, ())
    return first if end < 0 else tuple(sorted({*first} & {*tests.get(end, ())}))
