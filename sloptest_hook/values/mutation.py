"""What is changed in the code on purpose, and whether a test notices."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import PurePosixPath

from sloptest_hook.values.confinement import Confinement
from sloptest_hook.values.records import dataclass, field
from sloptest_hook.values.source import Symbol


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of a source text: the characters from ``start`` to ``end`` become ``after``.

    ``operator`` carries its version: ``boundary/1``. ``line`` is where a person looks, ``anchor``
    the line that coverage counts for it; 0: whatever executes the symbol executes this. ``says``
    reads "`<` can become `<=`". ``ordinal`` counts the mutants of the symbol in the
    order of the text, before any choice: it outlives a move of the symbol in its file.
    """

    operator: str
    start: int
    end: int
    before: str
    after: str
    line: int
    anchor: int
    says: str
    ordinal: int

    def applied(self, text: str) -> str:
        """Return the text with the change made."""
        return text[: self.start] + self.after + text[self.end :]


@dataclass(frozen=True, slots=True)
class MutantSet:
    """The mutants to try of one symbol; ``total`` is how many its executed lines have.

    ``avoided`` are those left out because no test could notice them, as rules know.
    """

    symbol: Symbol
    mutants: tuple[Mutant, ...] = ()
    total: int = 0
    avoided: int = 0

    @property
    def is_sample(self) -> bool:
        """Return whether some were left out because there are too many."""
        return len(self.mutants) < self.total


class MutantStatus(StrEnum):
    """What became of a mutant.

    A mutant that hangs is noticed too: TIMEOUT counts as killed. INCOMPETENT: it does not compile.
    EQUIVALENT: it compiles to what the original compiles to. UNTRIED: no time, or its tests do not
    pass where nothing is changed. The last three say nothing of the tests, and no score counts
    them.
    """

    KILLED = "killed"
    SURVIVED = "survived"
    TIMEOUT = "timeout"
    INCOMPETENT = "incompetent"
    EQUIVALENT = "equivalent"
    UNTRIED = "untried"


NOTICED = (MutantStatus.KILLED, MutantStatus.TIMEOUT)
COUNTED = (*NOTICED, MutantStatus.SURVIVED)


@dataclass(frozen=True, slots=True)
class MutantResult:
    """One mutant and what became of it; ``by`` is the node id that noticed it first."""

    mutant: Mutant
    status: MutantStatus
    by: str = ""


@dataclass(frozen=True, slots=True)
class SymbolMutation:
    """The mutants of one symbol, tried; ``not_measured`` is why there is no score, else empty.

    ``total`` and ``avoided`` are those of the ``MutantSet``.
    """

    symbol: Symbol
    results: tuple[MutantResult, ...] = ()
    total: int = 0
    avoided: int = 0
    not_measured: str = ""

    @property
    def killed(self) -> int:
        """Return how many were noticed."""
        return sum(each.status in NOTICED for each in self.results)

    @property
    def tried(self) -> int:
        """Return how many say something of the tests: a score is ``killed`` of these."""
        return sum(each.status in COUNTED for each in self.results)

    @property
    def survivors(self) -> tuple[Mutant, ...]:
        """Return the mutants that tests executed and did not notice."""
        return tuple(e.mutant for e in self.results if e.status is MutantStatus.SURVIVED)


@dataclass(frozen=True, slots=True)
class Trial:
    """One mutant to try: tests that execute its line, by node id, are all that is run."""

    path: PurePosixPath
    mutant: Mutant
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MutationRequest:
    """Mutants of some files of the snapshot; ``sources`` has the text that positions are of.

    ``generated`` are node ids that an engine wrote. ``both_orders``: the tests run unmutated in two
    orders, to see whether one makes a difference.
    """

    sources: Mapping[PurePosixPath, str]
    trials: tuple[Trial, ...]
    generated: frozenset[str] = frozenset()
    both_orders: bool = False


@dataclass(frozen=True, slots=True)
class MutationRun:
    """A status for each trial of the request, in its order, and the first test that noticed it.

    ``failing`` are tests that do not pass where nothing is changed, with what pytest said: nothing
    was asked of them. ``order_dependent`` pass or fail with the order that they run in.
    ``problem`` is why nothing, or not all, was tried. ``cold`` mutants took a process that imports
    the project anew.
    """

    statuses: tuple[tuple[MutantStatus, str], ...] = ()
    failing: tuple[tuple[str, str], ...] = ()
    order_dependent: tuple[str, ...] = ()
    problem: str = ""
    confinement: Confinement = field(default_factory=Confinement)
    cold: int = 0
    seconds: float = 0.0
