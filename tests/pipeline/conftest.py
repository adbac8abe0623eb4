"""Short ways to the values that travel through the pipeline, and one fake for each port."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from sloptest_hook.values.candidate import AddedTest, Candidate, MergedFile, WrittenTest
from sloptest_hook.values.coverage import CoverageStatus, CoverageVerdict, Evidence, FileCoverage
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.plan import Target
from sloptest_hook.values.pytest_run import NodeOutcome, NodeResult, PytestRequest, PytestRun
from sloptest_hook.values.source import LineRange, Symbol, SymbolKind

SOURCE = PurePosixPath("shop/cart.py")
TESTS = PurePosixPath("tests/test_cart.py")


def symbol(qualname: str = "total", first: int = 1, last: int = 3) -> Symbol:
    return Symbol(SOURCE, qualname, SymbolKind.FUNCTION, LineRange(first, last), f"of {qualname}")


def verdict(
    of: Symbol | None = None,
    *,
    status: CoverageStatus = CoverageStatus.UNCOVERED,
    evidence: Evidence = Evidence.MEASURED,
    executable: Iterable[int] = (2, 3),
    missing: Iterable[int] = (2, 3),
    tests: Sequence[str] = (),
) -> CoverageVerdict:
    return CoverageVerdict(
        of or symbol(),
        status,
        evidence,
        frozenset(executable),
        frozenset(missing),
        tests=tuple(tests),
    )


def target(of: Symbol | None = None) -> Target:
    return Target(verdict(of), "shop.cart", "def total(prices):\n    x = 1\n    return x\n")


def candidate(*names: str, of: Symbol | None = None) -> Candidate:
    tests = tuple(WrittenTest(name, f"def {name}():\n    assert True\n") for name in names)
    return Candidate(target(of), "offline", ("from shop.cart import total",), tests)


def merged(
    *candidates: Candidate, path: PurePosixPath = TESTS, before: bytes | None = None
) -> MergedFile:
    added = tuple(
        AddedTest(each.target.symbol, test.name, test) for each in candidates for test in each.tests
    )
    return MergedFile(path, before, b"", added)


def result(name: str, outcome: NodeOutcome = NodeOutcome.PASSED, message: str = "") -> NodeResult:
    return NodeResult(f"{TESTS}::{name}", outcome, message)


def executed(lines: Mapping[int, Sequence[str]]) -> FileCoverage:
    """Return what is known when these lines of the three were executed by these tests."""
    return FileCoverage(
        SOURCE,
        frozenset({1, 2, 3}),
        frozenset({2, 3} - lines.keys()),
        tests={line: tuple(f"{TESTS}::{name}" for name in names) for line, names in lines.items()},
    )


def open_window() -> Deadline:
    return Deadline(at=10.0, clock=lambda: 0.0)


@dataclass
class ScriptedRunner:
    """Fits PytestRunner: every test passes but those it is told about, by name.

    ``after`` numbers of requests may pass before a test begins to fail; ``company`` are tests that
    fail only when whole files are run.
    """

    failing: frozenset[str] = frozenset()
    failing_in_company: frozenset[str] = frozenset()
    failing_under_seed: Mapping[str, int] = field(default_factory=dict)
    neighbours: tuple[str, ...] = ()
    idle: frozenset[str] = frozenset()
    requests: list[PytestRequest] = field(default_factory=list)

    def run(self, request: PytestRequest, deadline: Deadline) -> PytestRun:
        self.requests.append(request)
        generated = sorted(node.partition("::")[2] for node in request.generated)
        whole = all("::" not in each for each in request.select)
        names = [*generated, *(self.neighbours if whole else ())]
        results = tuple(
            result(name, self._outcome(name, request, whole=whole), "it broke") for name in names
        )
        busy = tuple(name for name in generated if name not in self.idle)
        coverage = (executed({2: busy, 3: busy}),) if request.trace else ()
        return PytestRun(results, coverage)

    def run_together(
        self, requests: Sequence[PytestRequest], deadline: Deadline
    ) -> tuple[PytestRun, ...]:
        return tuple([self.run(each, deadline) for each in requests])

    def _outcome(self, name: str, request: PytestRequest, *, whole: bool) -> NodeOutcome:
        fails = (
            name in self.failing
            or (whole and name in self.failing_in_company)
            or self.failing_under_seed.get(name) == request.hash_seed
        )
        return NodeOutcome.FAILED if fails else NodeOutcome.PASSED
