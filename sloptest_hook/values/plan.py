"""Which symbols get tests, and why the others do not."""

from pathlib import PurePosixPath

from sloptest_hook.values.coverage import CoverageVerdict
from sloptest_hook.values.records import dataclass
from sloptest_hook.values.source import Symbol


@dataclass(frozen=True, slots=True)
class Target:
    """An uncovered symbol and all that an engine needs to know to write tests for it.

    ``module`` is the dotted name that the tests import, ``source`` the whole text of the file.
    ``call_sites`` are sources of other files of the tree that may call the symbol: a mine of real
    arguments.
    """

    verdict: CoverageVerdict
    module: str
    source: str
    call_sites: tuple[str, ...] = ()

    @property
    def symbol(self) -> Symbol:
        return self.verdict.symbol


@dataclass(frozen=True, slots=True)
class Skipped:
    """A symbol that gets no tests, by rule; the reason is for a person to read."""

    symbol: Symbol
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Targets in the order they will be tried."""

    targets: tuple[Target, ...] = ()
    skipped: tuple[Skipped, ...] = ()


@dataclass(frozen=True, slots=True)
class TargetPlace:
    """The test file a target's tests belong in, and its bytes in the index; None: a new file."""

    path: PurePosixPath
    before: bytes | None
