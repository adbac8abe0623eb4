"""Whether our recording of a real suite says what coverage.py's C tracer says.

    python tests/benchmarks/agreement.py PROJECT PYTHON SOURCE

PROJECT is a directory whose tests are in ``tests``, PYTHON an interpreter with what they need and
coverage, SOURCE the folder of the code. Prints how many lines and branches there are, and each on
which the two disagree; a branch of which ours does not know is counted apart. Exit code 1 for any
disagreement.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from sloptest_hook.running.interpreter import find_project_python
from sloptest_hook.running.runner import SnapshotRunner
from sloptest_hook.values.coverage import FileCoverage
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.pytest_run import PytestRequest

SECONDS = 600.0


def theirs(root: Path, python: str, source: str, first: PurePosixPath) -> dict[str, Any]:
    """Return what coverage.py reports, by file."""
    env = {
        **os.environ,
        "COVERAGE_CORE": "ctrace",
        "COVERAGE_FILE": str(root.parent / "data"),
        "PYTHONPATH": str(root / first),
    }
    coverage = (python, "-m", "coverage")
    run = ("run", "--rcfile=/dev/null", "--branch", f"--source={source}", "-m", "pytest", "-q")
    subprocess.run((*coverage, *run, "tests"), cwd=root, env=env, capture_output=True, check=True)
    out = root.parent / "report.json"
    report = ("json", "--rcfile=/dev/null", "-q", "-o", str(out))
    subprocess.run((*coverage, *report), cwd=root, env=env, check=True)
    files: dict[str, Any] = json.loads(out.read_text())["files"]
    return files


def disagreements(ours: FileCoverage, report: dict[str, Any]) -> Iterator[str]:
    """Yield a line for each line and branch on which the two disagree."""
    executed = ours.executable - ours.missing
    for line in sorted(executed ^ set(report["executed_lines"])):
        yield f"{ours.path}:{line}"
    taken = {tuple(each) for each in report["executed_branches"]}
    missing = {tuple(each) for each in report["missing_branches"]}
    for branch in sorted(ours.executed_branches & missing):
        yield f"{ours.path}: {branch} was not taken"
    for branch in sorted(ours.missing_branches & taken):
        yield f"{ours.path}: {branch} was taken"


def main() -> None:
    project, python, source = Path(sys.argv[1]).resolve(), sys.argv[2], sys.argv[3]
    with tempfile.TemporaryDirectory() as place:
        room = Path(place)
        root = room / "project"
        shutil.copytree(project, root, ignore=shutil.ignore_patterns("__pycache__", ".git"))
        first = PurePosixPath("src" if (root / "src").is_dir() else "")
        files = theirs(root, python, source, first)
        found = find_project_python(root, python, os.environ, cache_dir=room)
        runner = SnapshotRunner(found, root, room / "elsewhere", room / "scratch", [first])
        request = PytestRequest(("tests",), tuple(map(PurePosixPath, files)))
        run = runner.run(request, Deadline(time.monotonic() + SECONDS, time.monotonic))
    if run.problem or not run.coverage:
        sys.exit(f"the suite does not run: {run.problem}")
    wrong = [line for each in run.coverage for line in disagreements(each, files[str(each.path)])]
    branches = [files[str(each.path)]["summary"]["num_branches"] for each in run.coverage]
    known = sum(len(each.executed_branches) + len(each.missing_branches) for each in run.coverage)
    print(*wrong, sep="\n", end="\n" if wrong else "")
    print(
        f"{project.name}: {sum(len(each.executable) for each in run.coverage)} lines, "
        f"{sum(branches)} branches, {len(wrong)} disagreements, {sum(branches) - known} unknown"
    )
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
