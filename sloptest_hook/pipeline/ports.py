"""What the pipeline needs from the outside, in its own words.

Nobody inherits from these: an edge fits or mypy says so where it is built, in
``commands/wiring.py``; a test hands in a fake. Loaded by mypy alone: at run time a port is nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Protocol

from sloptest_hook.values.facts import Fact, Measured, RecordedTest
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


class FactCache(Protocol):
    """What was measured before, under the git dir. Nothing here ever raises.

    A cache that is missing, broken, locked or of another version answers nothing.
    """

    def environment_of(self, witness: str) -> str | None:
        """Return the environment that was in force when the machine looked like this."""

    def facts(self, symbols: Iterable[Symbol]) -> Mapping[Symbol, tuple[Fact, ...]]:
        """Return facts on this very version, of any environment; else those of other paths."""

    def tests(self, ids: Iterable[int]) -> Mapping[int, RecordedTest]:
        """Return the tests that the shares of facts name."""

    def keys_of(
        self, files: Mapping[PurePosixPath, str]
    ) -> Mapping[PurePosixPath, frozenset[bytes]]:
        """Return the keys of all that is in those sources that a whole run saw, by their blobs."""

    def suite(self, environment: str) -> tuple[tuple[RecordedTest, frozenset[bytes]], ...]:
        """Return tests that ran with the whole project traced, with all that they executed.

        Once for each way that a test went.
        """

    def record(self, measured: Measured, witness: str | None = None) -> None:
        """Keep what one run saw, and under which looks of the machine."""
