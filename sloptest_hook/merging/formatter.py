"""Edge: puts new code into the project's own style with the project's own formatter.

Only the code to be inserted is formatted, never the file that it enters. Whatever goes wrong, the
code stays as it is: it is valid, and a style is not worth a lost test.
"""

import os
import shutil
import subprocess
import tomllib
from collections.abc import Mapping
from pathlib import Path

from sloptest_hook.merging.snippet import joined, parted
from sloptest_hook.values.candidate import Candidate
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.records import dataclass, replace
from sloptest_hook.values.settings import Formatter

DEFAULT_LINE_LENGTH = 88
_SECONDS = 5.0  # black needs a third of a second, on a cold disk two
_COMMANDS = {
    Formatter.RUFF: ("format", "--no-cache", "--quiet", "--stdin-filename", "test_new.py", "-"),
    Formatter.BLACK: ("-q", "-"),
}
_RUFF_FILES = ("ruff.toml", ".ruff.toml")


@dataclass(frozen=True, slots=True)
class ProjectFormatter:
    """A formatter as it is started, and the line length it is configured for.

    ``argv`` is empty where there is nothing to start.
    """

    argv: tuple[str, ...]
    root: Path
    line_length: int = DEFAULT_LINE_LENGTH

    def format(self, candidate: Candidate, deadline: Deadline) -> Candidate:
        """Return the candidate in the project's style, or as it is."""
        if not self.argv or not candidate.tests:
            return candidate
        text = self._run(joined(candidate), min(_SECONDS, deadline.remaining))
        return candidate if text is None else parted(text, candidate)

    def _run(self, text: str, seconds: float) -> str | None:
        try:
            done = subprocess.run(
                self.argv,
                cwd=self.root,
                input=text.encode(),
                capture_output=True,
                timeout=seconds,
                check=False,
            )
            return done.stdout.decode() if done.returncode == 0 else None
        except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError):
            return None


def find_formatter(choice: Formatter, root: Path, executable: str) -> ProjectFormatter:
    """Return the formatter that is chosen, or for ``auto`` the one that the project configures.

    It is looked for next to ``executable``, the project's interpreter, then on PATH.
    """
    tables = _tables(root)
    chosen = _configured(tables) if choice is Formatter.AUTO else choice
    nothing = ProjectFormatter((), root, _line_length(tables, chosen))
    if chosen not in _COMMANDS:
        return nothing
    program = _program(chosen.value, executable)
    return replace(nothing, argv=(program, *_COMMANDS[chosen])) if program else nothing


def _configured(tables: Mapping[Formatter, Mapping[str, object]]) -> Formatter:
    """Many projects lint with ruff and format with black: a bare ruff table counts last."""
    if "format" in tables.get(Formatter.RUFF, {}):
        return Formatter.RUFF
    if Formatter.BLACK in tables:
        return Formatter.BLACK
    return Formatter.RUFF if Formatter.RUFF in tables else Formatter.NONE


def _tables(root: Path) -> dict[Formatter, Mapping[str, object]]:
    """Return what the project says about each formatter; ruff's own file hides pyproject.toml."""
    tools = _table(_toml(root / "pyproject.toml"), "tool")
    tables = {
        formatter: _table(tools, formatter.value)
        for formatter in _COMMANDS
        if formatter.value in tools
    }
    for name in _RUFF_FILES:
        if (root / name).is_file():
            tables[Formatter.RUFF] = _toml(root / name)
    return tables


def _line_length(tables: Mapping[Formatter, Mapping[str, object]], chosen: Formatter) -> int:
    table = tables.get(chosen, {})
    length = table.get("line-length", table.get("line_length"))  # black takes both
    return length if isinstance(length, int) and length > 0 else DEFAULT_LINE_LENGTH


def _toml(path: Path) -> Mapping[str, object]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def _table(parent: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = parent.get(key)
    return value if isinstance(value, dict) else {}


def _program(name: str, executable: str) -> str | None:
    # Not resolved: a virtual environment's python is a link out of it.
    beside = Path(executable).parent / name
    for found in (shutil.which(beside), shutil.which(name)):
        if found and os.access(found, os.X_OK):
            return str(Path(found).absolute())
    return None
