"""Edge: the interpreter that a pytest program belongs to.

A test is watched while it runs, so that pytest is run by the project's interpreter and not as a
program; which one that is, the program itself says.
"""

import os
import shlex
from pathlib import Path

from sloptest_hook.errors import ConfigError
from sloptest_hook.values.records import replace
from sloptest_hook.values.settings import RunnerMode, Settings

_LONGEST = 4096  # bytes of a first line


def with_pytest_path(settings: Settings, root: Path) -> Settings:
    """Return the settings with ``python`` set to the interpreter that ``pytest-path`` belongs to.

    Raises ConfigError.
    """
    runner = settings.runner
    if not runner.pytest_path:
        if runner.mode is RunnerMode.PYTEST_PATH:
            raise ConfigError(
                "runner-mode = 'pytest-path' names no program; set `pytest-path` "
                "(--pytest-path) to the project's own, .venv/bin/pytest for example"
            )
        return settings
    program = root / Path(runner.pytest_path).expanduser()
    return replace(settings, python=str(_interpreter(program, runner.pytest_path)))


def _interpreter(program: Path, said: str) -> Path:
    beside = program.with_name("python")
    try:
        with program.open("rb") as opened:
            first = opened.readline(_LONGEST)
    except FileNotFoundError:
        return beside  # that it is gone is a failure, which `on-error` judges, and no wrong key
    except OSError as error:
        raise ConfigError(f"pytest-path = {said!r}: {error.strerror}; name a program") from error
    if beside.exists():
        return beside
    # A file name need not be text.
    words = shlex.split(os.fsdecode(first[2:].strip())) if first.startswith(b"#!") else []
    if words and Path(words[0]).name.startswith(("python", "pypy")):
        return Path(words[0])
    raise ConfigError(
        f"pytest-path = {said!r}: neither a python beside it nor its first line says which "
        "interpreter it belongs to; set `python` to that"
    )
