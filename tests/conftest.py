"""Real git repositories and a real project environment, far from the user's home and settings."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from sloptest_hook.commands.trust import demanded
from sloptest_hook.commands.trusting import CloneWarrant
from sloptest_hook.git.repository import StagedRepository

# Benchmarks time, tests do not: on a loaded machine every example may be slow.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="run also what is marked as slow")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--slow"):
        return
    slow = [item for item in items if item.get_closest_marker("slow")]
    config.hook.pytest_deselected(items=slow)
    items[:] = [item for item in items if not item.get_closest_marker("slow")]


# Set before any test starts git: the suite can neither read nor write the user's settings.
GIT_ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "A. Author",
    "GIT_AUTHOR_EMAIL": "author@example.com",
    "GIT_COMMITTER_NAME": "A. Author",
    "GIT_COMMITTER_EMAIL": "author@example.com",
    "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z",
    "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z",
    "GIT_TERMINAL_PROMPT": "0",
}


@pytest.fixture(autouse=True)
def _far_from_home(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_git_environment(monkeypatch, tmp_path_factory.mktemp("home"))


def set_git_environment(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """Take the user's settings out of the environment, for as long as the patch lasts."""
    ours = ("GIT_", "SLOPTEST_", "PRE_COMMIT", "PYTEST_ADDOPTS")
    for name in [name for name in os.environ if name.startswith(ours)]:
        monkeypatch.delenv(name)
    for name, value in GIT_ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("TERM", "dumb")  # no line of progress on the terminal of who runs the suite
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)


@dataclass(frozen=True)
class Repository:
    """A real git repository in a temporary directory."""

    root: Path

    def git(self, *args: str, env: Mapping[str, str] | None = None) -> str:
        """Run git and return its output without the last newline; fail on a bad exit status."""
        done = self.git_result(*args, env=env)
        assert done.returncode == 0, f"git {' '.join(args)}: {done.stdout}{done.stderr}"
        return done.stdout.removesuffix("\n")

    def git_result(
        self, *args: str, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ("git", *args),
            cwd=self.root,
            env={**os.environ, **(env or {})},
            capture_output=True,
            text=True,
            check=False,
            errors="surrogateescape",
        )

    def write(self, path: str, text: str | bytes) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return file

    def stage(self, path: str, text: str | bytes) -> Path:
        file = self.write(path, text)
        self.git("add", "-f", "--", path)
        return file

    def commit(self, files: Mapping[str, str | bytes], message: str = "change") -> None:
        for path, text in files.items():
            self.stage(path, text)
        self.git("commit", "-q", "--no-verify", "-m", message)

    def staged_text(self, path: str) -> str:
        return self.git("cat-file", "blob", f":{path}") + "\n"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """An empty repository on branch main, without a commit."""
    root = tmp_path / "repository"
    root.mkdir()
    made = Repository(root)
    made.git("init", "-q", "-b", "main")
    return made


@pytest.fixture(scope="session")
def project_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a virtual environment that holds pytest and coverage and nothing of ours.

    Made once for all xdist workers: whoever comes first makes it, the others wait for the lock.
    """
    from filelock import FileLock

    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    place = shared / "project-environment"
    python = place / "bin" / "python"
    with FileLock(str(place) + ".lock"):
        if not (place / "ready").exists():
            subprocess.run((sys.executable, "-m", "venv", str(place)), check=True)
            install = (str(python), "-m", "pip", "install", "-q", "pytest", "coverage")
            subprocess.run(install, check=True)
            (place / "ready").touch()
    return python


SHOP = {
    "shop/__init__.py": "",
    "shop/cart.py": "def total(prices):\n    return sum(prices)\n",
    "tests/test_cart.py": (
        "from shop.cart import total\n\n\n"
        "def test_total_adds_the_prices():\n    assert total([1, 2]) == 3\n"
    ),
}


def approve(root: Path) -> None:
    """Approve what the configuration of this clone demands, as ``sloptest trust --yes`` does."""
    repo = StagedRepository.open(root)
    warrant = CloneWarrant(repo)
    warrant.approvals.add(demand.digest for demand in demanded(repo, warrant))


@dataclass(frozen=True)
class Project(Repository):
    """A repository with the hook installed, whose tests run in an environment of its own."""

    python: Path

    def configure(self, **settings: object) -> None:
        """Write [tool.sloptest], with the project's interpreter, and commit it."""
        table = {"python": self.python, **settings}
        lines = [f"{key.replace('_', '-')} = {_toml(value)}" for key, value in table.items()]
        text = "\n".join(["[tool.sloptest]", *lines, ""])
        self.commit({"pyproject.toml": text}, "configure")
        approve(self.root)

    def hook(
        self, *args: str, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run ``sloptest hook`` by hand."""
        return subprocess.run(
            (sys.executable, "-m", "sloptest_hook", "hook", *args),
            cwd=self.root,
            env={**os.environ, **(env or {})},
            capture_output=True,
            text=True,
            check=False,
            errors="surrogateescape",
        )

    def report(self) -> dict[str, Any]:
        """Return the last run's report.json."""
        text = (self.root / ".git" / "sloptest" / "report.json").read_text(encoding="utf-8")
        report: dict[str, Any] = json.loads(text)
        return report

    def statuses(self) -> dict[str, str]:
        """Return the status of each symbol in the last run's report, by qualname."""
        return {each["qualname"]: each["status"] for each in self.report()["symbols"]}

    def committed(self, path: str) -> str:
        return self.git("show", f"HEAD:{path}") + "\n"

    def files_of_commit(self) -> list[str]:
        return self.git("show", "--format=", "--name-only", "HEAD").splitlines()


def _toml(value: object) -> str:
    match value:
        case bool() | int() | float():
            return str(value).lower()
        case tuple():
            return f"[{', '.join(map(_toml, value))}]"
        case _:
            return f'"{value}"'


@pytest.fixture
def project(repository: Repository, project_python: Path) -> Project:
    """A small shop with one tested module, the plain hook installed, nothing staged."""
    made = Project(repository.root, project_python)
    made.commit(SHOP, "a shop")
    made.configure()
    subprocess.run(
        (sys.executable, "-m", "sloptest_hook", "install", "-q"), cwd=made.root, check=True
    )
    return made


def passes_under_pytest(python: Path, root: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """Run the project's pytest as its owner would, and fail the test unless it passes."""
    done = subprocess.run(
        (str(python), "-m", "pytest", "-q", "-p", "no:cacheprovider", *args),
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done
