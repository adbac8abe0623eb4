"""Edge: a bug of ours: the traceback goes into a file, one line to the user."""

import os
import platform
import sys
import tempfile
import traceback
from pathlib import Path

from sloptest_hook import __version__
from sloptest_hook.commands.keeping import cleaner
from sloptest_hook.commands.printing import warn
from sloptest_hook.config.files import load_settings
from sloptest_hook.errors import ExitCode
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.report.visible import visible_lines
from sloptest_hook.store.replies import write_private
from sloptest_hook.values.settings import Policy


def report(bug: Exception, command: str) -> ExitCode:
    """Name the report file; a hook lets the commit go on unless ``on-error`` says block."""
    place = _write(_text(bug, command))
    kind = type(bug).__name__
    warn(f"this is a bug of sloptest ({kind}). Please report it with {place}")
    return ExitCode.BUG if command != "hook" or _blocks() else ExitCode.OK


def _text(bug: Exception, command: str) -> str:
    """Return what helps to find the bug: no value of a variable, no line of the user's code.

    It is made to be sent to strangers: names alone, visible, and no secret among them.
    """
    trace = [
        f"  {Path(frame.filename).name}:{frame.lineno} in {frame.name}"
        for frame in traceback.extract_tb(bug.__traceback__)
    ]
    about = f"sloptest-hook {__version__}, Python {platform.python_version()}, {sys.platform}"
    told = "\n".join([about, *trace, type(bug).__name__, ""])
    try:
        return visible_lines(cleaner(None)(f"command: {command}\n{told}"))
    except Exception:  # noqa: BLE001  # the bug may be in there
        return visible_lines(told)


def _write(text: str) -> str:
    name = f"bug-{os.getpid()}.txt"
    try:
        file = StagedRepository.open(Path.cwd()).git_dir / "sloptest" / name
        write_private(file, text)
        return str(file)
    except Exception:  # noqa: BLE001, S110  # what failed before may well fail again
        pass
    try:
        return _temporary(text)
    except OSError:
        return f"these lines:\n{text}"


def _temporary(text: str) -> str:
    """Write a file under a name that nobody can have put a link at before; raises OSError."""
    descriptor, place = tempfile.mkstemp(prefix="sloptest-bug-", suffix=".txt", text=True)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        opened.write(text)
    return place


def _blocks() -> bool:
    try:
        top = StagedRepository.open(Path.cwd()).top
        return load_settings(top, os.environ).settings.on_error is Policy.BLOCK
    except Exception:  # noqa: BLE001  # what failed before may well fail again
        return False
