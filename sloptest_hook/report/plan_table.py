"""What is about to be done, before anything is; and what it came to."""

from collections.abc import Iterator, Sequence

from sloptest_hook.report.visible import visible
from sloptest_hook.values.outcome import Outcome
from sloptest_hook.values.plan import Plan, Target
from sloptest_hook.values.usage import Spent

_ROWS = 20  # of a page


def plan_lines(plan: Plan) -> Iterator[str]:
    """Yield the functions that will get tests, in their order, and what of each is not executed."""
    if not plan.targets:
        return
    yield f"sloptest: {_functions(len(plan.targets))} to write tests for:"
    shown = plan.targets[:_ROWS]
    places = [_place(target) for target in shown]
    width = max(map(len, places))
    for place, target in zip(places, shown, strict=True):
        yield f"  {place:<{width}}  {_missing(target)}"
    if len(plan.targets) > _ROWS:
        yield f"  and {len(plan.targets) - _ROWS} more"


def gain_lines(targets: Sequence[Target], outcome: Outcome) -> Iterator[str]:
    """Yield the coverage of the planned functions before and after, and what it has cost."""
    planned = {target.symbol for target in targets}
    reports = [each for each in outcome.symbols if each.symbol in planned]
    total = sum(len(each.covered_lines) + len(each.missing_lines) for each in reports)
    if total:
        missing = sum(len(target.verdict.missing_lines) for target in targets)
        before = 100 * max(0, total - missing) // total
        after = 100 * sum(len(each.covered_lines) for each in reports) // total
        functions = _functions(len(reports))
        yield f"sloptest: lines of {functions} executed: {before} % before, {after} % after"
    if outcome.spent.usage.calls:
        yield f"sloptest: {_cost(outcome.engine, outcome.spent)}"


def _place(target: Target) -> str:
    symbol = target.symbol
    return visible(f"{symbol.path}:{symbol.lines.first} {symbol.qualname}")


def _missing(target: Target) -> str:
    verdict = target.verdict
    lines = f"{len(verdict.missing_lines)} of {len(verdict.executable)} lines not executed"
    branches = len(verdict.missing_branches)
    more = f", {branches} branch{'' if branches == 1 else 'es'}" if branches else ""
    return f"{lines}{more} ({verdict.evidence.value})"


def _cost(engine: str, spent: Spent) -> str:
    usage = spent.usage
    price = "price not known" if spent.usd is None else f"${spent.usd:.4f}"
    calls = "call" if usage.calls == 1 else "calls"
    return (
        f"{usage.calls} {calls} of {visible(engine)}: {usage.input_tokens} tokens in "
        f"({usage.cached_tokens} cached), {usage.output_tokens} out, {price}"
    )


def _functions(number: int) -> str:
    return f"{number} function" if number == 1 else f"{number} functions"
