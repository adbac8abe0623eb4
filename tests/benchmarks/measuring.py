"""What measuring a suite costs, as ratios of time waited to plain pytest, pair by pair.

    python tests/benchmarks/measuring.py PROJECT PYTHON SOURCE [ROUNDS]

PROJECT is a directory whose tests are in ``tests``, PYTHON an interpreter with what they need,
pytest-cov and pytest-testmon among it, SOURCE the folder of the code (``src``, ``sqlparse``). In
turns: pytest alone, our harness without and with measuring (lines, branches, tests by line, and
coverage.py's analysis of all files), pytest-cov with branches, the same with contexts, and the
first run of testmon. All of them on a copy in which nothing is compiled, and compile it: we never
keep compiled files, so that theirs would be counted as our measuring. Wants a quiet machine: the
processor's time would not do, as part of the work is done by a process of its own, unseen.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from sloptest_hook.running.interpreter import find_project_python
from sloptest_hook.running.runner import SnapshotRunner
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.pytest_run import PytestRequest

SECONDS = 600.0


def timed(call: Callable[[], object]) -> float:
    before = time.perf_counter()
    call()
    return time.perf_counter() - before


def ways(root: Path, python: str, source: str, room: Path) -> dict[str, Callable[[], object]]:
    """Return what is to be timed, by name."""
    found = find_project_python(root, python, os.environ, cache_dir=room)
    top = root / source
    files = [PurePosixPath(each.relative_to(root)) for each in sorted(top.rglob("*.py"))]
    first = PurePosixPath("src" if (root / "src").is_dir() else "")
    runner = SnapshotRunner(found, root, room / "elsewhere", room / "scratch", [first])

    def pytest(*words: str) -> object:
        env = {
            **os.environ,
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": str(root / first),
            "COVERAGE_FILE": str(room / "coverage"),
            "TESTMON_DATAFILE": str(room / "testmon"),
        }
        for old in room.glob("testmon*"):
            old.unlink()
        command = (python, "-m", "pytest", "-q", *words, "tests")
        done = subprocess.run(
            command, cwd=root, env=env, capture_output=True, text=True, check=False
        )
        if done.returncode:
            sys.exit(f"{' '.join(command)} fails: {done.stdout[-300:]}{done.stderr[-300:]}")
        return done

    def ours(trace: tuple[PurePosixPath, ...]) -> None:
        deadline = Deadline(time.monotonic() + SECONDS, time.monotonic)
        run = runner.run(PytestRequest(("tests",), trace), deadline)
        if run.problem or not run.results:
            sys.exit(f"the suite does not run: {run.problem}")

    cov = (f"--cov={source}", "--cov-branch")  # with its report: ours knows the missing lines too
    return {
        "pytest": lambda: pytest("-p", "no:testmon"),
        "ours, not measuring": lambda: ours(()),
        "ours": lambda: ours(tuple(files)),
        "pytest-cov --cov-branch": lambda: pytest(*cov),
        "the same with contexts": lambda: pytest(*cov, "--cov-context=test"),
        "testmon, first run": lambda: pytest("--testmon"),
    }


def main() -> None:
    root, python, source = Path(sys.argv[1]).resolve(), sys.argv[2], sys.argv[3]
    rounds = int(sys.argv[4]) if len(sys.argv) > 4 else 3
    with tempfile.TemporaryDirectory() as room:
        copied = Path(room) / "project"
        shutil.copytree(root, copied, ignore=shutil.ignore_patterns("__pycache__", ".git"))
        calls = ways(copied, python, source, Path(room))
        times = {name: [] for name in calls}  # type: dict[str, list[float]]
        for _ in range(rounds):
            for name, call in calls.items():
                times[name].append(timed(call))
    plain, cov = times["pytest"], times["pytest-cov --cov-branch"]
    for name, found in times.items():
        to_plain = statistics.median(a / b for a, b in zip(found, plain, strict=True))
        to_cov = statistics.median(a / b for a, b in zip(found, cov, strict=True))
        print(
            f"{name:<26} {statistics.median(found):7.2f} s  "
            f"{to_plain:5.2f} x pytest  {to_cov:5.2f} x pytest-cov --cov-branch"
        )


if __name__ == "__main__":
    main()
