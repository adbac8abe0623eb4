"""Two copies of one repository: one commits with the hook, its twin without."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from tests.conftest import SHOP, Repository, approve

Runner = Literal["plain", "pre-commit", "prek", "lefthook"]

PRODUCT = (sys.executable, "-m", "sloptest_hook", "hook")
PRE_COMMIT = (sys.executable, "-m", "pre_commit")


def peer(name: str) -> str | None:
    """Return the program of another runner: beside the interpreter or on PATH, or nowhere."""
    places = (str(Path(sys.executable).parent), os.environ.get("PATH", ""))
    return shutil.which(name, path=os.pathsep.join(places))


PREK = peer("prek")
LEFTHOOK = peer("lefthook")

# What every world begins with, beside the shop: a module without tests, one with tests to add to.
PRICING = "def net(gross: int) -> int:\n    return gross * 100 // 119\n"
FILES: Mapping[str, str | bytes] = {
    **SHOP,
    "shop/pricing.py": PRICING,
    "tests/test_pricing.py": (
        "from shop.pricing import net\n\n\n"
        "def test_net_takes_the_tax_off():\n    assert net(119) == 100\n"
    ),
    "notes.txt": "one\ntwo\nthree\n",
    ".gitignore": "*.log\n",
}
# Appended to a module, it is one function without a test; each name makes another one.
FUNCTION = """\


def {name}(amount: int) -> str:
    if amount < 0:
        return "owed"
    return "paid"
"""

# One text for both worlds: the command comes from the environment.
ENTRY = "sh -c 'exec $TWIN_HOOK \"$@\"' hook"
PRE_COMMIT_CONFIG = f"""\
repos:
- repo: local
  hooks:
  - id: sloptest
    name: sloptest
    language: system
    entry: {ENTRY}
    types: [python]
    require_serial: true
    verbose: true
"""
LEFTHOOK_CONFIG = f"""\
pre-commit:
  jobs:
  - name: sloptest
    glob: "*.py"
    run: {ENTRY} {{staged_files}}
"""


def function(name: str) -> str:
    """Return the text of a function that no test covers."""
    return FUNCTION.format(name=name)


@dataclass(frozen=True)
class World(Repository):
    """One of the twins. ``side`` is the directory that holds everything of this twin.

    ``hook`` is the command that is called at a commit, None in the twin without the hook.
    """

    side: Path
    python: Path
    runner: Runner
    hook: tuple[str, ...] | None
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_hooked(self) -> bool:
        return self.hook is not None

    @property
    def environment(self) -> dict[str, str]:
        """What every git command of this world gets on top of the process's own."""
        command = shlex.join(self.hook) if self.hook else "true"
        homes = {
            "PRE_COMMIT_HOME": str(self.side / "pre-commit-home"),
            "PREK_HOME": str(self.side / "prek-home"),
        }
        return {"TWIN_HOOK": command, **homes, **self.settings}

    @property
    def runner_command(self) -> tuple[str, ...]:
        """The program that runs the hooks of this world."""
        if self.runner == "pre-commit":
            return PRE_COMMIT
        program = peer(self.runner)
        assert program, f"{self.runner} is not installed"
        return (program,)

    def git_result(
        self, *args: str, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return super().git_result(*args, env={**self.environment, **(env or {})})

    def start(self, *command: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Start any command in a session of its own, for those that are to be interrupted."""
        return subprocess.Popen(
            command,
            cwd=self.root,
            env={**os.environ, **self.environment, **(env or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def run(
        self, *command: str, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run any command in this world."""
        return subprocess.run(
            command,
            cwd=self.root,
            env={**os.environ, **self.environment, **(env or {})},
            capture_output=True,
            text=True,
            check=False,
            errors="surrogateescape",
        )

    def at(self, place: Path) -> "World":
        """Return the same world seen from another directory: a worktree, a submodule, a folder."""
        return replace(self, root=place)

    def text(self, path: str) -> str:
        return (self.root / path).read_bytes().decode("utf-8", "surrogateescape")

    def add_function(self, path: str, name: str, *, stage: bool = True) -> None:
        """Append a function without a test to a file, and stage the file."""
        file = self.root / path
        before = file.read_text() if file.exists() else ""
        self.write(path, before + function(name))
        if stage:
            self.git("add", "--", path)


@dataclass(frozen=True)
class Twins:
    """The hooked world and the bare one."""

    hooked: World
    bare: World

    @property
    def both(self) -> tuple[World, World]:
        return self.bare, self.hooked


def make_seed(place: Path, python: Path) -> Path:
    """Make the repository that all worlds are copies of, and return its root."""
    root = place / "repository"
    root.mkdir(parents=True)
    seed = Repository(root)
    seed.git("init", "-q", "-b", "main")
    settings = f'[tool.sloptest]\npython = "{python}"\ntime-budget = 60\n'
    seed.commit({**FILES, "pyproject.toml": settings}, "seed")
    approve(root)
    return root


def make_twins(
    seed: Path, place: Path, python: Path, runner: Runner, hook: Sequence[str] = PRODUCT
) -> Twins:
    """Copy the seed twice and install the hook, or pre-commit with it, in the way of ``runner``."""
    hooked = _world(seed, place / "hooked", python, runner, tuple(hook))
    bare = _world(seed, place / "bare", python, runner, None)
    return Twins(hooked, bare)


def _world(
    seed: Path, side: Path, python: Path, runner: Runner, hook: tuple[str, ...] | None
) -> World:
    root = side / "repository"
    shutil.copytree(seed, root, symlinks=True)
    world = World(root, side, python, runner, hook)
    world.git("update-index", "-q", "--refresh")
    install(world)
    return world


def install(world: World) -> None:
    """Install the hook of this world in its repository, in the way of its runner."""
    if world.runner != "plain":
        is_lefthook = world.runner == "lefthook"
        name = "lefthook.yml" if is_lefthook else ".pre-commit-config.yaml"
        if not (world.root / name).exists():
            content = LEFTHOOK_CONFIG if is_lefthook else PRE_COMMIT_CONFIG
            world.commit({name: content}, "configure")
        installed = world.run(*world.runner_command, "install")
        assert installed.returncode == 0, installed.stdout + installed.stderr
    elif world.hook is not None:
        install_plain_hook(Path(world.git("rev-parse", "--absolute-git-dir")) / "hooks")


def install_plain_hook(hooks: Path) -> None:
    """Write a ``pre-commit`` that becomes the command of the world."""
    hooks.mkdir(parents=True, exist_ok=True)
    file = hooks / "pre-commit"
    file.write_text('#!/bin/sh\nexec $TWIN_HOOK "$@"\n')
    file.chmod(0o755)
