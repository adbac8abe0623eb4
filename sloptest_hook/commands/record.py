"""Edge: writes ``report.json``, what is known of the last run, and remembers the run."""

import contextlib
import os
import time
from pathlib import Path

from sloptest_hook.commands.artifacts import run_id
from sloptest_hook.errors import ExitCode
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.values.outcome import Outcome


def write_report(
    outcome: Outcome, code: ExitCode, seconds: float, repo: StagedRepository | None
) -> str:
    """Return the document; it is kept under the git dir when there was something to look at.

    A report that cannot be written (read-only, disk full) is no reason to hold a commit.
    """
    from sloptest_hook.report.json_report import to_json
    from sloptest_hook.report.past import is_worth_remembering, past_run

    now = time.gmtime()
    document = to_json(outcome, run_id=run_id(), exit_code=code, elapsed_s=round(seconds, 3))
    if repo is not None and (outcome.symbols or outcome.problems):
        with contextlib.suppress(OSError):
            _replace(repo.git_dir / "sloptest" / "report.json", document)
        if is_worth_remembering(outcome):
            from sloptest_hook.store.history import History  # and sqlite3

            at = time.strftime("%Y-%m-%dT%H:%M:%SZ", now)
            run = past_run(outcome, run_id=run_id(), at=at, exit_code=code, elapsed_s=seconds)
            History(repo.common_dir).add(run)
    return document


def _replace(report: Path, document: str) -> None:
    """Write the report, or none: an older one would pass for the last run's. Raises OSError."""
    report.parent.mkdir(parents=True, exist_ok=True)
    draft = report.with_name(f"{report.name}.{os.getpid()}")
    try:
        draft.write_text(document + "\n", encoding="utf-8")
        draft.replace(report)
    except OSError:
        report.unlink(missing_ok=True)
        raise
    finally:
        draft.unlink(missing_ok=True)
