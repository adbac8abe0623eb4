from pathlib import PurePosixPath

import pytest

from sloptest_hook.coverage.bodies import Body
from sloptest_hook.coverage.estimate import estimate
from sloptest_hook.values.coverage import CoverageStatus, Evidence
from sloptest_hook.values.source import LineRange, Symbol, SymbolKind

BODY = Body(frozenset({2}), frozenset({2}))
TEST = PurePosixPath("tests/test_mod.py")


def symbol(qualname: str) -> Symbol:
    path = PurePosixPath("mod.py")
    return Symbol(path, qualname, SymbolKind.FUNCTION, LineRange(1, 2), "f")


@pytest.mark.parametrize(
    ("qualname", "status", "missing"),
    [
        ("parse", CoverageStatus.COVERED, frozenset()),
        ("A.parse", CoverageStatus.COVERED, frozenset()),
        ("Node.__init__", CoverageStatus.COVERED, frozenset()),
        ("render", CoverageStatus.UNCOVERED, {2}),
        ("A.__init__", CoverageStatus.UNCOVERED, {2}),
    ],
)
def test_what_the_tests_reach_by_name_is_estimated_as_covered(
    qualname: str, status: CoverageStatus, missing: frozenset[int]
) -> None:
    verdict = estimate(symbol(qualname), BODY, {"parse", "Node"}, [TEST])

    assert (verdict.status, verdict.missing_lines) == (status, missing)
    assert (verdict.evidence, verdict.relied_on) == (Evidence.ESTIMATED, (TEST,))
