"""Guesses what tests cover where nothing can be measured."""

from collections.abc import Collection, Iterable
from pathlib import PurePosixPath

from sloptest_hook.coverage.bodies import Body
from sloptest_hook.coverage.call_graph import telling_name
from sloptest_hook.values.coverage import CoverageStatus, CoverageVerdict, Evidence
from sloptest_hook.values.source import Symbol


def estimate(
    symbol: Symbol, body: Body, reached: Collection[str], importing_tests: Iterable[PurePosixPath]
) -> CoverageVerdict:
    """Return COVERED when the tests that import the module reach the symbol by name.

    ``reached`` comes from ``CallGraph.reached_from``. It may start a generation, and must neither
    block a commit nor silence one. A method needs its own name, a special method that of its class.
    """
    is_reached = telling_name(symbol.qualname) in reached
    return CoverageVerdict(
        symbol=symbol,
        status=CoverageStatus.COVERED if is_reached else CoverageStatus.UNCOVERED,
        evidence=Evidence.ESTIMATED,
        executable=body.statements,
        missing_lines=frozenset() if is_reached else body.statements,
        relied_on=tuple(sorted(importing_tests)),
    )
