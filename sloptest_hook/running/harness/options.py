"""Edge: the command line for pytest, and options of the project that do not fit a measuring run.

The project's ``addopts`` stay in force. What would spread the tests over processes, measure a
second time, stop early or write reports is switched off by value after parsing: to add or remove
flags one would have to know which plugins are installed and which of them are disabled.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest

# Option of pytest or of a plugin -> the value that switches it off.
_NEUTRAL: dict[str, object] = {
    "maxfail": 0,
    "stepwise": False,
    "stepwise_skip": False,
    "lf": False,
    "failedfirst": False,
    "usepdb": False,
    "trace": False,
    "collectonly": False,
    "continue_on_collection_errors": True,  # not neutral: one broken file must not end the run
    "xmlpath": None,
    "pastebin": None,
    "cov_source": [],  # pytest-cov; with it --cov-fail-under is off too
    "no_cov": True,
    "numprocesses": None,  # pytest-xdist
    "dist": "no",
    "tx": [],
    "looponfail": False,
    "forked": False,  # pytest-forked
    "randomly_reorganize": False,  # pytest-randomly
    "randomly_seed": 0,
    "random_order_bucket": None,  # pytest-random-order
    "htmlpath": None,  # pytest-html
    "json_report": False,  # pytest-json-report
    "testmon": False,
    "picked": None,
}
_SETTINGS = re.compile(r"^\s*\[tool[.:]pytest|^\s*\[pytest\]|^\[tool\]\s*\n+pytest\b", re.MULTILINE)
_ALWAYS_SETTINGS = ("pytest.ini", ".pytest.ini", "pytest.toml", ".pytest.toml")
_MAYBE_SETTINGS = ("pyproject.toml", "tox.ini", "setup.cfg")


def arguments(snapshot: str, scratch: str, paths: list[str], extra: list[str]) -> list[str]:
    """Return pytest's arguments: node ids relative to the snapshot, settings from nowhere else."""
    fixed = [f"--rootdir={snapshot}", "-o", f"cache_dir={scratch}/cache", "--tb=short"]
    if not any(_has_settings(folder) for folder in _folders(snapshot, paths)):
        # pytest would look further up, into the working tree and beyond.
        empty = os.path.join(scratch, "pytest.ini")
        with open(empty, "w", encoding="utf-8") as file:
            file.write("[pytest]\n")
        fixed += ["-c", empty, f"--confcutdir={snapshot}"]
    # A file may be named like an option.
    return [*fixed, *extra, *(os.path.join(os.curdir, each) for each in paths)]


class NeutralOptions:
    """A pytest plugin that puts options of the project out of force before they act."""

    @pytest.hookimpl(hookwrapper=True)
    def pytest_load_initial_conftests(self, early_config: Any) -> Iterator[None]:
        """Act before pytest-cov, which starts measuring here."""
        _neutralise(early_config.known_args_namespace)
        yield

    @pytest.hookimpl(hookwrapper=True)
    def pytest_cmdline_main(self, config: Any) -> Iterator[None]:
        """Act before pytest-xdist and all that configures itself from the options."""
        _neutralise(config.option)
        yield


def _neutralise(options: Any) -> None:
    for name, value in _NEUTRAL.items():
        if hasattr(options, name):
            setattr(options, name, value)


def _folders(snapshot: str, paths: list[str]) -> Iterator[str]:
    """Yield every folder in which pytest looks for settings, as far as the snapshot reaches."""
    start = os.path.commonpath([os.path.join(snapshot, path) for path in paths] or [snapshot])
    folder = start if os.path.isdir(start) else os.path.dirname(start)
    while folder != snapshot and folder.startswith(snapshot):
        yield folder
        folder = os.path.dirname(folder)
    yield snapshot


def _has_settings(folder: str) -> bool:
    if any(os.path.isfile(os.path.join(folder, name)) for name in _ALWAYS_SETTINGS):
        return True
    return any(_SETTINGS.search(_text(folder, name)) for name in _MAYBE_SETTINGS)


def _text(folder: str, name: str) -> str:
    try:
        with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""
