"""What the offline engine reaches on modules of real packages, which pip brings.

    python tests/benchmarks/offline.py [MODULE ...] [--seconds 2] [--mutants 30]

Each package is copied, without its own tests, into a repository of its own; ``sloptest generate``
writes tests for one module; the tests are run in three orders and hash seeds, under coverage, and
against sampled faults of the module. The table is that of the figures the engine promises.
"""

import argparse
import ast
import copy
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

MODULES = {
    "string_utils.validation": "python-string-utils==1.0.0",
    "docstring_parser.google": "docstring_parser==0.18.0",
    "codetiming._timer": "codetiming==1.4.0",
    "flutils.packages": "flutils==0.7",
    "semver.version": "semver==3.1.1",
    "inflection": "inflection==0.5.1",
    "boltons.listutils": "boltons==26.2.0",
    "toolz.dicttoolz": "toolz==1.2.0",
    "pymonet.immutable_list": "pymonet==0.12.0",
    "networkx.algorithms.tree.coding": "networkx==3.7",
    "aiolimiter.leakybucket": "aiolimiter==1.3.0",
    "cookiecutter.config": "cookiecutter==2.7.1",
}
SEEDS = (1, 8, 15)
CONFIGURATION = """[tool.pytest.ini_options]
pythonpath = ['.']

[tool.sloptest]
engine = 'offline'
time-budget = {seconds}
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """One row of the table; ``search`` is seconds a symbol, the whole process counted."""

    module: str
    branch: float
    mutation: float
    tests: int
    failing: int
    flaky: int
    search: float
    memory: float


def main() -> None:
    """Print a row a module, then the figures of all together."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("modules", nargs="*", metavar="MODULE", help=", ".join(MODULES))
    options.add_argument("--seconds", type=float, default=2.0, help="for one symbol")
    options.add_argument("--mutants", type=int, default=30, help="at most, for one module")
    given = options.parse_args()
    modules = given.modules or list(MODULES)
    with tempfile.TemporaryDirectory() as place:
        python = environment(Path(place), [MODULES[module] for module in modules])
        print(f"{'module':34}branch mutation tests failing flaky  s/symbol   MiB")
        rows = []
        for module in modules:
            repository = Repository(Path(place) / module, python, module)
            rows.append(repository.figures(given.seconds, given.mutants))
            print(line(rows[-1]), flush=True)
    print(summary(rows))


def line(row: Figures) -> str:
    counts = f"{row.tests:6}{row.failing:8}{row.flaky:6}"
    shares = f"{row.branch:6.2f}{row.mutation:9.2f}"
    return f"{row.module:34}{shares}{counts}{row.search:10.2f}{row.memory:6.0f}"


def summary(rows: Sequence[Figures]) -> str:
    branches = [row.branch for row in rows]
    tests = max(1, sum(row.tests for row in rows))
    return (
        f"branch: median {statistics.median(branches):.2f}, mean {statistics.mean(branches):.2f}; "
        f"mean mutation {statistics.mean(row.mutation for row in rows):.2f}; "
        f"failing {sum(row.failing for row in rows) / tests:.1%}, "
        f"flaky {sum(row.flaky for row in rows) / tests:.1%}; "
        f"modules without tests {sum(not row.tests for row in rows)}; "
        f"median {statistics.median(row.search for row in rows):.2f} s a symbol; "
        f"peak {max(row.memory for row in rows):.0f} MiB"
    )


def environment(place: Path, packages: Sequence[str]) -> Path:
    """Make a virtual environment with the packages under test, pytest and coverage."""
    subprocess.run((sys.executable, "-m", "venv", str(place / "env")), check=True)
    python = place / "env" / "bin" / "python"
    install = (str(python), "-m", "pip", "install", "-q", "pytest", "coverage", "pytest-timeout")
    subprocess.run((*install, *packages), check=True)
    return python


class Repository:
    """A repository that holds one package."""

    def __init__(self, root: Path, python: Path, module: str) -> None:
        self.root = root
        self.module = module
        self.python = python
        root.mkdir()
        self.path = root / self._copy_package()

    def _copy_package(self) -> Path:
        """Copy the package out of the environment; return the path of the module in the copy."""
        find = "import importlib.util as u, sys; print(u.find_spec(sys.argv[1]).origin)"
        asked = (str(self.python), "-c", find)
        top = self.module.partition(".")[0]
        found = [
            Path(
                subprocess.run(
                    (*asked, name), check=True, capture_output=True, text=True
                ).stdout.strip()
            )
            for name in (top, self.module)
        ]
        if found[0].name == "__init__.py":
            skipped = shutil.ignore_patterns("__pycache__", "tests")
            shutil.copytree(found[0].parent, self.root / top, ignore=skipped)
            return found[1].relative_to(found[0].parent.parent)
        shutil.copy(found[0], self.root)
        return Path(found[0].name)

    def figures(self, seconds: float, most: int) -> Figures:
        source = self.path.read_text()
        symbols = sum(1 for node in ast.walk(ast.parse(source)) if isinstance(node, FUNCTIONS))
        took, memory = self._generate(seconds * symbols + 20)
        outcomes = [self._run(seed) for seed in SEEDS]
        names = {name for run in outcomes for name in run}
        failing = {name for name in names if not any(run.get(name) for run in outcomes)}
        flaky = {name for name in names if not all(run.get(name) for run in outcomes)} - failing
        branch = self._branches() if names else 0.0
        killed = (
            [self._kills(mutant) for mutant in mutants(source, self.module, most)] if names else []
        )
        self.path.write_text(source)
        mutation = sum(killed) / max(1, len(killed))
        counts = (len(names), len(failing), len(flaky))
        return Figures(self.module, branch, mutation, *counts, took / max(1, symbols), memory)

    def _generate(self, seconds: float) -> tuple[float, float]:
        """Write the tests; return the seconds and the peak memory in MiB, of all processes."""
        text = CONFIGURATION.format(seconds=int(seconds))
        (self.root / "pyproject.toml").write_text(text)
        commit = ("-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "start")
        for words in (("init", "-q"), ("add", "-A"), commit):
            subprocess.run(("git", *words), cwd=self.root, check=True)
        path = str(self.path.relative_to(self.root))
        command = (sys.executable, "-m", "sloptest_hook", "generate", path, "--json")
        start = time.monotonic()
        with subprocess.Popen(
            command, cwd=self.root, env=self._environ(), stdout=subprocess.DEVNULL
        ) as running:
            _, status, usage = os.wait4(running.pid, 0)
            running.returncode = os.waitstatus_to_exitcode(status)
        return time.monotonic() - start, usage.ru_maxrss / 1024

    def _environ(self, **more: str) -> dict[str, str]:
        path = f"{self.python.parent}{os.pathsep}{os.environ['PATH']}"
        return {**os.environ, "PATH": path, "HOME": str(self.root), **more}

    def _pytest(self, *words: str, seed: int = 1, before: Sequence[str] = ("-m",)) -> int:
        command = (
            str(self.python),
            *before,
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "--timeout=20",
        )
        done = subprocess.run(
            (*command, *words, "tests"),
            check=False,
            cwd=self.root,
            env=self._environ(PYTHONHASHSEED=str(seed), PYTHONDONTWRITEBYTECODE="1"),
            capture_output=True,
        )
        return done.returncode

    def _run(self, seed: int) -> dict[str, bool]:
        """Return whether each test passed."""
        report = self.root / f"run{seed}.xml"
        self._pytest(f"--junitxml={report}", seed=seed)
        if not report.exists():
            return {}
        cases = ET.parse(report).getroot().iter("testcase")
        return {f"{case.get('classname')}::{case.get('name')}": len(case) == 0 for case in cases}

    def _branches(self) -> float:
        """Return the share of the module's branches that the tests take."""
        cover = ("-m", "coverage", "run", "--branch", f"--include={self.path}", "-m")
        self._pytest(before=cover)
        report = self.root / "coverage.json"
        told = (str(self.python), "-m", "coverage", "json", "-q", "-o", str(report))
        subprocess.run(told, cwd=self.root, check=False)
        if not report.exists():
            return 0.0
        totals = json.loads(report.read_text())["totals"]
        return float(totals["covered_branches"]) / max(1, int(totals["num_branches"]))

    def _kills(self, mutant: str) -> bool:
        self.path.write_text(mutant)
        return self._pytest("-x") != 0


FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
OPPOSITES = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}


def mutants(source: str, module: str, most: int) -> Iterator[str]:
    """Yield the module with one fault each, a sample that is the same every time."""
    tree = ast.parse(source)
    places = sorted(faulty(tree))
    chosen = random.Random(module).sample(places, min(most, len(places)))
    for place in chosen:
        changed = copy.deepcopy(tree)
        put_fault(next(node for at, node in enumerate(ast.walk(changed)) if at == place))
        yield ast.unparse(ast.fix_missing_locations(changed))


def faulty(tree: ast.Module) -> set[int]:
    """Return the places in function bodies where a fault can be put."""
    inside = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, FUNCTIONS)
        for statement in function.body
        if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
        for node in ast.walk(statement)
    }
    messages = {
        id(node)
        for raising in ast.walk(tree)
        if isinstance(raising, (ast.Raise, ast.JoinedStr))
        for node in ast.walk(raising)
    }
    return {
        place
        for place, node in enumerate(ast.walk(tree))
        if id(node) in inside - messages and isinstance(node, FAULTS)
    }


FAULTS = (ast.Compare, ast.BoolOp, ast.If, ast.Return)


def put_fault(node: ast.AST) -> None:
    match node:
        case ast.Compare(ops=[first, *others]):
            node.ops = [OPPOSITES[type(first)](), *others]
        case ast.BoolOp():
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        case ast.If():
            node.test = ast.UnaryOp(ast.Not(), node.test)
        case ast.Return():
            node.value = ast.Constant(None)
        case _:
            raise ValueError(f"no fault for {ast.dump(node)}")


if __name__ == "__main__":
    main()
