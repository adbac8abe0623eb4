"""How good the tests of a project are: each number with what it counts."""

from enum import StrEnum

from sloptest_hook.values.coverage import CoverageVerdict
from sloptest_hook.values.inventory import Tally
from sloptest_hook.values.mutation import SymbolMutation
from sloptest_hook.values.outcome import Problem
from sloptest_hook.values.records import dataclass, field


class SmellKind(StrEnum):
    """What makes a test say less than it seems to."""

    NO_ASSERTION = "no assertion"
    OVER_MOCKING = "over-mocking"
    ROULETTE = "assertion roulette"
    SLEEPING = "sleeping"
    ORDER = "order dependence seen"


@dataclass(frozen=True, slots=True)
class Smell:
    """One smell of one test function; ``says`` is what was counted, for a person to read."""

    test: str
    line: int
    kind: SmellKind
    says: str


@dataclass(frozen=True, slots=True)
class AnalyzedSymbol:
    """What is known of one symbol; ``reason`` is why it would get tests at a commit, or not."""

    verdict: CoverageVerdict
    mutation: SymbolMutation
    reason: str


@dataclass(frozen=True, slots=True)
class Analysis:
    """All symbols that were asked for, in the order of paths and lines, and their tests' smells.

    ``classes`` are those whose fields are behaviour, which no line of coverage tells of.
    ``tests_run`` and ``mutants_run`` were run now, ``mutants_remembered`` before, and nothing has
    changed since.
    """

    symbols: tuple[AnalyzedSymbol, ...] = ()
    classes: tuple[SymbolMutation, ...] = ()
    smells: tuple[Smell, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    complete: bool = True
    tests_run: int = 0
    mutants_run: int = 0
    mutants_remembered: int = 0
    coverage: Tally = field(default_factory=Tally)

    @property
    def killed(self) -> int:
        """Return how many mutants tests noticed, of all symbols."""
        return sum(each.killed for each in self.mutations)

    @property
    def tried(self) -> int:
        """Return how many mutants say something of the tests."""
        return sum(each.tried for each in self.mutations)

    @property
    def mutations(self) -> tuple[SymbolMutation, ...]:
        """Return what became of the mutants of everything."""
        return (*(each.mutation for each in self.symbols), *self.classes)
