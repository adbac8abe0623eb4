import subprocess
import sys
from collections.abc import Collection
from pathlib import Path, PurePosixPath
from textwrap import dedent

import coverage
import pytest

from sloptest_hook.coverage.bodies import Body, bodies
from sloptest_hook.coverage.verdict import judge, never_executed
from sloptest_hook.values.coverage import (
    CoverageStatus,
    CoverageVerdict,
    Evidence,
    FileCoverage,
)
from sloptest_hook.values.source import LineRange, Symbol, SymbolKind

PATH = PurePosixPath("mod.py")
SYMBOL = Symbol(PATH, "f", SymbolKind.FUNCTION, LineRange(1, 6), "f")
BODY = Body(frozenset(range(2, 7)), frozenset(range(2, 7)))
TEST = "tests/test_mod.py::test_f"


def seen(
    executable: set[int],
    by_test: set[int],
    *,
    taken: Collection[tuple[int, int]] = (),
    not_taken: Collection[tuple[int, int]] = (),
) -> FileCoverage:
    return FileCoverage(
        PATH,
        frozenset(executable),
        frozenset(executable - by_test - {1}),
        frozenset(taken),
        frozenset(not_taken),
        dict.fromkeys(by_test, (TEST,)),
    )


STATUS = {
    "all lines": (seen({1, 2, 3}, {2, 3}), 80, CoverageStatus.COVERED),
    "no line": (seen({1, 2, 3}, set()), 80, CoverageStatus.UNCOVERED),
    "no line, whatever the minimum": (seen({1, 2, 3}, set()), 0, CoverageStatus.UNCOVERED),
    "the def line alone": (seen({1, 2, 3}, {1}), 80, CoverageStatus.UNCOVERED),
    "some lines": (seen({1, 2, 3, 4}, {2}), 80, CoverageStatus.PARTIAL),
    "exactly the minimum": (seen({1, 2, 3, 4, 5, 6}, {2, 3, 4, 5}), 80, CoverageStatus.COVERED),
    "one under the minimum": (seen({1, 2, 3, 4, 5, 6}, {2, 3, 4}), 80, CoverageStatus.PARTIAL),
    "lines of others do not count": (seen({1, 2, 9}, {9}), 80, CoverageStatus.UNCOVERED),
    "branches count as lines do": (
        seen({1, 2, 3}, {2, 3}, taken={(2, 3)}, not_taken={(2, -1)}),
        80,
        CoverageStatus.PARTIAL,
    ),
    "branches of others do not": (
        seen({1, 2, 3}, {2, 3}, not_taken={(9, 10)}),
        80,
        CoverageStatus.COVERED,
    ),
}


@pytest.mark.parametrize(("coverage", "minimum", "status"), STATUS.values(), ids=STATUS)
def test_the_share_of_executed_lines_and_branches_decides(
    coverage: FileCoverage, minimum: float, status: CoverageStatus
) -> None:
    assert judge(SYMBOL, BODY, coverage, minimum=minimum).status is status


def test_a_verdict_names_what_is_missing_and_who_executes_the_rest() -> None:
    coverage = seen({1, 2, 3, 4}, {1, 2, 3}, taken={(2, 3)}, not_taken={(2, 4)})

    assert judge(SYMBOL, BODY, coverage, minimum=80) == CoverageVerdict(
        SYMBOL,
        CoverageStatus.PARTIAL,
        Evidence.MEASURED,
        executable=frozenset({2, 3, 4}),
        missing_lines=frozenset({4}),
        missing_branches=frozenset({(2, 4)}),
        tests=(TEST,),
        relied_on=(PurePosixPath("tests/test_mod.py"),),
        branches=2,
    )


def test_what_importing_the_module_executes_is_not_covered() -> None:
    at_import = FileCoverage(PATH, frozenset({1, 2, 3}), frozenset(), frozenset({(2, 3)}))

    verdict = judge(SYMBOL, BODY, at_import, minimum=80)

    assert verdict.status is CoverageStatus.UNCOVERED
    assert verdict.missing_branches == {(2, 3)}


def test_without_any_context_execution_counts() -> None:
    data_file = FileCoverage(PATH, frozenset({1, 2, 3}), frozenset({3}))

    verdict = judge(SYMBOL, BODY, data_file, minimum=50, by_test=False)

    assert verdict.status is CoverageStatus.COVERED
    assert verdict.missing_lines == {3}


def test_without_any_context_a_body_on_the_def_line_proves_nothing() -> None:
    body = Body(frozenset({1}), frozenset({1}), shares_def_line=True)
    data_file = FileCoverage(PATH, frozenset({1}), frozenset())

    assert (
        judge(SYMBOL, body, data_file, minimum=80, by_test=False).status is CoverageStatus.UNCOVERED
    )


def test_a_symbol_without_an_executable_line_is_covered_and_says_so() -> None:
    verdict = judge(SYMBOL, BODY, seen({9}, {9}), minimum=100)

    assert (verdict.status, verdict.executable) == (CoverageStatus.COVERED, frozenset())


def test_a_symbol_of_a_file_that_nothing_imported_misses_every_statement() -> None:
    verdict = never_executed(SYMBOL, BODY)

    assert verdict.status is CoverageStatus.UNCOVERED
    assert verdict.missing_lines == verdict.executable == BODY.statements


SOURCE = dedent(
    """\
    import functools


    @functools.cache
    def f(a,
          b=(1,
             2)):
        '''Doc.'''
        if a:
            return (a,
                    b)
        return None


    def short(a): return a


    def at_import():
        return 1


    def excluded():  # pragma: no cover
        return 1


    class A:
        @property
        def x(self):
            'Doc.'
            return self._x

        @x.setter
        def x(self, value):
            self._x = value


    at_import()
    """
)


def measured(tmp_path: Path, call: str) -> FileCoverage:
    """Run coverage.py itself over SOURCE, with one context for the import and one for ``call``."""
    (tmp_path / "mod.py").write_text(SOURCE)
    (tmp_path / "run.py").write_text(
        "import coverage\n"
        "cov = coverage.Coverage(data_file='data', branch=True, include=['mod.py'])\n"
        "cov.start()\nimport mod\ncov.switch_context('t::test')\n"
        f"{call}\ncov.stop()\ncov.save()\n"
    )
    subprocess.run((sys.executable, "run.py"), cwd=tmp_path, check=True)
    reader = coverage.Coverage(data_file=str(tmp_path / "data"))
    reader.load()
    file = str(tmp_path / "mod.py")
    _, executable, _, missing, _ = reader.analysis2(file)
    by_line = reader.get_data().contexts_by_lineno(file)
    return FileCoverage(
        PATH,
        frozenset(executable),
        frozenset(missing),
        tests={line: tuple(filter(None, names)) for line, names in by_line.items()},
    )


REAL = {
    "f": ("mod.f(1)", ("f", 4, 12), CoverageStatus.PARTIAL, {12}),
    "f not called": ("mod.short(1)", ("f", 4, 12), CoverageStatus.UNCOVERED, {9, 10, 12}),
    "short": ("mod.short(1)", ("short", 15, 15), CoverageStatus.COVERED, set()),
    "short not called": ("mod.f(1)", ("short", 15, 15), CoverageStatus.UNCOVERED, {15}),
    "called at import": ("mod.f(1)", ("at_import", 18, 19), CoverageStatus.UNCOVERED, {19}),
    "excluded": ("mod.f(1)", ("excluded", 22, 23), CoverageStatus.COVERED, set()),
    "setter alone": ("mod.A().x = 1", ("A.x", 27, 34), CoverageStatus.PARTIAL, {30}),
}


@pytest.mark.parametrize(("call", "of", "status", "missing"), REAL.values(), ids=REAL)
def test_what_coverage_itself_measures_is_judged_right(
    tmp_path: Path,
    call: str,
    of: tuple[str, int, int],
    status: CoverageStatus,
    missing: set[int],
) -> None:
    name, first, last = of
    symbol = Symbol(PATH, name, SymbolKind.FUNCTION, LineRange(first, last), "f")

    verdict = judge(symbol, bodies(SOURCE, [symbol])[symbol], measured(tmp_path, call), minimum=80)

    assert (verdict.status, set(verdict.missing_lines)) == (status, missing)
