"""The words that ``hook`` and ``generate`` share: settings for one run."""

import argparse
from typing import Any

from sloptest_hook.commands.flags import Flag

_VALUES = (
    ("--batch-size", "llm.batch-size", "N", "functions of one file in a call"),
    ("--runner-mode", "coverage.runner-mode", "MODE", "python-module, or pytest-path"),
    ("--pytest-path", "coverage.pytest-path", "PATH", "a pytest, for its interpreter"),
    ("--retries", "refine.attempts", "N", "how often a failing test is mended"),
    ("--max-total-minutes", "time-budget", "N", "the time budget, in minutes"),
    ("--merge-strategy", "merge.strategy", "NAME", "ast-merge, append"),
    ("--merge-formatter", "merge.formatter", "NAME", "auto, none, black, ruff"),
)
_SWITCHES = (
    ("--streaming", "llm.streaming", "one function a call"),
    ("--refine-enable", "refine.enable", "mend tests that fail"),
)
_PYTEST_ARG = "--pytest-arg"


def add_run_flags(made: argparse.ArgumentParser) -> None:
    """Add the flags; each overrides a setting for this run."""
    group = made.add_argument_group("settings for this run")
    for name, _, kind, says in _VALUES:
        group.add_argument(name, metavar=kind, help=says)
    group.add_argument(
        _PYTEST_ARG, action="append", metavar="ARG", help="one more, as in --pytest-arg=--tb=short"
    )
    for name, _, says in _SWITCHES:
        group.add_argument(name, action="store_true", help=says)
    group.add_argument(
        "--auto-run",
        action="store_true",
        help="run pytest on what is written: always so, no test is kept that has not passed",
    )
    group.add_argument(
        "--force", action="store_true", help="measure and ask anew, whatever is remembered"
    )


def run_flags(args: argparse.Namespace) -> tuple[Flag, ...]:
    """Return what was typed, in the order in which it counts."""
    found = [
        Flag(name, key, value)
        for name, key, *_ in _VALUES
        if (value := _typed(args, name)) is not None
    ]
    arguments = _typed(args, _PYTEST_ARG)
    if arguments:
        found.append(Flag(_PYTEST_ARG, "coverage.pytest-args", tuple(arguments)))
    found += [Flag(name, key, True) for name, key, _ in _SWITCHES if _typed(args, name)]  # noqa: FBT003
    return tuple(found)


def _typed(args: argparse.Namespace, name: str) -> Any:
    return getattr(args, name.removeprefix("--").replace("-", "_"))
