"""Edge: ``sloptest demo``, one commit in a throwaway repository with the hook on."""

import importlib.util
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from sloptest_hook.commands.demo_project import BEFORE, NEW
from sloptest_hook.commands.options import OutputOptions
from sloptest_hook.commands.printing import print_lines
from sloptest_hook.errors import ExitCode, GitError
from sloptest_hook.values.records import dataclass

_HOOK = (sys.executable, "-m", "sloptest_hook", "hook")
# Settings of the user's own work: the demo shows the defaults.
_NOT_HERE = ("GIT_", "SLOPTEST_", "SKIP", "PYTEST_ADDOPTS", "PRE_COMMIT", "PYTHONPATH")
_SETTINGS = """\
[project]
name = "shop"
version = "1.0"
"""
_PRE_COMMIT = """\
repos:
- repo: local
  hooks:
  - id: sloptest
    name: sloptest
    language: system
    entry: {entry}
    types: [python]
    require_serial: true
    verbose: true
"""


@dataclass(frozen=True, slots=True)
class _Place:
    """The throwaway repository, and an environment in which nothing of the user's is touched."""

    root: Path
    environment: Mapping[str, str]

    def run(self, *command: str) -> str:
        """Run a command and return all that it printed; raises GitError when it fails."""
        done = subprocess.run(
            command,
            cwd=self.root,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            raise GitError(f"the demo failed at `{' '.join(command)}`: {done.stdout.strip()}")
        return done.stdout


def run(output: OutputOptions, *, keep: bool) -> ExitCode:
    """Make the repository, commit a module without tests, show what the commit holds."""
    started = time.monotonic()
    told = []
    with _throwaway(keep=keep) as place:
        for line in _story(place):
            told.append(line)
            if not (output.json or output.quiet):
                print_lines([line])
        seconds = round(time.monotonic() - started, 1)
        if output.json:
            where = str(place.root) if keep else None
            document = {"schema": 1, "lines": told, "seconds": seconds, "repository": where}
            print_lines([json.dumps(document, indent=2)])
        else:
            print_lines(
                ["", f"Took {seconds} s.{f' The repository: {place.root}' if keep else ''}"]
            )
    return ExitCode.OK


@contextmanager
def _throwaway(*, keep: bool) -> Iterator[_Place]:
    made = Path(tempfile.mkdtemp(prefix="sloptest-demo-"))
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(_NOT_HERE)},
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        **{f"GIT_{who}_NAME": "Demo" for who in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{who}_EMAIL": "demo@example.com" for who in ("AUTHOR", "COMMITTER")},
        "PRE_COMMIT_HOME": str(made / "pre-commit"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "SLOPTEST_PYTHON": sys.executable,
    }
    root = made / "shop"
    root.mkdir()
    try:
        yield _Place(root, environment)
    finally:
        if not keep:
            shutil.rmtree(made, ignore_errors=True)


def _story(place: _Place) -> Iterator[str]:
    _write(place, {**BEFORE, "pyproject.toml": _SETTINGS})
    place.run("git", "init", "-q", "-b", "main")
    how = _install(place)
    place.run("git", "add", "-A")
    place.run("git", "commit", "-q", "--no-verify", "-m", "a shop with a cart")
    yield f"A repository with a tested module, shop/cart.py; the hook is installed {how}."
    yield ""

    _write(place, NEW)
    before = _coverage(place)
    yield "$ git add shop/pricing.py"
    yield "$ git commit -m 'add pricing'"
    place.run("git", "add", *NEW)
    yield place.run("git", "commit", "-q", "-m", "add pricing").rstrip()
    yield ""
    yield "$ git show --stat --format=%s"
    yield place.run("git", "show", "--stat", "--format=%s").rstrip()
    yield ""
    yield "$ git show --format= -- tests"
    yield place.run("git", "show", "--format=", "--", "tests").rstrip()
    yield ""
    after = _coverage(place)
    yield f"Coverage of shop/pricing.py: {before} % before the commit, {after} % after."
    if after <= before:
        raise GitError("the demo failed: the commit holds no test of shop/pricing.py")


def _write(place: _Place, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        file = place.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def _install(place: _Place) -> str:
    """Install the hook through pre-commit where there is one, else as a plain git hook."""
    pre_commit = _pre_commit()
    if pre_commit is None:
        place.run(sys.executable, "-m", "sloptest_hook", "install")
        return "as a plain git hook"
    _write(place, {".pre-commit-config.yaml": _PRE_COMMIT.format(entry=shlex.join(_HOOK))})
    place.run(*pre_commit, "install")
    return "through pre-commit"


def _pre_commit() -> Sequence[str] | None:
    if importlib.util.find_spec("pre_commit") is not None:
        return (sys.executable, "-m", "pre_commit")
    found = shutil.which("pre-commit")
    return (found,) if found else None


def _coverage(place: _Place) -> int:
    """Return the percentage of lines and branches of the new module that the tests execute."""
    coverage = (sys.executable, "-m", "coverage")
    data = f"--data-file={place.root.parent / 'coverage'}"
    pytest = ("-m", "pytest", "-q", "-p", "no:cacheprovider")
    place.run(*coverage, "run", "--branch", data, "--source=shop", *pytest)
    shown = place.run(*coverage, "report", data, "--include=shop/pricing.py", "--format=total")
    total = re.search(r"^\d+$", shown, re.MULTILINE)
    return int(total[0]) if total else 0
