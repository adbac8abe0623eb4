"""Edge: writes what tests executed as a data file that coverage.py reports from."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from sloptest_hook.errors import UsageError
from sloptest_hook.values.coverage import FileCoverage

Arc = tuple[int, int]
_NO_TEST = ""  # coverage.py's own name for what runs in no context
_ENTRY = -1


def write_data_file(
    file: Path, top: Path, coverages: Iterable[FileCoverage], texts: Mapping[PurePosixPath, str]
) -> tuple[PurePosixPath, ...]:
    """Write a data file with one context a test, and return the sources that are left out.

    Left out is a source whose text below ``top`` is another than ``texts`` has: its line numbers
    would be wrong there. A data file that is there already is replaced. Raises UsageError when
    it cannot be written.
    """
    import coverage  # 60 ms
    from coverage.exceptions import CoverageException

    found = list(coverages)
    left = tuple(each.path for each in found if not _is_as_staged(top, each.path, texts))
    temporary = file.with_name(f".{file.name}-sloptest")
    try:
        temporary.unlink(missing_ok=True)
        data = coverage.CoverageData(basename=str(temporary))
        kept = [each for each in found if each.path not in left]
        for test, arcs in _by_test(kept).items():
            data.set_context(test)
            data.add_arcs({str(top / path): pairs for path, pairs in arcs.items()})
        data.add_arcs({})  # a file, also where nothing is executed
        data.touch_files([str(top / each.path) for each in kept])
        data.close()
        temporary.replace(file)
    except (OSError, CoverageException) as error:
        raise UsageError(f"{file} cannot be written: {error}. Name another file.") from error
    finally:
        temporary.unlink(missing_ok=True)
    return left


def _is_as_staged(top: Path, path: PurePosixPath, texts: Mapping[PurePosixPath, str]) -> bool:
    try:
        return (top / path).read_bytes().decode("utf-8", "replace") == texts.get(path)
    except OSError:
        return False


def _by_test(
    coverages: Iterable[FileCoverage],
) -> dict[str, dict[PurePosixPath, list[Arc]]]:
    """Return what each test executed, as coverage.py's arcs."""
    found: dict[str, dict[PurePosixPath, list[Arc]]] = {}
    for each in coverages:
        for test, arc in _arcs(each):
            found.setdefault(test, {}).setdefault(each.path, []).append(arc)
    return found


def _arcs(coverage: FileCoverage) -> Iterator[tuple[str, Arc]]:
    """Yield each test with a line that it executed, as if entered there, or a branch it took."""
    for line in sorted(coverage.executable - coverage.missing):
        for test in coverage.tests.get(line) or (_NO_TEST,):
            yield test, (_ENTRY, line)
    for branch in sorted(coverage.executed_branches):
        for test in coverage.branch_tests.get(branch) or (_NO_TEST,):
            yield test, branch
