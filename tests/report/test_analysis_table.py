"""The table of how good tests are, and when it says that they are not good enough."""

import json
from pathlib import PurePosixPath

import pytest

from sloptest_hook.report.analysis_table import lines, shortfall, to_json
from sloptest_hook.values.analysis import Analysis, AnalyzedSymbol, Smell, SmellKind
from sloptest_hook.values.coverage import CoverageStatus, CoverageVerdict, Evidence
from sloptest_hook.values.inventory import tally
from sloptest_hook.values.mutation import Mutant, MutantResult, MutantStatus, SymbolMutation
from sloptest_hook.values.outcome import Problem
from sloptest_hook.values.records import replace
from sloptest_hook.values.source import LineRange, Symbol, SymbolKind

SYMBOL = Symbol(PurePosixPath("shop/cart.py"), "total", SymbolKind.FUNCTION, LineRange(3, 9), "f")
VERDICT = CoverageVerdict(
    SYMBOL,
    CoverageStatus.PARTIAL,
    Evidence.MEASURED,
    executable=frozenset({4, 5, 6, 8}),
    missing_lines=frozenset({8}),
    tests=("tests/test_cart.py::test_a",),
)


def result(ordinal: int, status: MutantStatus) -> MutantResult:
    mutant = Mutant("boundary/1", 0, 1, "<", "<=", 4 + ordinal, 4, "`<` can become `<=`", ordinal)
    return MutantResult(mutant, status, "tests/test_cart.py::test_a")


RESULTS = (
    *(result(number, MutantStatus.SURVIVED) for number in range(4)),
    result(4, MutantStatus.KILLED),
    result(5, MutantStatus.TIMEOUT),
    result(6, MutantStatus.EQUIVALENT),
)
MUTATION = SymbolMutation(SYMBOL, RESULTS, total=20, avoided=2)
ANALYSIS = Analysis(
    (AnalyzedSymbol(VERDICT, MUTATION, "would get tests: no test executes all of it"),),
    smells=(Smell("tests/test_cart.py::test_a", 3, SmellKind.SLEEPING, "`sleep(1)`"),),
    tests_run=1,
    mutants_run=7,
    coverage=tally(VERDICT),
)
NOTHING = Analysis(
    (AnalyzedSymbol(VERDICT, SymbolMutation(SYMBOL, not_measured="no pytest"), "why"),),
    problems=(Problem("no pytest"),),
    complete=False,
    coverage=tally(VERDICT),
)


def test_each_number_counts_one_thing_and_weak_spots_are_sentences() -> None:
    assert list(lines(ANALYSIS, verbose=False, fail_under=None)) == [
        "Name                  Cover  Noticed  Reason",
        "shop/cart.py:3 total    75%      2/6  would get tests: no test executes all of it",
        "    line 4: `<` can become `<=`, and no test notices",
        "    line 5: `<` can become `<=`, and no test notices",
        "    line 6: `<` can become `<=`, and no test notices",
        "    and 1 more",
        "TOTAL                   75%      2/6",
        "smell  tests/test_cart.py::test_a: sleeping: `sleep(1)`",
        "sloptest: 1 test and 7 mutants run, 0 more mutants tried before, with nothing changed",
    ]


def test_verbose_names_every_weak_spot_and_that_there_is_more_to_break() -> None:
    said = list(lines(ANALYSIS, verbose=True, fail_under=None))
    assert "    line 7: `<` can become `<=`, and no test notices" in said
    assert "    a sample: 7 of 20 mutants" in said


def test_what_was_not_measured_has_no_score() -> None:
    said = list(lines(NOTHING, verbose=False, fail_under=None))
    assert said[0] == "sloptest: problem: no pytest"
    assert said[2] == "shop/cart.py:3 total    75%        -  why"
    assert said[3] == "TOTAL                   75%        -"
    entry = json.loads(to_json(NOTHING))["symbols"][0]["mutation"]
    assert (entry["score"], entry["not_measured"]) == (None, "no pytest")


@pytest.mark.parametrize(
    ("analysis", "asked", "why"),
    [
        pytest.param(ANALYSIS, None, [], id="nothing asked"),
        pytest.param(ANALYSIS, 30.0, [], id="reached"),
        pytest.param(
            ANALYSIS, 50.0, ["33.33 % of mutants are noticed, less than 50 %"], id="notices little"
        ),
        pytest.param(
            ANALYSIS,
            80.0,
            [
                "75.00 % are covered, less than 80 %",
                "33.33 % of mutants are noticed, less than 80 %",
            ],
            id="covers little too",
        ),
        pytest.param(
            NOTHING, 1.0, ["whether 1 % are reached could not be measured"], id="not measured"
        ),
        pytest.param(
            replace(ANALYSIS, complete=False),
            30.0,
            ["whether 30 % are reached could not be measured"],
            id="half measured",
        ),
    ],
)
def test_what_is_asked_for_is_reached_or_there_is_a_reason(
    analysis: Analysis, asked: float | None, why: list[str]
) -> None:
    assert list(shortfall(analysis, asked)) == [f"sloptest: {each}" for each in why]


def test_fields_of_classes_have_rows_of_their_own() -> None:
    point = replace(SYMBOL, qualname="Point", kind=SymbolKind.CLASS)
    fields = SymbolMutation(point, (result(0, MutantStatus.SURVIVED),), total=1)
    analysis = Analysis(classes=(fields,))
    assert list(lines(analysis, verbose=False, fail_under=None))[1:4] == [
        "shop/cart.py:3 Point (fields)             0/1",
        "    line 4: `<` can become `<=`, and no test notices",
        "TOTAL                              -      0/1",
    ]
    (entry,) = json.loads(to_json(analysis))["classes"]
    assert (entry["qualname"], entry["mutation"]["total"]) == ("Point", 1)


def test_the_document_has_every_mutant_with_its_fate() -> None:
    document = json.loads(to_json(ANALYSIS))
    assert document["schema"] == 1
    assert document["totals"] == {
        "coverage_percent": 75.0,
        "mutants": {"killed": 2, "total": 6},
    }
    mutation = document["symbols"][0]["mutation"]
    assert [each["status"] for each in mutation["mutants"]] == [
        *["survived"] * 4,
        "killed",
        "timeout",
        "equivalent",
    ]
    assert (mutation["is_sample"], mutation["candidates"], mutation["left_out_by_rule"]) == (
        True,
        20,
        2,
    )
    assert document["smells"][0]["kind"] == "sleeping"
