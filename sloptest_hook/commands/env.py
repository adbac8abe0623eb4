"""Edge: ``sloptest env``, what the hook would work with here; writes nothing."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from sloptest_hook import __version__
from sloptest_hook.commands.flags import Flag, with_flags
from sloptest_hook.commands.options import OutputOptions
from sloptest_hook.commands.printing import print_lines
from sloptest_hook.commands.readiness import readiness
from sloptest_hook.commands.trust import demanded
from sloptest_hook.commands.trusting import CloneWarrant
from sloptest_hook.config.approval import Demand
from sloptest_hook.config.files import key_places, load_settings, read_files
from sloptest_hook.config.in_force import in_force
from sloptest_hook.config.toml_text import toml_value
from sloptest_hook.errors import ExitCode, InterpreterError, RunnerError
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.report.visible import visible
from sloptest_hook.running.confinement import probe_confinement
from sloptest_hook.running.interpreter import find_project_python
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.pytest_run import ProjectPython
from sloptest_hook.values.settings import Settings

_PROBING_SECONDS = 20.0
_WIDEST = 24  # columns for a value


def run(output: OutputOptions) -> ExitCode:
    """Print the project's interpreter and how it was found, versions, the settings in force."""
    repo = StagedRepository.open(Path.cwd())
    warrant = CloneWarrant(repo)
    loaded = load_settings(repo.top, os.environ, warrant)
    facts = dict(_facts(repo, loaded.settings, warrant))
    if output.json:
        print_lines([json.dumps({"schema": 1, **facts}, indent=2)])
        return ExitCode.OK
    width = max(map(len, facts))
    print_lines(f"{name:<{width}}  {visible(str(value))}" for name, value in facts.items())
    return ExitCode.OK


def run_config(output: OutputOptions, flags: Sequence[Flag] = ()) -> ExitCode:
    """Print every setting in force, and where it came from; ``flags`` as of a run with them."""
    repo = StagedRepository.open(Path.cwd())
    loaded = load_settings(repo.top, os.environ, CloneWarrant(repo))
    said = read_files(repo.top).settings
    settings = with_flags(loaded.settings, flags, repo.top)
    typed = {flag.key: flag.name for flag in flags}
    found = list(in_force(settings, said, key_places(repo.top), os.environ, typed))
    if output.json:
        rows = [{"key": each.key, "value": each.value, "origin": each.origin} for each in found]
        print_lines([json.dumps({"schema": 1, "settings": rows}, indent=2)])
        return ExitCode.OK
    texts = ["" if each.value is None else toml_value(each.value) for each in found]
    names, values = max(len(each.key) for each in found), max(map(len, texts))
    print_lines(
        visible(f"{each.key:<{names}} = {text:<{min(values, _WIDEST)}}  {each.origin}")
        for each, text in zip(found, texts, strict=True)
    )
    return ExitCode.OK


def run_rules(output: OutputOptions) -> ExitCode:
    """Print every rule by which test code is judged, whoever wrote it; needs no repository."""
    from sloptest_hook.guard.judge import RULES

    if output.json:
        rules = [
            {"id": rule.rule_id, "verdict": rule.verdict, "says": f"it {rule.says}"}
            for rule in RULES
        ]
        print_lines([json.dumps({"schema": 1, "rules": rules}, indent=2)])
        return ExitCode.OK
    width = max(len(rule.rule_id) for rule in RULES)
    print_lines(f"{rule.rule_id:<{width}}  {rule.verdict:<14}  it {rule.says}" for rule in RULES)
    return ExitCode.OK


def _facts(
    repo: StagedRepository, settings: Settings, warrant: CloneWarrant
) -> Iterator[tuple[str, object]]:
    yield "sloptest-hook", __version__
    yield "hook interpreter", f"{sys.executable} ({_dotted(sys.version_info[:3])})"
    yield "repository", str(repo.top)
    yield "state", str(repo.git_dir / "sloptest")
    yield "configuration", _trusted(demanded(repo, warrant), warrant)
    yield from _interpreter_facts(repo, settings, warrant)
    yield "engine", settings.engine.value
    yield from readiness(settings, os.environ)
    yield "policy", settings.policy.value
    yield "on-error", settings.on_error.value
    yield "time-budget", f"{settings.time_budget:g} s"
    yield "git", _version_of("git")
    yield "pre-commit", _version_of("pre-commit")


def _trusted(found: Sequence[Demand], warrant: CloneWarrant) -> str:
    """Return whether this clone's configuration is trusted, and what of it is not."""
    refused = [str(demand) for demand in found if not warrant.holds(demand)]
    if refused:
        return f"not trusted: {', '.join(refused)}; look at it, then run `sloptest trust`"
    kept = ", ".join(str(demand) for demand in found)
    return f"trusted: {kept}" if kept else "trusted: nothing in it needs approval"


def _interpreter_facts(
    repo: StagedRepository, settings: Settings, warrant: CloneWarrant
) -> Iterator[tuple[str, object]]:
    # A directory of its own: this command leaves nothing behind, not even a cache.
    with tempfile.TemporaryDirectory(prefix="sloptest-") as cache:
        try:
            python = find_project_python(
                repo.top,
                settings.python,
                os.environ,
                cache_dir=Path(cache),
                objection=warrant.objection,
            )
        except InterpreterError as error:
            yield "project interpreter", f"none: {error}"
            return
    yield "project interpreter", f"{python.executable} ({_dotted(python.version)})"
    yield "found by", python.found
    yield "pytest", python.pytest or _missing("pytest", python)
    lent = " (the hook's own; the project has none)" if python.lent_coverage else ""
    yield (
        "coverage",
        f"{python.coverage}{lent}" if python.coverage else _missing("coverage", python),
    )
    yield "sandbox level", settings.sandbox.level.value
    yield "confinement", _confinement(python, settings)


def _confinement(python: ProjectPython, settings: Settings) -> str:
    deadline = Deadline(time.monotonic() + _PROBING_SECONDS, time.monotonic)
    try:
        return probe_confinement(python.executable, settings.sandbox, deadline).told
    except RunnerError as error:
        return f"unknown: {error}"


def _missing(package: str, python: ProjectPython) -> str:
    return f"missing; install with: {python.executable} -m pip install {package}"


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def _version_of(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        return "not on PATH"
    done = subprocess.run((found, "--version"), capture_output=True, text=True, check=False)
    return done.stdout.strip() or "does not start"
