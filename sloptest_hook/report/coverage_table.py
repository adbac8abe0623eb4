"""The coverage of every symbol as a table, in coverage.py's columns, and as JSON."""

import json
from collections.abc import Iterable, Iterator, Sequence

from sloptest_hook.report.visible import visible
from sloptest_hook.values.coverage import CoverageVerdict, Evidence
from sloptest_hook.values.inventory import Inventory, Tally, tally
from sloptest_hook.values.spans import spans

_HEADINGS = ("Stmts", "Miss", "Branch", "BrMiss", "Cover", "Tests")
_WIDTH = 7


def lines(inventory: Inventory, *, missing: bool, fail_under: float | None) -> Iterator[str]:
    """Yield the problems, the table, and one line on how it is known; percents are rounded down."""
    for problem in inventory.problems:
        yield f"sloptest: problem: {visible(problem.message)}"
    rows = list(map(_cells, inventory.verdicts))
    width = max([len("Name"), *(len(name) for name, _ in rows)])
    more = "  Missing" if missing else ""
    yield f"{'Name':<{width}}{_columns(_HEADINGS)}{more}"
    for (name, cells), verdict in zip(rows, inventory.verdicts, strict=True):
        last = f"  {_missing(verdict)}" if missing else ""
        mark = "" if verdict.evidence is Evidence.MEASURED else f"  ({verdict.evidence.value})"
        yield f"{name:<{width}}{_columns(cells)}{last}{mark}".rstrip()
    yield f"{'TOTAL':<{width}}{_columns([*_counts(inventory.total), ''])}".rstrip()
    for note in inventory.notes:
        yield f"sloptest: note: {visible(note)}"
    yield f"sloptest: {_how(inventory)}"
    yield from shortfall(inventory, fail_under)


def shortfall(inventory: Inventory, fail_under: float | None) -> Iterator[str]:
    """Yield why a share that is asked for is not reached: too small, or not to be measured."""
    if fail_under is None:
        return
    if inventory.total.percent < fail_under:
        yield f"sloptest: {inventory.total.percent:.2f} % is less than {fail_under:g} %"
    elif not inventory.complete:
        yield f"sloptest: whether {fail_under:g} % are reached could not be measured"


def to_json(inventory: Inventory) -> str:
    """Return one document, ``schema: 1``; lines are those of the staged files."""
    return json.dumps(
        {
            "schema": 1,
            "complete": inventory.complete,
            "totals": _totals(inventory.total),
            "tests": {"run": inventory.ran, "remembered": inventory.remembered},
            "symbols": [_entry(verdict) for verdict in inventory.verdicts],
            "problems": [problem.message for problem in inventory.problems],
            "notes": list(inventory.notes),
        },
        indent=2,
    )


def _cells(verdict: CoverageVerdict) -> tuple[str, Sequence[str]]:
    symbol = verdict.symbol
    name = visible(f"{symbol.path}:{symbol.lines.first} {symbol.qualname}")
    return name, [*_counts(tally(verdict)), str(len(verdict.tests))]


def _counts(found: Tally) -> list[str]:
    numbers = (found.executable, found.missing, found.branches, found.missing_branches)
    return [*map(str, numbers), f"{int(found.percent)}%"]


def _columns(cells: Iterable[str]) -> str:
    return "".join(f"{cell:>{_WIDTH}}" for cell in cells)


def _missing(verdict: CoverageVerdict) -> str:
    """Return missing lines as spans, and branches that are missing though their line is not."""
    branches = sorted(
        branch for branch in verdict.missing_branches if branch[0] not in verdict.missing_lines
    )
    jumps = [f"{start}->{'exit' if end < 0 else end}" for start, end in branches]
    return ", ".join([*spans(verdict.missing_lines), *jumps])


def _how(inventory: Inventory) -> str:
    ran, remembered = inventory.ran, inventory.remembered
    tests = "1 test" if ran == 1 else f"{ran} tests"
    return f"{tests} run, {remembered} more of which nothing has changed since they ran"


def _totals(total: Tally) -> dict[str, object]:
    return {
        "executable": total.executable,
        "missing": total.missing,
        "branches": total.branches,
        "missing_branches": total.missing_branches,
        "percent": round(total.percent, 2),
    }


def _entry(verdict: CoverageVerdict) -> dict[str, object]:
    symbol = verdict.symbol
    return {
        "path": str(symbol.path),
        "qualname": symbol.qualname,
        "line": symbol.lines.first,
        "status": verdict.status.value,
        "evidence": verdict.evidence.value,
        **_totals(tally(verdict)),
        "missing_lines": sorted(verdict.missing_lines),
        "missing_branches": sorted(verdict.missing_branches),
        "tests": list(verdict.tests),
    }
