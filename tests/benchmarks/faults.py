"""Whether tests that notice mutants catch faults: 118, planted by hand in ten packages.

    python tests/benchmarks/faults.py PYTHON [PACKAGE...]

PYTHON is an interpreter of an environment with the packages that ``faults.jsonl`` names, pytest and
coverage. For each package the functions that get a fault are staged as new, and the hook writes
tests for them, with its last gate open: what notices no mutant is kept, and counted apart. Then
each fault is planted and the tests of its function run. Prints the share that is caught by tests
which pass the gate, by those which do not, and by mutation score.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree

HERE = Path(__file__).parent
BUDGET = 240
OPEN = (
    "import sys; from sloptest_hook.pipeline import writing; writing.worthless = lambda *_: {};"
    "from sloptest_hook.cli import main; sys.exit(main(['hook']))"
)


@dataclass(frozen=True)
class Fault:
    """One fault: in this function of a file, ``before`` is what is right."""

    package: str
    path: str
    function: str
    before: str
    after: str

    def planted(self, text: str) -> str:
        """Return the text with the fault in the last definition that can take it."""
        start = max(at for at in _definitions(text, self.function) if self.before in text[at:])
        return text[:start] + text[start:].replace(self.before, self.after, 1)


@dataclass(frozen=True)
class Tests:
    """What the hook wrote for one function, and how many mutants it notices."""

    nodes: tuple[str, ...]
    killed: int
    tried: int

    @property
    def group(self) -> str:
        if not self.nodes:
            return "no test was written"
        if not self.tried:
            return "not measured"
        return "passes the gate" if self.killed else "does not pass the gate"


def _definitions(text: str, function: str) -> Iterator[int]:
    at = text.find(f"def {function}(")
    while at >= 0:
        yield at
        at = text.find(f"def {function}(", at + 1)


def written(root: Path, faults: Sequence[Fault], python: str) -> Mapping[str, Tests]:
    """Stage the functions as new, run the hook, and return what it wrote for each."""
    file = root / faults[0].path
    text = file.read_text()
    hidden = text
    for name in {fault.function for fault in faults}:
        hidden = hidden.replace(f"def {name}(", f"def hidden_{name}(")
    file.write_text(hidden)
    git = ("git", "-c", "user.name=a", "-c", "user.email=a@b.c")
    subprocess.run((*git, "init", "-q"), cwd=root, check=True)
    (root / "pyproject.toml").write_text(f"[tool.sloptest]\ntime-budget = {BUDGET}\n")
    subprocess.run((*git, "add", "-A"), cwd=root, check=True)
    subprocess.run((*git, "commit", "-q", "--no-verify", "-m", "a"), cwd=root, check=True)
    file.write_text(text)
    subprocess.run((*git, "add", "-A"), cwd=root, check=True)
    env = {**os.environ, "SLOPTEST_PYTHON": python, "PYTHONPATH": str(HERE.parents[1])}
    words = (sys.executable, "-c", OPEN)
    subprocess.run(words, cwd=root, env=env, check=False, capture_output=True)
    report = json.loads((root / ".git/sloptest/report.json").read_text())
    return {
        each["qualname"].rpartition(".")[2]: Tests(
            tuple(each["tests"]) if each["status"] in {"generated", "uncovered"} else (),
            each["mutants"]["killed"],
            each["mutants"]["total"],
        )
        for each in report["symbols"]
    }


def fails(root: Path, nodes: Sequence[str], python: str) -> bool:
    env = {**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
    words = (python, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *nodes)
    try:
        done = subprocess.run(
            words, cwd=root, env=env, check=False, capture_output=True, timeout=60
        )
    except subprocess.TimeoutExpired:
        return True
    return done.returncode != 0


def caught(root: Path, fault: Fault, nodes: Sequence[str], python: str) -> bool:
    file = root / fault.path
    text = file.read_text()
    file.write_text(fault.planted(text))
    try:
        return fails(root, nodes, python)
    finally:
        file.write_text(text)


def main(python: str, *packages: str) -> None:
    rows = map(json.loads, (HERE / "faults.jsonl").read_text().splitlines())
    by_package: dict[str, list[Fault]] = defaultdict(list)
    for row in rows:
        fault = Fault(**row)
        if not packages or fault.package in packages:
            by_package[fault.package].append(fault)
    asked = (python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))")
    site = Path(subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip())
    groups: dict[str, list[bool]] = defaultdict(list)
    for package, faults in by_package.items():
        with tempfile.TemporaryDirectory(prefix="faults-") as name:
            root = Path(name) / "project"
            _copy(site, faults[0].path, root)
            _study(root, faults, python, groups)
        print(f"{package}: {len(faults)} faults", flush=True)
    for group, seen in sorted(groups.items()):
        share = 100 * sum(seen) / len(seen)
        print(f"{group}: {sum(seen)} of {len(seen)} faults caught, {share:.0f} %")


def _copy(site: Path, path: str, root: Path) -> None:
    root.mkdir()
    top = Path(path).parts[0]
    if (site / top).is_dir():
        copytree(site / top, root / top)
    else:
        (root / top).write_text((site / top).read_text())


def _study(root: Path, faults: Sequence[Fault], python: str, groups: dict[str, list[bool]]) -> None:
    tests = written(root, faults, python)
    for fault in faults:
        mine = tests.get(fault.function, Tests((), 0, 0))
        seen = bool(mine.nodes) and caught(root, fault, mine.nodes, python)
        groups[mine.group].append(seen)
        if mine.tried:
            every = "every mutant noticed" if mine.killed == mine.tried else "not every one"
            groups[f"  {every}"].append(seen)
        if not seen:
            print(f"  missed in {fault.function}, {mine.group}: {fault.before!r}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
