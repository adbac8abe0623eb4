"""Edge: ``sloptest undo``, which takes the last run's tests out again."""

import json
import time
from collections.abc import Sequence
from pathlib import Path

from sloptest_hook.commands.options import OutputOptions
from sloptest_hook.commands.printing import print_lines
from sloptest_hook.errors import ExitCode, GitError
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.git.undo import Undo, Undone
from sloptest_hook.report.visible import visible
from sloptest_hook.values.deadline import Deadline

_SECONDS = 30.0


def run(output: OutputOptions) -> ExitCode:
    """Take out what is byte for byte what was written, and say what is not."""
    repo = StagedRepository.open(Path.cwd())
    try:
        found = Undo(repo).run(Deadline(time.monotonic() + _SECONDS, time.monotonic))
    except OSError as error:
        place = error.filename or repo.git_dir
        raise GitError(f"nothing was taken out: {place}: {error.strerror}.") from error
    if output.json:
        print_lines([_as_json(found)])
    elif not output.quiet:
        print_lines(f"sloptest: {line}" for line in _lines(found))
    return ExitCode.BLOCKED if any(each.left_because for each in found) else ExitCode.OK


def _lines(found: Sequence[Undone]) -> list[str]:
    if not found:
        return ["the last run has written nothing that is still to be taken out"]
    return [_line(each) for each in found]


def _line(undone: Undone) -> str:
    shown = visible(str(undone.path))
    if undone.left_because:
        return f"left {shown}: it {undone.left_because}"
    return f"removed {shown}" if undone.is_removed else f"put {shown} back as it was"


def _as_json(found: Sequence[Undone]) -> str:
    def paths(which: list[Undone]) -> list[str]:
        return [str(each.path) for each in which]

    done = [each for each in found if not each.left_because]
    return json.dumps(
        {
            "schema": 1,
            "removed": paths([each for each in done if each.is_removed]),
            "put_back": paths([each for each in done if not each.is_removed]),
            "left": [
                {"path": str(each.path), "reason": each.left_because}
                for each in found
                if each.left_because
            ],
        },
        indent=2,
    )
