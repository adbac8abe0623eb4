"""How far the tests cover every symbol of a project."""

from sloptest_hook.values.coverage import CoverageVerdict, FileCoverage
from sloptest_hook.values.outcome import Problem
from sloptest_hook.values.records import dataclass, field


@dataclass(frozen=True, slots=True)
class Tally:
    """Lines and branches of symbols, and how many of them tests execute."""

    executable: int = 0
    missing: int = 0
    branches: int = 0
    missing_branches: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.executable + other.executable,
            self.missing + other.missing,
            self.branches + other.branches,
            self.missing_branches + other.missing_branches,
        )

    @property
    def percent(self) -> float:
        """Percent of lines and branches together; 100 where there is nothing to execute."""
        total = self.executable + self.branches
        return 100.0 * (total - self.missing - self.missing_branches) / total if total else 100.0


def tally(verdict: CoverageVerdict) -> Tally:
    """Return the counts of one symbol."""
    return Tally(
        len(verdict.executable),
        len(verdict.missing_lines),
        verdict.branches,
        len(verdict.missing_branches),
    )


@dataclass(frozen=True, slots=True)
class Inventory:
    """A verdict on every symbol, in the order of paths and lines, and what it took to know.

    ``ran`` tests were run now, ``remembered`` ones have not changed since they ran, nor has
    anything that they execute. ``complete`` is false when something could not be measured.
    ``coverage`` is what those that were run executed.
    """

    verdicts: tuple[CoverageVerdict, ...] = ()
    ran: int = 0
    remembered: int = 0
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    complete: bool = True
    total: Tally = field(default_factory=Tally)
    coverage: tuple[FileCoverage, ...] = ()
