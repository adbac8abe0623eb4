"""Edge: pytest in the project's interpreter, in the snapshot, bounded in time."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from sloptest_hook.errors import RunnerError
from sloptest_hook.running.outcome import pytest_run
from sloptest_hook.running.process import (
    HarnessRequest,
    bare_environment,
    project_environment,
    run_harness,
)
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.pytest_run import ProjectPython, PytestRequest, PytestRun
from sloptest_hook.values.records import dataclass, field
from sloptest_hook.values.settings import RunnerSettings


@dataclass(frozen=True, slots=True)
class SnapshotRunner:
    """Runs pytest in the snapshot.

    ``worktree`` is where editable installs lead and the run must not; ``scratch`` is where a
    directory is made for each run; ``import_roots`` are relative to the snapshot. ``heard`` is told
    how many tests have begun.
    """

    python: ProjectPython
    snapshot: Path
    worktree: Path
    scratch: Path
    import_roots: Sequence[PurePosixPath]
    settings: RunnerSettings = field(default_factory=RunnerSettings)
    heard: Callable[[int], None] | None = None

    def run(self, request: PytestRequest, deadline: Deadline) -> PytestRun:
        """Run pytest once; what goes wrong in the project is in the answer.

        The user's own tests run as under their own pytest. A run of generated tests alone sees a
        bare environment and an empty home directory, and gives up the right to write outside its
        scratch directory. A run of generated tests among the user's own cannot give that up: it
        has the user's environment and rights, and only the audit hook stands between the machine
        and the generated nodes, while these run; what their files do on being imported nobody
        watches. So it comes after the first kind of run, never before it.

        Raises RunnerError when pytest, or coverage for a traced run, is not installed.
        """
        self._check_installed(request)
        self.scratch.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            prefix="run-", dir=self.scratch, ignore_cleanup_errors=True
        ) as room:
            harness_request = self._harness_request(request, Path(room), deadline)
            reply = run_harness(self.python.executable, harness_request, deadline, self.heard)
        return pytest_run(reply)

    def _check_installed(self, request: PytestRequest) -> None:
        needed = {"pytest": self.python.pytest}
        if request.trace:
            needed["coverage"] = self.python.coverage
        missing = [name for name, version in needed.items() if version is None]
        if missing:
            python = self.python.executable
            raise RunnerError(
                f"{' and '.join(missing)} missing in the project's environment "
                f"({python}, {self.python.found}). "
                f"Install with: {python} -m pip install pytest coverage"
            )

    def _harness_request(
        self, request: PytestRequest, room: Path, deadline: Deadline
    ) -> HarnessRequest:
        scratch, home = room / "scratch", room / "home"
        scratch.mkdir()
        home.mkdir()
        confined = bool(request.select) and request.generated.issuperset(request.select)
        body = {
            "select": request.select,
            "trace": [str(path) for path in request.trace],
            "generated": sorted(request.generated),
            "waves": request.waves,
            "to_end": request.to_end,
            "goals": [
                {"path": str(goal.path), "lines": sorted(goal.lines), "minimum": goal.minimum}
                for goal in request.goals
            ],
            "soft_seconds": request.soft_seconds,
            "without": sorted(request.without),
            "lent_coverage": self.python.lent_coverage,
            "snapshot": str(self.snapshot),
            "worktree": str(self.worktree),
            "scratch": str(scratch),
            "import_roots": [str(root) for root in self.import_roots],
            "append_pythonpath": [str(path) for path in self.settings.append_pythonpath],
            "pytest_args": self.settings.pytest_args,
            "confined": confined,
            "cpu_seconds": int(deadline.remaining) + 5,
        }
        # The home is beside what may be written to: a later run's home is the user's own.
        bare = {**bare_environment(), "HOME": str(home)}
        env = {
            **self._environment(bare if confined else project_environment(), scratch),
            "PYTHONHASHSEED": str(request.hash_seed),
        }
        return HarnessRequest("pytest_session", body, self.snapshot, scratch, env)

    def _environment(self, env: Mapping[str, str], scratch: Path) -> Mapping[str, str]:
        prefix = Path(self.python.prefix)
        if (prefix / "pyvenv.cfg").exists():  # as if it were activated
            scripts = Path(self.python.executable).parent
            env = {**env, "VIRTUAL_ENV": str(prefix), "PATH": f"{scripts}:{env['PATH']}"}
        own = {
            "HYPOTHESIS_STORAGE_DIRECTORY": f"{scratch}/hypothesis"
        }  # else it is in the snapshot
        return {**env, **own, **dict(self.settings.env)}
