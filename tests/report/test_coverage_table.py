import json
from pathlib import PurePosixPath

from sloptest_hook.report.coverage_table import lines, to_json
from sloptest_hook.values.coverage import CoverageStatus, CoverageVerdict, Evidence
from sloptest_hook.values.inventory import Inventory, Tally, tally
from sloptest_hook.values.outcome import Problem
from sloptest_hook.values.source import LineRange, Symbol, SymbolKind

TOTAL = CoverageVerdict(
    Symbol(PurePosixPath("shop/cart.py"), "total", SymbolKind.FUNCTION, LineRange(3, 9), "f"),
    CoverageStatus.PARTIAL,
    Evidence.MEASURED,
    executable=frozenset({4, 5, 6, 8}),
    missing_lines=frozenset({5, 6}),
    missing_branches=frozenset({(4, 5), (8, -3)}),
    tests=("tests/test_cart.py::test_a",),
    branches=4,
)
INVENTORY = Inventory((TOTAL,), ran=1, remembered=2, total=tally(TOTAL))


def told(inventory: Inventory, *, missing: bool = False, fail_under: float | None = None) -> str:
    return "\n".join(lines(inventory, missing=missing, fail_under=fail_under))


def test_the_table_has_the_columns_of_coverage_py() -> None:
    assert told(INVENTORY) == (
        "Name                  Stmts   Miss Branch BrMiss  Cover  Tests\n"
        "shop/cart.py:3 total      4      2      4      2    50%      1\n"
        "TOTAL                     4      2      4      2    50%\n"
        "sloptest: 1 test run, 2 more of which nothing has changed since they ran"
    )


def test_missing_lines_are_spans_and_branches_of_lines_that_ran() -> None:
    assert "1  5-6, 4->5, 8->exit" in told(INVENTORY, missing=True)


def test_what_was_not_measured_is_marked() -> None:
    from dataclasses import replace

    guessed = replace(TOTAL, evidence=Evidence.ESTIMATED)
    assert "(estimated)" in told(replace(INVENTORY, verdicts=(guessed,)))


def test_problems_and_notes_are_lines_of_their_own() -> None:
    inventory = Inventory(problems=(Problem("it broke"),), notes=("mind this",))

    assert told(inventory).startswith("sloptest: problem: it broke\n")
    assert "sloptest: note: mind this" in told(inventory)


def test_a_share_that_is_too_small_is_said() -> None:
    assert told(INVENTORY, fail_under=80).endswith("50.00 % is less than 80 %")
    assert "less than" not in told(INVENTORY, fail_under=50)


def test_nothing_to_execute_is_all_of_it() -> None:
    assert Tally().percent == 100.0


def test_the_document_holds_lines_and_branches() -> None:
    document = json.loads(to_json(INVENTORY))

    assert document["schema"] == 1
    assert document["tests"] == {"run": 1, "remembered": 2}
    assert document["totals"]["percent"] == 50.0
    assert document["symbols"][0]["missing_lines"] == [5, 6]
    assert document["symbols"][0]["missing_branches"] == [[4, 5], [8, -3]]
