from pathlib import PurePosixPath

from sloptest_hook.report.plan_table import gain_lines, plan_lines
from sloptest_hook.values.coverage import CoverageStatus, CoverageVerdict, Evidence
from sloptest_hook.values.outcome import Decision, Outcome, SymbolReport, SymbolStatus
from sloptest_hook.values.plan import Plan, Target
from sloptest_hook.values.source import LineRange, Symbol, SymbolKind
from sloptest_hook.values.usage import Spent, Usage


def target(qualname: str, missing: set[int], executable: set[int]) -> Target:
    symbol = Symbol(PurePosixPath("a.py"), qualname, SymbolKind.FUNCTION, LineRange(1, 9), "x")
    verdict = CoverageVerdict(
        symbol,
        CoverageStatus.PARTIAL,
        Evidence.MEASURED,
        frozenset(executable),
        frozenset(missing),
        frozenset({(2, 3)}),
    )
    return Target(verdict, "a", "")


def test_the_plan_names_every_function_and_what_is_missing() -> None:
    plan = Plan((target("f", {2, 3}, {2, 3, 4}), target("longer", {2}, {2})))

    assert list(plan_lines(plan)) == [
        "sloptest: 2 functions to write tests for:",
        "  a.py:1 f       2 of 3 lines not executed, 1 branch (measured)",
        "  a.py:1 longer  1 of 1 lines not executed, 1 branch (measured)",
    ]


def test_a_long_plan_is_one_page() -> None:
    plan = Plan(tuple(target(f"f{number}", {2}, {2}) for number in range(50)))

    told = list(plan_lines(plan))

    assert len(told) == 22
    assert told[-1] == "  and 30 more"


def test_without_a_target_there_is_nothing_to_say() -> None:
    assert list(plan_lines(Plan())) == []
    assert list(gain_lines((), Outcome(Decision.ALLOW))) == []


def test_what_it_came_to_is_lines_before_and_after_and_the_cost() -> None:
    targets = (target("f", {2, 3}, {2, 3, 4}), target("g", {5}, {5}))
    reports = (
        SymbolReport(targets[0].symbol, SymbolStatus.GENERATED, "", covered_lines=(2, 3, 4)),
        SymbolReport(targets[1].symbol, SymbolStatus.UNCOVERED, "", missing_lines=(5,)),
    )
    spent = Spent(Usage(calls=2, input_tokens=900, cached_tokens=100, output_tokens=40), 0.0123)
    outcome = Outcome(Decision.WARN, symbols=reports, engine="openai", spent=spent)

    assert list(gain_lines(targets, outcome)) == [
        "sloptest: lines of 2 functions executed: 25 % before, 75 % after",
        "sloptest: 2 calls of openai: 900 tokens in (100 cached), 40 out, $0.0123",
    ]
