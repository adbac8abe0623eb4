"""How good tests are: a table, the weak spots under it, and the same as JSON."""

import json
from collections.abc import Iterator

from sloptest_hook.report.visible import visible
from sloptest_hook.values.analysis import Analysis, AnalyzedSymbol
from sloptest_hook.values.coverage import Evidence
from sloptest_hook.values.inventory import tally
from sloptest_hook.values.mutation import Mutant, SymbolMutation
from sloptest_hook.values.source import Symbol

_SPOTS_NAMED = 3
_SMELLS_NAMED = 10
_HEADING = ("Cover", "Noticed")


def lines(analysis: Analysis, *, verbose: bool, fail_under: float | None) -> Iterator[str]:
    """Yield problems, a row a symbol with its weak spots below it, smells, totals and notes.

    ``Noticed`` is: so many of so many mutants. ``verbose`` names every weak spot and smell.
    """
    for problem in analysis.problems:
        yield f"sloptest: problem: {visible(problem.message)}"
    names = [_name(each.verdict.symbol) for each in analysis.symbols]
    classes = [f"{_name(each.symbol)} (fields)" for each in analysis.classes]
    width = max([len("Name"), *map(len, names), *map(len, classes)])
    yield f"{'Name':<{width}}{_HEADING[0]:>7}{_HEADING[1]:>9}  Reason"
    for name, each in zip(names, analysis.symbols, strict=True):
        cells = f"{_cover(each):>7}{_noticed(each.mutation):>9}"
        yield f"{name:<{width}}{cells}  {visible(each.reason)}"
        if each.verdict.tests:
            yield from _why_not(each.mutation, analysis)
        yield from _weak_spots(each.mutation, verbose=verbose)
    for name, fields in zip(classes, analysis.classes, strict=True):
        cells = f"{'':>7}{_noticed(fields):>9}"
        yield f"{name:<{width}}{cells}  {visible(fields.not_measured)}".rstrip()
        yield from _weak_spots(fields, verbose=verbose)
    total = f"{analysis.killed}/{analysis.tried}" if analysis.tried else "-"
    cover = f"{int(analysis.coverage.percent)}%" if analysis.symbols else "-"
    yield f"{'TOTAL':<{width}}{cover:>7}{total:>9}"
    yield from _smells(analysis, verbose=verbose)
    for note in analysis.notes:
        yield f"sloptest: note: {visible(note)}"
    yield f"sloptest: {_effort(analysis)}"
    yield from shortfall(analysis, fail_under)


def shortfall(analysis: Analysis, fail_under: float | None) -> Iterator[str]:
    """Yield why what is asked for is not reached: too little covered or noticed, or not known."""
    if fail_under is None:
        return
    if analysis.coverage.percent < fail_under:
        percent = analysis.coverage.percent
        yield f"sloptest: {percent:.2f} % are covered, less than {fail_under:g} %"
    if analysis.tried and 100 * analysis.killed < fail_under * analysis.tried:
        share = 100 * analysis.killed / analysis.tried
        yield f"sloptest: {share:.2f} % of mutants are noticed, less than {fail_under:g} %"
    if not analysis.complete or not analysis.tried:
        yield f"sloptest: whether {fail_under:g} % are reached could not be measured"


def to_json(analysis: Analysis) -> str:
    """Return one document, ``schema: 1``; a score is null where nothing was measured."""
    document = {
        "schema": 1,
        "complete": analysis.complete,
        "totals": {
            "coverage_percent": round(analysis.coverage.percent, 2),
            "mutants": {"killed": analysis.killed, "total": analysis.tried},
        },
        "tests_run": analysis.tests_run,
        "mutants_run": analysis.mutants_run,
        "mutants_remembered": analysis.mutants_remembered,
        "symbols": [_entry(each) for each in analysis.symbols],
        "classes": [
            {
                "path": str(each.symbol.path),
                "qualname": each.symbol.qualname,
                "line": each.symbol.lines.first,
                "mutation": _mutation(each),
            }
            for each in analysis.classes
        ],
        "smells": [
            {"test": s.test, "line": s.line, "kind": s.kind.value, "says": s.says}
            for s in analysis.smells
        ],
        "problems": [problem.message for problem in analysis.problems],
        "notes": list(analysis.notes),
    }
    return json.dumps(document, indent=2)


def _effort(analysis: Analysis) -> str:
    tests = "1 test" if analysis.tests_run == 1 else f"{analysis.tests_run} tests"
    remembered = f"{analysis.mutants_remembered} more mutants tried before, with nothing changed"
    return f"{tests} and {analysis.mutants_run} mutants run, {remembered}"


def _name(symbol: Symbol) -> str:
    return visible(f"{symbol.path}:{symbol.lines.first} {symbol.qualname}")


def _cover(each: AnalyzedSymbol) -> str:
    mark = "" if each.verdict.evidence is Evidence.MEASURED else "~"
    return f"{mark}{int(tally(each.verdict).percent)}%"


def _noticed(mutation: SymbolMutation) -> str:
    return "-" if mutation.not_measured else f"{mutation.killed}/{mutation.tried}"


def _why_not(mutation: SymbolMutation, analysis: Analysis) -> Iterator[str]:
    """Yield why a symbol that is executed has no score; a problem of all is said above."""
    if mutation.not_measured and mutation.not_measured not in {
        problem.message for problem in analysis.problems
    }:
        yield f"    not measured: {visible(mutation.not_measured)}"


def _weak_spots(mutation: SymbolMutation, *, verbose: bool) -> Iterator[str]:
    survivors = mutation.survivors
    for mutant in survivors if verbose else survivors[:_SPOTS_NAMED]:
        yield f"    {visible(_spot(mutant))}, and no test notices"
    left = 0 if verbose else len(survivors) - _SPOTS_NAMED
    if left > 0:
        yield f"    and {left} more"
    if verbose and survivors and len(mutation.results) < mutation.total:
        yield f"    a sample: {len(mutation.results)} of {mutation.total} mutants"


def _spot(mutant: Mutant) -> str:
    return f"line {mutant.line}: {mutant.says}"


def _smells(analysis: Analysis, *, verbose: bool) -> Iterator[str]:
    found = analysis.smells if verbose else analysis.smells[:_SMELLS_NAMED]
    for smell in found:
        yield f"smell  {visible(smell.test)}: {smell.kind.value}: {visible(smell.says)}"
    left = len(analysis.smells) - len(found)
    if left > 0:
        yield f"smell  and {left} more, with --verbose"


def _entry(each: AnalyzedSymbol) -> dict[str, object]:
    symbol = each.verdict.symbol
    return {
        "path": str(symbol.path),
        "qualname": symbol.qualname,
        "line": symbol.lines.first,
        "reason": each.reason,
        "status": each.verdict.status.value,
        "evidence": each.verdict.evidence.value,
        "coverage_percent": round(tally(each.verdict).percent, 2),
        "missing_lines": sorted(each.verdict.missing_lines),
        "tests": list(each.verdict.tests),
        "mutation": _mutation(each.mutation),
    }


def _mutation(mutation: SymbolMutation) -> dict[str, object]:
    return {
        "killed": mutation.killed,
        "total": mutation.tried,
        "score": round(mutation.killed / mutation.tried, 4) if mutation.tried else None,
        "not_measured": mutation.not_measured or None,
        "candidates": mutation.total,
        "is_sample": len(mutation.results) < mutation.total,
        "left_out_by_rule": mutation.avoided,
        "mutants": [
            {
                "operator": result.mutant.operator,
                "line": result.mutant.line,
                "before": result.mutant.before,
                "after": result.mutant.after,
                "says": result.mutant.says,
                "status": result.status.value,
                "by": result.by or None,
            }
            for result in mutation.results
        ],
    }
