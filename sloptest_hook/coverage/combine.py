"""What several runs saw of the same files, as if one run had seen it."""

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from sloptest_hook.values.coverage import FileCoverage


def combine(coverages: Iterable[FileCoverage]) -> Mapping[PurePosixPath, FileCoverage]:
    """Return one FileCoverage a path: a line or branch is missing only if every run missed it."""
    combined: dict[PurePosixPath, FileCoverage] = {}
    for coverage in coverages:
        before = combined.get(coverage.path)
        combined[coverage.path] = coverage if before is None else _both(before, coverage)
    return combined


def _both(one: FileCoverage, other: FileCoverage) -> FileCoverage:
    executed = one.executed_branches | other.executed_branches
    return FileCoverage(
        one.path,
        one.executable | other.executable,
        one.missing & other.missing,
        executed,
        (one.missing_branches | other.missing_branches) - executed,
        {
            line: tuple(sorted({*one.tests.get(line, ()), *other.tests.get(line, ())}))
            for line in sorted({*one.tests, *other.tests})
        },
    )
