"""What the pipeline needs from the outside, in its own words.

Nobody inherits from these: an edge fits or mypy says so where it is built, in
``commands/wiring.py``; a test hands in a fake. Loaded by mypy alone: at run time a port is nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Protocol

from sloptest_hook.values.coverage import CoverageVerdict
from sloptest_hook.values.source import StagedDiff, Symbol


class StagedRepo(Protocol):
    """The index, read: no lock taken, nothing written."""

    def quiet_reason(self) -> str | None:
        """Return why the hook must do nothing now (a rebase in progress), or None."""

    def staged_diff(self) -> StagedDiff:
        """Return the Python files of the staged diff, from blobs alone."""

    def whole_files(self, paths: Sequence[PurePosixPath]) -> StagedDiff:
        """Return files of the index as changes of kind WHOLE, for backfill."""

    def blobs_of(self, paths: Iterable[PurePosixPath]) -> Mapping[PurePosixPath, str]:
        """Return the object names of those paths that are in the index."""


class VerdictCache(Protocol):
    """What was measured before, under the git dir."""

    def known(
        self,
        symbols: Iterable[Symbol],
        blobs_of: Callable[[Iterable[PurePosixPath]], Mapping[PurePosixPath, str]],
    ) -> Mapping[Symbol, CoverageVerdict]:
        """Return verdicts measured on this very version and on test files that are unchanged."""

    def remember(
        self, verdicts: Iterable[CoverageVerdict], blobs: Mapping[PurePosixPath, str]
    ) -> None:
        """Keep verdicts with the object names of the test files that they rely on."""
