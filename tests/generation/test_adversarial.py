"""Functions that make generated tests flake or lie: what is written of them must hold, or not be.

``ADVERSARIAL_RUNS=20 pytest tests/generation/test_adversarial.py`` runs the tests of the whole
corpus twenty times; without the variable a share of it is run a few times.
"""

import ast
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest

from sloptest_hook.generation.offline.engine import OfflineEngine
from sloptest_hook.running.probe import SearchProbe
from sloptest_hook.values.candidate import Candidate
from sloptest_hook.values.coverage import CoverageStatus, CoverageVerdict, Evidence
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.plan import Target
from sloptest_hook.values.pytest_run import ProjectPython
from sloptest_hook.values.source import LineRange, Symbol, SymbolKind

CORPUS = Path(__file__).parent / "adversarial"
RUNS = int(os.environ.get("ADVERSARIAL_RUNS", "3"))
SHARE = 1 if "ADVERSARIAL_RUNS" in os.environ else 4
LEAST = 60

# Worlds that differ in all that a test must not depend on.
ZONES = ("UTC", "Asia/Tokyo", "America/New_York", "Pacific/Apia")
LANGUAGES = ("C", "C.UTF-8", "en_US.UTF-8", "de_DE.UTF-8")

REVERSED = """
def pytest_collection_modifyitems(items):
    items.reverse()
"""


def targets(path: Path) -> Iterator[Target]:
    """Yield every function and method of a module of the corpus."""
    source = path.read_text()
    for prefix, body in bodies(ast.parse(source)):
        for node in body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                kind = SymbolKind.METHOD if prefix else SymbolKind.FUNCTION
                lines = LineRange(node.lineno, node.end_lineno or node.lineno)
                name = PurePosixPath(path.name)
                symbol = Symbol(name, f"{prefix}{node.name}", kind, lines, "")
                verdict = CoverageVerdict(symbol, CoverageStatus.UNCOVERED, Evidence.MEASURED)
                yield Target(verdict, path.stem, source)


def bodies(tree: ast.Module) -> Iterator[tuple[str, list[ast.stmt]]]:
    yield "", tree.body
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield f"{node.name}.", node.body


MODULES = sorted(CORPUS.glob("*.py"))


def test_the_corpus_holds_sixty_reasons_why_tests_flake() -> None:
    assert sum(1 for path in MODULES for _ in targets(path)) >= LEAST


@pytest.mark.parametrize("module", MODULES, ids=[path.stem for path in MODULES])
def test_what_is_written_of_flaky_code_passes_in_every_world(
    module: Path, tmp_path: Path, project_python: Path
) -> None:
    shutil.copy(module, tmp_path)
    written = write_tests(module, tmp_path, project_python)
    assert written, "nothing at all was written"

    assert [
        problem for run in range(RUNS) for problem in failures(tmp_path, project_python, run)
    ] == []


def write_tests(module: Path, folder: Path, python: Path) -> list[Candidate]:
    """Search each function as the hook does, one file of tests for each."""
    known = ProjectPython(str(python), "made for tests", sys.version_info[:3], "", None, None)
    scratch = folder / "scratch"
    scratch.mkdir()
    probe = SearchProbe(known, folder, folder, scratch, [PurePosixPath()])
    wanted = list(targets(module))[::SHARE]
    deadline = Deadline(time.monotonic() + 600, time.monotonic)
    answers = OfflineEngine(probe).write(wanted, deadline)
    written = [answer for answer in answers if isinstance(answer, Candidate)]
    for candidate in written:
        name = candidate.target.symbol.qualname.replace(".", "_").lower()
        parts = ["\n".join(candidate.imports), *(test.code for test in candidate.tests)]
        (folder / f"test_{name}.py").write_text("\n\n\n".join(parts) + "\n")
    return written


def failures(folder: Path, python: Path, run: int) -> list[str]:
    """Run all tests in one process; every second run in the opposite order."""
    (folder / "conftest.py").write_text(REVERSED if run % 2 else "")
    home = folder / f"home{run}"
    home.mkdir()
    env = {
        **os.environ,
        "PYTHONHASHSEED": str(run * 7 + 1),
        "TZ": ZONES[run % len(ZONES)],
        "LC_ALL": LANGUAGES[run % len(LANGUAGES)],
        "HOME": str(home),
        "USER": f"user{run}",
        "LOGNAME": f"user{run}",
        "PYTHONPATH": str(folder),
    }
    command = [str(python), "-m", "pytest", "-q", "-p", "no:cacheprovider", "-rfE", str(folder)]
    done = subprocess.run(
        [*command, "--rootdir", str(folder)],
        check=False,
        cwd=home,
        env=env,
        capture_output=True,
        text=True,
    )
    if done.returncode == 0:
        return []
    told = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return told or [done.stdout[-2000:] + done.stderr[-500:]]
