"""What several runs saw of the same files, as if one run had seen it."""

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import TypeVar

from sloptest_hook.values.coverage import FileCoverage


def combine(coverages: Iterable[FileCoverage]) -> Mapping[PurePosixPath, FileCoverage]:
    """Return one FileCoverage a path: a line or branch is missing only if every run missed it."""
    combined: dict[PurePosixPath, FileCoverage] = {}
    for coverage in coverages:
        before = combined.get(coverage.path)
        combined[coverage.path] = coverage if before is None else _both(before, coverage)
    return combined


def _both(one: FileCoverage, other: FileCoverage) -> FileCoverage:
    executable = one.executable | other.executable
    # Each may know of another part of the file alone.
    executed = (one.executable - one.missing) | (other.executable - other.missing)
    taken = one.executed_branches | other.executed_branches
    return FileCoverage(
        one.path,
        executable,
        executable - executed,
        taken,
        (one.missing_branches | other.missing_branches) - taken,
        _joined(one.tests, other.tests),
        _joined(one.branch_tests, other.branch_tests),
    )


_Where = TypeVar("_Where")  # a line or a branch


def _joined(
    one: Mapping[_Where, tuple[str, ...]], other: Mapping[_Where, tuple[str, ...]]
) -> dict[_Where, tuple[str, ...]]:
    return {at: tuple(sorted({*one.get(at, ()), *other.get(at, ())})) for at in {**one, **other}}
