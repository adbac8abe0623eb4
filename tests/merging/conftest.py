"""Candidates as an engine would write them."""

import ast
from collections.abc import Callable
from pathlib import PurePosixPath

import pytest

from sloptest_hook.values.candidate import Candidate, SupportCode, WrittenTest
from sloptest_hook.values.coverage import CoverageStatus, CoverageVerdict, Evidence
from sloptest_hook.values.plan import Target
from sloptest_hook.values.source import LineRange, Symbol, SymbolKind

MakeCandidate = Callable[..., Candidate]


@pytest.fixture(scope="session")
def make_candidate() -> MakeCandidate:
    """Return a function that builds a candidate for ``module:qualname`` from imports and tests."""

    def make(
        code: str,
        *imports: str,
        of: str = "shop.cart:total",
        engine: str = "offline",
        support: str = "",
    ) -> Candidate:
        module, _, qualname = of.partition(":")
        path = PurePosixPath("src", *module.split(".")).with_suffix(".py")
        kind = SymbolKind.METHOD if "." in qualname else SymbolKind.FUNCTION
        symbol = Symbol(path, qualname, kind, LineRange(1, 2), "f")
        verdict = CoverageVerdict(symbol, CoverageStatus.UNCOVERED, Evidence.MEASURED)
        tests = tuple(
            WrittenTest(_name(piece), piece.strip("\n") + "\n") for piece in code.split("\n\n\n")
        )
        pieces = [piece.strip("\n") + "\n" for piece in support.split("\n\n\n") if piece]
        shared = tuple(SupportCode(_name(piece), piece) for piece in pieces)
        return Candidate(Target(verdict, module, ""), engine, imports, tests, support=shared)

    return make


def _name(code: str) -> str:
    node = ast.parse(code).body[0]
    if isinstance(node, ast.Assign):
        return ast.unparse(node.targets[0])
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    return node.name
