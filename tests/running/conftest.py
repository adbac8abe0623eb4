"""Projects to run and interpreters to run them in."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import pytest

from sloptest_hook.running.runner import SnapshotRunner
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.pytest_run import ProjectPython, PytestRequest, PytestRun
from sloptest_hook.values.settings import RunnerSettings

OTHER_VERSIONS = ("3.9", "3.10", "3.11", "3.12", "3.13", "3.14")
_ENDS = ("3.9", "3.13", "3.14")  # of what is supported; those between wait for --slow
_OTHERS = [pytest.param(v, marks=() if v in _ENDS else pytest.mark.slow) for v in OTHER_VERSIONS]


@dataclass(frozen=True)
class ProjectTree:
    """A small project, run as the hook runs it: the snapshot is not the working tree."""

    python: Path
    root: Path
    import_roots: tuple[str, ...] = ("src", "")
    settings: RunnerSettings = field(default_factory=RunnerSettings)

    @property
    def snapshot(self) -> Path:
        return self.root / "snapshot"

    @property
    def worktree(self) -> Path:
        return self.root / "worktree"

    @property
    def scratch(self) -> Path:
        return self.root / "scratch"

    def write(self, files: Mapping[str, str], *, below: str = "snapshot") -> "ProjectTree":
        for name, text in files.items():
            path = self.root / below / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return self

    def run(
        self,
        *select: str,
        trace: tuple[str, ...] = (),
        generated: tuple[str, ...] = (),
        seconds: float = 60.0,
    ) -> PytestRun:
        paths = tuple(PurePosixPath(path) for path in trace)
        request = PytestRequest(select or ("tests",), paths, frozenset(generated))
        deadline = Deadline(time.monotonic() + seconds, time.monotonic)
        return self.runner().run(request, deadline)

    def run_generated(
        self, *node_ids: str, seconds: float = 60.0, trace: tuple[str, ...] = ()
    ) -> PytestRun:
        return self.run(*node_ids, generated=node_ids, seconds=seconds, trace=trace)

    def described(self) -> ProjectPython:
        """Return the interpreter as the search for one would describe it."""
        prefix = str(self.python.parents[1])
        return ProjectPython(str(self.python), "made for tests", (3, 9, 0), prefix, "9", "7")

    def runner(self) -> SnapshotRunner:
        return SnapshotRunner(
            self.described(),
            self.snapshot,
            self.worktree,
            self.scratch,
            [PurePosixPath(root) for root in self.import_roots],
            self.settings,
        )


MakeEnvironment = Callable[..., Path]


@pytest.fixture(scope="session")
def make_environment(
    tmp_path_factory: pytest.TempPathFactory, project_python: Path
) -> MakeEnvironment:
    """Return a function that makes a virtual environment, once for all workers."""
    from filelock import FileLock

    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base

    def make(name: str, interpreter: str, *packages: str) -> Path:
        place = shared / name
        python = place / "bin" / "python"
        with FileLock(f"{place}.lock"):
            if not (place / "ready").exists():
                bare = (interpreter, "-m", "venv", "--without-pip", str(place))
                subprocess.run(bare, check=True)
                # Another environment's pip: to install one takes as long as all the packages.
                pip = (str(project_python), "-m", "pip", "--python", str(python))
                subprocess.run((*pip, "install", "-q", *packages), check=True)
                (place / "ready").touch()
        return python

    return make


@pytest.fixture
def tree(project_python: Path, tmp_path: Path) -> ProjectTree:
    made = ProjectTree(project_python, tmp_path)
    made.snapshot.mkdir()
    made.worktree.mkdir()
    return made


@pytest.fixture(scope="session", params=["project", *_OTHERS])
def each_python(
    request: pytest.FixtureRequest, project_python: Path, make_environment: MakeEnvironment
) -> Path:
    """An environment with pytest and coverage for every interpreter that is installed here."""
    version: str = request.param
    if version == "project":
        return project_python
    command = next((each for each in _commands(version) if _starts(each)), None)
    if command is None:
        pytest.skip(f"python{version} is not installed here")
    return make_environment(f"environment-{version}", command, "pytest", "coverage")


def _commands(version: str) -> Iterator[str]:
    """Yield what may be this version; a shim of pyenv in PATH starts only what is chosen."""
    found = shutil.which(f"python{version}")
    if found:
        yield found
    root = os.environ.get("PYENV_ROOT")
    if root:
        yield from sorted(map(str, Path(root, "versions").glob(f"{version}.*/bin/python")))


def _starts(command: str) -> bool:
    return subprocess.run((command, "-c", ""), capture_output=True, check=False).returncode == 0


@pytest.fixture
def tree_of_each(each_python: Path, tmp_path: Path) -> ProjectTree:
    made = ProjectTree(each_python, tmp_path)
    made.snapshot.mkdir()
    made.worktree.mkdir()
    return made
