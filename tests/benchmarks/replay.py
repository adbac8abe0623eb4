"""How long until it is known whether changed functions are covered, over a real history.

    python tests/benchmarks/replay.py PATH-OF-A-CLONE [COMMITS] [PYTHON]

Walks over the newest commits that change a function of the project and whose suite passes, in the
order of history. At each one, in turns:

- ours: ``sloptest hook`` on the range of that commit, with the cache of one ``sloptest coverage``
  before the first one, and what the commits since have added to it;
- whole: ``pytest --cov --cov-branch``;
- testmon: ``pytest --testmon`` with its database of the commits before;

and the truth: the whole suite under coverage.py with one context a test. A miss is a symbol that
one calls covered and the other does not. Prints one line a commit, then medians. The clone is
copied; the environment gets pytest, pytest-cov, pytest-testmon and the project's dependencies, or
is that of PYTHON, which has them.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from sloptest_hook.coverage.bodies import bodies
from sloptest_hook.coverage.verdict import judge
from sloptest_hook.running.data_file import MeasuredSource, read_data_file
from sloptest_hook.symbols.extract import extract_symbols
from sloptest_hook.values.coverage import CoverageStatus
from sloptest_hook.values.records import replace

MINIMUM = 80.0
PRODUCT = (sys.executable, "-m", "sloptest_hook")
# As people work: what was compiled once is not compiled again.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
LOOKED_AT = 400  # commits, to find as many as are wanted


@dataclass(frozen=True)
class Project:
    """A copy of a clone, and the interpreter of its environment."""

    root: Path
    python: Path

    def git(self, *words: str) -> str:
        done = subprocess.run(
            ("git", *words), cwd=self.root, capture_output=True, text=True, check=True
        )
        return done.stdout

    def _imports(self) -> dict[str, str]:
        """Return what makes the copy, and not what PYTHON has installed, be imported."""
        source = self.root / "src"
        return {"PYTHONPATH": str(source if source.is_dir() else self.root)}

    def timed(
        self, *command: str, env: dict[str, str] | None = None
    ) -> tuple[float, subprocess.CompletedProcess[str]]:
        started = time.perf_counter()
        done = subprocess.run(
            command,
            cwd=self.root,
            env={**ENVIRONMENT, **self._imports(), **(env or {})},
            capture_output=True,
            text=True,
            check=False,
        )
        return time.perf_counter() - started, done


@dataclass(frozen=True)
class Seen:
    """One commit: seconds of each way, and what ours said of each symbol against the truth."""

    commit: str
    ours: float
    whole: float
    testmon: float
    symbols: int
    misses: tuple[str, ...]


def main() -> None:
    clone, wanted = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 20
    work = Path(tempfile.mkdtemp(prefix="sloptest-replay-"))
    try:
        project = prepare(clone, work, Path(sys.argv[3]) if len(sys.argv) > 3 else None)
        seen = list(replay(project, wanted))
    finally:
        shutil.rmtree(work)
    if not seen:
        sys.exit("no commit was found whose suite passes")
    shares = [each.ours / each.whole for each in seen]
    testmon = [each.testmon / each.whole for each in seen]
    print(
        f"{clone.name}: {len(seen)} commits, {sum(each.symbols for each in seen)} symbols, "
        f"{sum(len(each.misses) for each in seen)} misses; of the whole suite with coverage: "
        f"ours median {statistics.median(shares):.2f}, mean {statistics.mean(shares):.2f}; "
        f"testmon median {statistics.median(testmon):.2f}, mean {statistics.mean(testmon):.2f}"
    )


def prepare(clone: Path, work: Path, python: Path | None) -> Project:
    """Copy the clone, and make an environment that its tests run in if none is given."""
    root = work / "project"
    subprocess.run(("git", "clone", "-q", str(clone), str(root)), check=True)
    if python is not None:
        return Project(root, python)
    subprocess.run((sys.executable, "-m", "venv", str(work / "env")), check=True)
    project = Project(root, work / "env" / "bin" / "python")
    install = (str(project.python), "-m", "pip", "install", "-q")
    subprocess.run((*install, "pytest", "pytest-cov", "pytest-testmon"), check=True)
    subprocess.run((*install, "-e", str(root)), check=False)
    return project


def replay(project: Project, wanted: int) -> Iterator[Seen]:
    found = list(changing_commits(project, wanted))
    before = project.git("rev-parse", f"{found[0]}~1").strip()
    project.git("checkout", "-q", before)
    project.timed(str(project.python), "-m", "pytest", "-q", "--testmon")
    env = {"SLOPTEST_PYTHON": str(project.python)}
    cold, _ = project.timed(*PRODUCT, "coverage", "-q", env=env)
    print(f"cold: {cold:.2f} s")
    for commit in found:
        project.git("checkout", "-q", "--force", commit)
        seen = at(project, commit)
        if seen is not None:
            print(
                f"{commit[:9]} {seen.symbols:>3} symbols  ours {seen.ours:6.2f}  "
                f"whole {seen.whole:6.2f}  testmon {seen.testmon:6.2f}  {' '.join(seen.misses)}",
                flush=True,
            )
            yield seen


def changing_commits(project: Project, wanted: int) -> Iterator[str]:
    """Return the newest commits that change Python outside of the tests, oldest first."""
    listed = project.git("log", "--no-merges", f"-{LOOKED_AT}", "--format=%H").split()
    found = [commit for commit in listed if changes_code(project, commit)]
    return reversed(found[:wanted])


def changes_code(project: Project, commit: str) -> bool:
    names = project.git("diff", "--name-only", "--diff-filter=M", f"{commit}~1", commit).split()
    return any(
        name.endswith(".py") and "test" not in name and not name.startswith(("docs", "setup"))
        for name in names
    )


def look(project: Project, first: str, last: str) -> tuple[float, dict[str, object]]:
    """Have the hook look at a range; returns the seconds and its report."""
    env = {
        "PRE_COMMIT_FROM_REF": first,
        "PRE_COMMIT_TO_REF": last,
        "SLOPTEST_PYTHON": str(project.python),
        "SLOPTEST_TIME_BUDGET": "600",
    }
    seconds, done = project.timed(*PRODUCT, "hook", "--json", env=env)
    return seconds, json.loads(done.stdout)


def at(project: Project, commit: str) -> Seen | None:
    """Return what each way makes of one commit; None when its suite does not pass."""
    python = str(project.python)
    cov = (python, "-m", "pytest", "-q", "--cov", "--cov-branch", "-p", "no:testmon")
    ours, report = look(project, f"{commit}~1", commit)
    whole, done = project.timed(*cov, "--cov-report=")
    if done.returncode:
        return None
    testmon, _ = project.timed(python, "-m", "pytest", "-q", "--testmon")
    said = {
        (str(each["path"]), str(each["qualname"])): each
        for each in report["symbols"]  # type: ignore[attr-defined]
        if each["status"] in ("covered", "uncovered") and not each["estimated"]
    }
    if not said:
        return None
    project.timed(*cov, "--cov-context=test", "--cov-report=")
    covered = truth(project, sorted({path for path, _ in said}))
    misses = tuple(
        f"{path}:{name}={each['status']}"
        for (path, name), each in said.items()
        if (each["status"] == "covered") != covered.get((path, name), False)
    )
    return Seen(commit, ours, whole, testmon, len(said), misses)


def truth(project: Project, paths: Sequence[str]) -> dict[tuple[str, str], bool]:
    """Return which symbols the whole suite covers, from the data file that coverage.py wrote."""
    measured = {each.coverage.path: each for each in data_of(project)}
    found = {}
    for path in map(PurePosixPath, paths):
        if path not in measured:  # no test imports it
            continue
        text = measured[path].text
        # Who took a branch the file does not say: that it was taken is enough.
        seen = replace(measured[path].coverage, branch_tests={})
        symbols = extract_symbols(path, text)
        if isinstance(symbols, tuple):
            for symbol, body in bodies(text, symbols).items():
                verdict = judge(symbol, body, seen, minimum=MINIMUM)
                found[str(path), symbol.qualname] = verdict.status is CoverageStatus.COVERED
    return found


def data_of(project: Project) -> tuple[MeasuredSource, ...]:
    file = project.root / ".coverage"
    return read_data_file(file, project.root) if file.exists() else ()


if __name__ == "__main__":
    main()
