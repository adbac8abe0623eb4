"""Edge: ``sloptest cost``, what providers were paid for this repository."""

import json
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from sloptest_hook.commands.options import OutputOptions
from sloptest_hook.commands.printing import print_lines
from sloptest_hook.commands.trusting import CloneWarrant
from sloptest_hook.config.files import load_settings
from sloptest_hook.errors import ExitCode, GitError
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.report.visible import visible
from sloptest_hook.store.ledger import Ledger, LedgerLine
from sloptest_hook.values.settings import LlmSettings


def run(output: OutputOptions) -> ExitCode:
    """Print tokens and dollars by day, provider and model, and the limits in force."""
    repo = StagedRepository.open(Path.cwd())
    settings = load_settings(repo.top, os.environ, CloneWarrant(repo)).settings.llm
    try:
        lines = Ledger(repo.common_dir).lines()
    except OSError as error:
        raise GitError(f"{error.filename}: {error.strerror}") from error
    today = [line for line in lines if line.day == time.strftime("%Y-%m-%d", time.gmtime())]
    spent = sum(line.usd or 0.0 for line in today)
    text = _as_json(lines, settings, spent) if output.json else None
    print_lines([text] if text is not None else _table(lines, settings, spent))
    return ExitCode.OK


def _table(lines: Sequence[LedgerLine], settings: LlmSettings, spent_today: float) -> Iterator[str]:
    if not lines:
        yield "no provider was asked anything in this repository"
    for line in lines:
        usage = line.usage
        yield (
            f"{line.day}  {line.engine:<9}  {visible(line.model):<24}  {usage.calls:>4} calls  "
            f"{usage.input_tokens:>9} in ({usage.cached_tokens} cached)  "
            f"{usage.output_tokens:>8} out  {_dollars(line.usd)}"
        )
    if lines:
        yield f"today: {_dollars(spent_today)} of ${settings.max_cost_usd_per_day:g}"
    yield (
        f"limits: ${settings.max_cost_usd:g} a run (max-cost-usd), "
        f"${settings.max_cost_usd_per_day:g} a day (max-cost-usd-per-day)"
    )


def _dollars(usd: float | None) -> str:
    return "price not known" if usd is None else f"${usd:.4f}"


def _as_json(lines: Sequence[LedgerLine], settings: LlmSettings, spent_today: float) -> str:
    rows = [
        {
            "day": line.day,
            "engine": line.engine,
            "model": line.model,
            "calls": line.usage.calls,
            "prompt_tokens": line.usage.input_tokens,
            "cached_tokens": line.usage.cached_tokens,
            "cache_write_tokens": line.usage.cache_write_tokens,
            "completion_tokens": line.usage.output_tokens,
            "usd": line.usd,
        }
        for line in lines
    ]
    limits = {
        "max_cost_usd": settings.max_cost_usd,
        "max_cost_usd_per_day": settings.max_cost_usd_per_day,
    }
    document = {"schema": 1, "days": rows, "spent_today_usd": round(spent_today, 6), **limits}
    return json.dumps(document, indent=2)
