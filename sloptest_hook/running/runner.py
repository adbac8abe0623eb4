"""Edge: pytest in the project's interpreter, in the snapshot, bounded in time."""

import contextlib
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path, PurePosixPath

from sloptest_hook.errors import RunnerError
from sloptest_hook.running.outcome import pytest_run
from sloptest_hook.running.private_files import sandbox_part
from sloptest_hook.running.process import (
    Harness,
    HarnessPlace,
    kept_beside,
    open_harness,
)
from sloptest_hook.running.threads import in_thread
from sloptest_hook.running.variables import bare_environment, project_environment
from sloptest_hook.running.watch import Most
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.pytest_run import ProjectPython, PytestRequest, PytestRun
from sloptest_hook.values.records import dataclass, field, replace
from sloptest_hook.values.settings import RunnerSettings, SandboxSettings

_PLAIN = PytestRequest(())
_MOST_TEST_SECONDS = 5.0
_TEST_SHARE = 0.25


class ReadyHarness:
    """A harness that was started ahead, with its scratch directory, for one run."""

    def __init__(self, harness: Harness, scratch: Path) -> None:
        self.harness = harness
        self.scratch = scratch
        self._is_left = True

    def taken(self) -> "ReadyHarness | None":
        """Return this the first time, None later."""
        left, self._is_left = self._is_left, False
        return self if left else None


@dataclass(frozen=True, slots=True)
class SnapshotRunner:
    """Runs pytest in the snapshot.

    ``worktree`` is where editable installs lead and the run must not; ``scratch`` is where a
    directory is made for each run; ``import_roots`` are relative to the snapshot. ``heard`` is told
    how many tests have begun. ``ready`` is what ``started_ahead`` has started.
    """

    python: ProjectPython
    snapshot: Path
    worktree: Path
    scratch: Path
    import_roots: Sequence[PurePosixPath]
    settings: RunnerSettings = field(default_factory=RunnerSettings)
    heard: Callable[[int], None] | None = None
    ready: ReadyHarness | None = None
    sandbox: SandboxSettings = field(default_factory=SandboxSettings)

    def run(self, request: PytestRequest, deadline: Deadline) -> PytestRun:
        """Run pytest once; what goes wrong in the project is in the answer.

        The user's own tests run as under their own pytest. A run of generated tests alone sees a
        bare environment and an empty home directory, and gives up all rights that the system lets
        it give up: see ``harness/confine.py``. A run of generated tests among the user's own cannot
        give that up: it has the user's environment and rights, and only the audit hook stands
        between the machine and the generated nodes, while these run; what their files do on being
        imported nobody watches. So it comes after the first kind of run, never before it.

        Raises RunnerError when pytest, or coverage for a traced run, is not installed.
        """
        self._check_installed(request)
        ready = self.ready.taken() if self.ready and _is_plain(request) else None
        if ready is not None:
            body = self._body(request, ready.scratch, deadline)
            return pytest_run(ready.harness.ask({**body, "is_begun": True}, deadline, self.heard))
        with self.room() as room:
            place = self._place(room, request, deadline)
            with open_harness(self.python.executable, place) as harness:
                # While the interpreter starts.
                body = {**self._body(request, place.scratch, deadline), "is_begun": False}
                return pytest_run(harness.ask(body, deadline, self.heard))

    def run_together(
        self, requests: Sequence[PytestRequest], deadline: Deadline
    ) -> tuple[PytestRun, ...]:
        """Run pytest for each request at the same time: half of a short run is waiting.

        For generated tests alone, which share nothing: the user's own may share a port or a file.
        Raises RunnerError as ``run`` does.
        """
        pending = [in_thread(partial(self.run, each, deadline)) for each in requests[1:]]
        return (self.run(requests[0], deadline), *(each() for each in pending))

    @contextlib.contextmanager
    def started_ahead(self) -> Iterator["SnapshotRunner"]:
        """Yield this runner with a harness that loads pytest at once, for the first run it fits."""
        if self.python.pytest is None:
            yield self
            return
        with self.room() as room:
            place = replace(self._place(room, _PLAIN, None), early=self._folders())
            with open_harness(self.python.executable, place) as harness:
                yield replace(self, ready=ReadyHarness(harness, place.scratch))

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

    @contextlib.contextmanager
    def room(self) -> Iterator[Path]:
        """Yield an empty directory for one run."""
        self.scratch.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            prefix="run-", dir=self.scratch, ignore_cleanup_errors=True
        ) as room:
            yield Path(room)

    def _body(
        self, request: PytestRequest, scratch: Path, deadline: Deadline
    ) -> Mapping[str, object]:
        return {
            **self._folders(),
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
            "generated_first": request.generated_first,
            "lent_coverage": self.python.lent_coverage,
            "scratch": str(scratch),
            "pytest_args": self.settings.pytest_args,
            "confined": _is_confined(request),
            "sandbox": self._sandbox(request),
            "cpu_seconds": int(deadline.remaining) + 5,
        }

    def _sandbox(self, request: PytestRequest) -> Mapping[str, object]:
        if _is_confined(request):
            return sandbox_part(self.sandbox, self.snapshot, self.worktree)
        return {"programs": self.sandbox.allow_subprocess}

    def _folders(self) -> Mapping[str, object]:
        return {
            "snapshot": str(self.snapshot),
            "worktree": str(self.worktree),
            "import_roots": [str(root) for root in self.import_roots],
            "append_pythonpath": [str(path) for path in self.settings.append_pythonpath],
        }

    def _place(self, room: Path, request: PytestRequest, deadline: Deadline | None) -> HarnessPlace:
        seed = {"PYTHONHASHSEED": str(request.hash_seed)}
        if _is_confined(request):
            most = Most(
                starts_processes=self.sandbox.allow_subprocess,
                test_seconds=_patience(deadline) if deadline else 0.0,
            )
            place = self.confined_place("pytest_session", room, most)
            return replace(place, env={**place.env, **seed})
        scratch = _made(room)[0]
        env = self._environment(project_environment(), scratch)
        kept = kept_beside(self.snapshot)
        return HarnessPlace("pytest_session", self.snapshot, scratch, {**env, **seed}, kept=kept)

    def confined_place(self, task: str, room: Path, most: Most) -> HarnessPlace:
        """Return where a task of the harness that runs generated code is started: bare."""
        scratch, home = _made(room)
        # The home is beside what may be written to: a later run's home is the user's own.
        env = self._environment({**bare_environment(), "HOME": str(home)}, scratch)
        seed = {"PYTHONHASHSEED": "0"}
        kept = kept_beside(self.snapshot)
        return HarnessPlace(task, self.snapshot, scratch, {**env, **seed}, most=most, kept=kept)

    def confined_body(self, scratch: Path, deadline: Deadline) -> Mapping[str, object]:
        """Return what every request says that runs generated code."""
        return {
            **self._folders(),
            "scratch": str(scratch),
            "pytest_args": self.settings.pytest_args,
            "sandbox": sandbox_part(self.sandbox, self.snapshot, self.worktree),
            "cpu_seconds": int(deadline.remaining) + 5,
        }

    def _environment(self, env: Mapping[str, str], scratch: Path) -> Mapping[str, str]:
        prefix = Path(self.python.prefix)
        if (prefix / "pyvenv.cfg").exists():  # as if it were activated
            scripts = Path(self.python.executable).parent
            env = {**env, "VIRTUAL_ENV": str(prefix), "PATH": f"{scripts}:{env['PATH']}"}
        own = {
            "HYPOTHESIS_STORAGE_DIRECTORY": f"{scratch}/hypothesis"
        }  # else it is in the snapshot
        return {**env, **own, **dict(self.settings.env)}


def _patience(deadline: Deadline) -> float:
    """Return how long one generated test may take: one that hangs must not cost all the others."""
    return min(_MOST_TEST_SECONDS, _TEST_SHARE * deadline.remaining)


def _made(room: Path) -> tuple[Path, Path]:
    """Make the scratch directory of a run, and beside it an empty home; return both."""
    scratch, home = room / "scratch", room / "home"
    scratch.mkdir()
    home.mkdir()
    return scratch, home


def _is_confined(request: PytestRequest) -> bool:
    return bool(request.select) and request.generated.issuperset(request.select)


def _is_plain(request: PytestRequest) -> bool:
    """Say whether a harness that was started ahead will do: one that neither watches nor varies."""
    return not request.generated and request.hash_seed == _PLAIN.hash_seed
