"""Writes an outcome as the document that other programs read."""

import json

from sloptest_hook.values.outcome import Outcome, SuspectedBug, SymbolReport
from sloptest_hook.values.usage import Spent

SCHEMA = 1


def to_json(outcome: Outcome, *, run_id: str, exit_code: int, elapsed_s: float) -> str:
    r"""Return ``report.json``: one JSON object, every key present whatever happened.

    ASCII alone, so that no terminal and no encoding can be surprised; a path that is not UTF-8
    keeps its bytes as lone surrogates (``\udcff``), as Python reads them.
    """
    document = {
        "schema": SCHEMA,
        "run_id": run_id,
        "mode": outcome.mode.value,
        "exit_code": exit_code,
        "elapsed_s": round(elapsed_s, 3),
        "decision": outcome.decision.value,
        "engine": outcome.engine,
        "confinement": {
            "level": outcome.confinement.level,
            "layers": dict(outcome.confinement.layers),
        },
        "quiet": outcome.quiet,
        "review": outcome.review,
        "problems": [problem.message for problem in outcome.problems],
        "notes": list(outcome.notes),
        "symbols": [_symbol(report) for report in outcome.symbols],
        "suspected_bugs": [_bug(each) for each in outcome.suspected_bugs],
        "broken_tests": [
            {"test": each.node_id, "message": each.message} for each in outcome.broken_tests
        ],
        "files_staged": [str(path) for path in outcome.files_staged],
        "patch": outcome.patch.decode("utf-8", "surrogateescape"),
        "usage": _usage(outcome.spent),
    }
    return json.dumps(document, indent=2) + "\n"


def _bug(bug: SuspectedBug) -> dict[str, object]:
    return {
        "path": str(bug.symbol.path),
        "qualname": bug.symbol.qualname,
        "first_line": bug.symbol.lines.first,
        "expected": bug.expected,
        "actual": bug.actual,
        "why": bug.why,
        "call": bug.call,
        "test": bug.test,
    }


def _usage(spent: Spent) -> dict[str, object]:
    """Return what was spent; ``usd`` is null where a price is not known."""
    usage = spent.usage
    return {
        "calls": usage.calls,
        "prompt_tokens": usage.input_tokens,
        "cached_tokens": usage.cached_tokens,
        "completion_tokens": usage.output_tokens,
        "usd": None if spent.usd is None else round(spent.usd, 6),
    }


def _symbol(report: SymbolReport) -> dict[str, object]:
    symbol = report.symbol
    return {
        "path": str(symbol.path),
        "qualname": symbol.qualname,
        "first_line": symbol.lines.first,
        "status": report.status.value,
        "estimated": report.estimated,
        "reason": report.reason,
        "tests": list(report.tests),
        "covered_lines": list(report.covered_lines),
        "missing_lines": list(report.missing_lines),
        "missing_branches": [list(branch) for branch in report.missing_branches],
        "mutants": {"killed": report.mutants_killed, "total": report.mutants_tried},
        "survivors": list(report.survivors),
        "attempts": report.attempts,
    }
