"""Earlier runs as lines for a person, and as JSON."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from sloptest_hook.report.visible import visible
from sloptest_hook.values.past_run import PastRun, PastSymbol

_KEPT = "generated"
# In the order in which a reader wants to know of them.
_STATUSES = ("suspected_bug", "generated", "uncovered", "deferred", "skipped", "covered")


def lines(runs: Sequence[PastRun], *, verbose: bool) -> Iterator[str]:
    """Yield one line a run, the newest first, and what became of the symbols of the newest.

    ``verbose`` tells that of every run.
    """
    if not runs:
        yield "no run is on record that wrote a test or could not"
    for number, run in enumerate(runs):
        yield _run_line(run)
        if verbose or number == 0:
            yield from (f"  problem: {visible(problem)}" for problem in run.problems)
            yield from map(_symbol_line, sorted(run.symbols, key=_rank))


def to_json(runs: Sequence[PastRun]) -> str:
    """Return one document, ``schema: 1``, the newest run first."""
    return json.dumps({"schema": 1, "runs": [asdict(run) for run in runs]}, indent=2)


def _run_line(run: PastRun) -> str:
    when = visible(run.at).replace("T", " ").removesuffix("Z")
    counts = ", ".join(f"{run.counts[each]} {each}" for each in _STATUSES if run.counts.get(each))
    what = counts or "nothing was looked at"
    how = f"{visible(run.mode):<8}  {visible(run.decision):<5}  {run.elapsed_s:>6.1f} s"
    return f"{when}  {how}  {what}"


def _symbol_line(symbol: PastSymbol) -> str:
    place = visible(f"{symbol.path} {symbol.qualname}")
    names = visible(", ".join(node_id.partition("::")[2] for node_id in symbol.tests))
    if symbol.status == _KEPT:
        return f"  {_KEPT}  {place}: {names}"
    kept = f"; kept: {names}" if names else ""
    return f"  {visible(symbol.status)}  {place}: {visible(symbol.reason)}{kept}"


def _rank(symbol: PastSymbol) -> tuple[int, str, str]:
    known = symbol.status in _STATUSES
    return _STATUSES.index(symbol.status) if known else -1, symbol.path, symbol.qualname
