"""What a run saw as facts to remember, and remembered facts as if a run had seen them."""

from collections.abc import Iterable, Mapping, Sequence

from sloptest_hook.coverage.bodies import Body
from sloptest_hook.values.coverage import Evidence, FileCoverage
from sloptest_hook.values.facts import Branch, Fact, Share
from sloptest_hook.values.records import dataclass
from sloptest_hook.values.source import Symbol


@dataclass(frozen=True, slots=True)
class Placed:
    """A symbol with its body and the lines of its anchors, in one version of its file."""

    symbol: Symbol
    body: Body
    anchors: tuple[int, ...]


def fact_of(
    placed: Placed,
    coverage: FileCoverage,
    positions: Mapping[str, int],
    *,
    module: str,
    environment: str,
    evidence: Evidence = Evidence.MEASURED,
) -> Fact | None:
    """Return what a run saw of one symbol, or None for lines that have no anchor.

    ``positions`` gives each test's place in ``Measured.tests``; a test that is missing in it
    counts for nothing, and so do lines that ran while no test did.
    """
    executable = placed.body.lines & coverage.executable
    number_of = _numbers(placed.anchors)
    lines = {line: number_of.get(line) for line in executable}
    branches = {
        branch: _numbered(branch, number_of)
        for branch in coverage.executed_branches | coverage.missing_branches
        if branch[0] in executable
    }
    known_lines = {line: number for line, number in lines.items() if number is not None}
    known_branches = {at: branch for at, branch in branches.items() if branch is not None}
    if len(known_lines) < len(lines) or len(known_branches) < len(branches):
        return None
    symbol = placed.symbol
    return Fact(
        symbol.path,
        module,
        symbol.qualname,
        symbol.fingerprint,
        environment,
        len(placed.anchors),
        frozenset(known_lines.values()),
        frozenset(known_branches.values()),
        tuple(_shares(known_lines, known_branches, coverage, positions)),
        evidence,
    )


def coverage_of(placed: Placed, fact: Fact, nodes: Mapping[int, str]) -> FileCoverage:
    """Return what the fact says of its symbol's file, on the lines where the symbol stands now.

    ``nodes`` are the node ids of the tests that are still what they were; others count for
    nothing. Only lines and branches of the symbol are in the answer.
    """
    executable = {placed.anchors[number] for number in fact.executable}
    branches = {_branch_lines(branch, placed.anchors) for branch in fact.branches}
    tests: dict[int, set[str]] = {}
    branch_tests: dict[Branch, set[str]] = {}
    for share in fact.shares:
        names = {nodes[each] for each in share.tests if each in nodes}
        if not names:
            continue
        for number in share.lines:
            tests.setdefault(placed.anchors[number], set()).update(names)
        for branch in share.branches:
            at = _branch_lines(branch, placed.anchors)
            branch_tests.setdefault(at, set()).update(names)
    return FileCoverage(
        placed.symbol.path,
        frozenset(executable),
        frozenset(executable - tests.keys()),
        frozenset(branch_tests),
        frozenset(branches - branch_tests.keys()),
        {line: tuple(sorted(names)) for line, names in sorted(tests.items())},
        {branch: tuple(sorted(names)) for branch, names in sorted(branch_tests.items())},
    )


def fits(fact: Fact, placed: Placed) -> bool:
    """Say whether the fact can be of this symbol: a damaged one may speak of other anchors."""
    return fact.anchors == len(placed.anchors)


def telling_shares(fact: Fact) -> list[Share]:
    """Return the shares in the order in which they add most to what is executed of the symbol.

    Those that add nothing come last, in the order in which they are stored.
    """
    left = list(fact.shares)
    lines: set[int] = set()
    branches: set[Branch] = set()
    ordered: list[Share] = []
    while left:
        best = max(left, key=lambda each: len(each.lines - lines) + len(each.branches - branches))
        if best.lines <= lines and best.branches <= branches:
            break
        left.remove(best)
        ordered.append(best)
        lines |= best.lines
        branches |= best.branches
    return [*ordered, *left]


def _numbers(anchors: Sequence[int]) -> Mapping[int, int]:
    """Return the anchor of each line; the first of those that share a line stands for it."""
    return {line: number for number, line in reversed(list(enumerate(anchors)))}


def _numbered(branch: tuple[int, int], number_of: Mapping[int, int]) -> Branch | None:
    start, end = number_of.get(branch[0]), number_of.get(abs(branch[1]))
    if start is None or end is None:
        return None
    return start, (end if branch[1] > 0 else -1 - end)


def _branch_lines(branch: Branch, anchors: Sequence[int]) -> tuple[int, int]:
    start, end = branch
    return anchors[start], (anchors[end] if end >= 0 else -anchors[-1 - end])


def _shares(
    lines: Mapping[int, int],
    branches: Mapping[tuple[int, int], Branch],
    coverage: FileCoverage,
    positions: Mapping[str, int],
) -> Iterable[Share]:
    """Yield what was executed, tests that executed the same together."""
    seen_lines: dict[int, set[int]] = {}
    for line, number in lines.items():
        for test in coverage.tests.get(line, ()):
            seen_lines.setdefault(positions.get(test, -1), set()).add(number)
    seen_branches: dict[int, set[Branch]] = {}
    for at, branch in branches.items():
        for test in coverage.branch_tests.get(at, ()):
            seen_branches.setdefault(positions.get(test, -1), set()).add(branch)
    alike: dict[tuple[frozenset[int], frozenset[Branch]], list[int]] = {}
    for position in sorted(seen_lines.keys() - {-1}):
        seen = frozenset(seen_lines[position]), frozenset(seen_branches.get(position, ()))
        alike.setdefault(seen, []).append(position)
    for (numbers, taken), tests in alike.items():
        yield Share(tuple(tests), numbers, taken)
