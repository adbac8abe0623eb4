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


MENTIONED = {
    "function": ("parse", "def test_it():\n    assert parse('x')\n"),
    "over the module": ("parse", "mod.parse('x')\n"),
    "method": ("A.parse", "A().parse('x')\n"),
    "special method by its class": ("A.__init__", "A()\n"),
    "special method of an inner class": ("A.B.__eq__", "A.B() == A.B()\n"),
    "special function of a module": ("__getattr__", "mod.__getattr__('x')\n"),
}
NOT_MENTIONED = {
    "another name": ("parse", "render('x')\n"),
    "part of a word": ("parse", "parser('x') + reparse('x')\n"),
    "a comment": ("parse", "# parse is not tested\n"),
    "a method by its class alone": ("A.parse", "A()\n"),
    "no importing test": ("parse", ""),
}


@pytest.mark.parametrize(("qualname", "text"), MENTIONED.values(), ids=MENTIONED)
def test_a_symbol_that_an_importing_test_mentions_is_estimated_as_covered(
    qualname: str, text: str
) -> None:
    verdict = estimate(symbol(qualname), BODY, {TEST: text})

    assert (verdict.status, verdict.evidence) == (CoverageStatus.COVERED, Evidence.ESTIMATED)
    assert (verdict.relied_on, verdict.missing_lines) == ((TEST,), frozenset())


@pytest.mark.parametrize(("qualname", "text"), NOT_MENTIONED.values(), ids=NOT_MENTIONED)
def test_a_symbol_that_no_importing_test_mentions_is_estimated_as_uncovered(
    qualname: str, text: str
) -> None:
    verdict = estimate(symbol(qualname), BODY, {TEST: text} if text else {})

    assert (verdict.status, verdict.evidence) == (CoverageStatus.UNCOVERED, Evidence.ESTIMATED)
    assert verdict.missing_lines == {2}
