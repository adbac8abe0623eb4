"""Mutants of a real module: ours beside cosmic-ray and mutmut, the same code in one run.

    python tests/benchmarks/mutation.py PROJECT PYTHON MODULE QUALNAME [MOST [TESTS]]

PROJECT is a directory with tests; it is copied. PYTHON is an interpreter with what they need, and
coverage, cosmic-ray and mutmut. MODULE is the path of a file in PROJECT, QUALNAME a function of it,
TESTS what is run, ``tests`` unless named. Prints on how many mutants that both make, at most MOST
of the module, ours and cosmic-ray agree whether a test notices, each on which they do not, and the
seconds a mutant of each tool, for the function and for the whole module, with all that it does
before the first mutant.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from sloptest_hook.pipeline.mutation import Mutating, exercises, mutate
from sloptest_hook.pipeline.mutation_memory import MutationMemory
from sloptest_hook.running.interpreter import find_project_python
from sloptest_hook.running.mutating import SnapshotMutator
from sloptest_hook.running.runner import SnapshotRunner
from sloptest_hook.symbols.extract import extract_symbols
from sloptest_hook.symbols.parsing import ParseFailure
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.mutation import COUNTED, NOTICED, MutantResult
from sloptest_hook.values.pytest_run import PytestRequest
from sloptest_hook.values.source import Symbol

SECONDS = 1800.0
# What both make of the same place: see the operators of cosmic-ray.
SHARED = (
    "Comparison",
    "BinaryOperator",
    "AndWithOr",
    "OrWithAnd",
    "True",
    "False",
    "Number",
    "Break",
    "Continue",
)
LISTING = """
import json, sys
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names
text = open(sys.argv[1], newline="").read()
found = []
for name in operator_names():
    if any(each in name for each in sys.argv[2].split(",")):
        for occurrence in range(5000):
            made = mutate_code(text, get_operator(name)(), occurrence)
            if made is None or made == text:
                break
            found.append([name, occurrence, made])
json.dump(found, sys.stdout)
"""


class NoCache:
    """Fits MutationCache: everything is tried."""

    def mutant_fates(self, key: bytes) -> dict[str, tuple[str, str]]:
        return {}

    def keep_mutant_fates(self, key: bytes, fates: object) -> None:
        return


@dataclass(frozen=True)
class Bench:
    """A copy of a project, and the file that is broken."""

    root: Path
    python: str
    module: PurePosixPath
    tests: str

    @property
    def text(self) -> str:
        return (self.root / self.module).read_bytes().decode()

    @property
    def first(self) -> PurePosixPath:
        return PurePosixPath("src" if self.module.parts[0] == "src" else ".")

    def symbols(self) -> tuple[Symbol, ...]:
        found = extract_symbols(self.module, self.text)
        if isinstance(found, ParseFailure):
            raise SystemExit(found.message)
        return found

    def run(self, *words: str) -> str:
        """Run a program in the copy and return what it wrote; how it ended does not count."""
        place = str(self.root / self.first)
        env = {**os.environ, "PYTHONPATH": place, "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            words, cwd=self.root, env=env, capture_output=True, text=True, check=False
        )
        return done.stdout or done.stderr[-400:]


def ours(
    bench: Bench, symbols: Sequence[Symbol], most: int
) -> tuple[float, float, list[MutantResult]]:
    """Return the seconds of measuring coverage, those of the mutants, and what became of them."""
    with tempfile.TemporaryDirectory() as scratch:
        python = find_project_python(bench.root, bench.python, {}, cache_dir=Path(scratch))
        runner = SnapshotRunner(python, bench.root, bench.root, Path(scratch), [bench.first])
        deadline = Deadline(time.monotonic() + SECONDS, time.monotonic)
        start = time.monotonic()
        run = runner.run(PytestRequest((bench.tests,), trace=(bench.module,)), deadline)
        measured = time.monotonic()
        wanted = exercises(symbols, run.coverage)
        memory = MutationMemory(NoCache(), "", lambda _test: None)
        means = Mutating(SnapshotMutator(runner), memory, most)
        found = mutate(wanted, {bench.module: bench.text}, means, deadline)
        results = [each for mutation in found.values() for each in mutation.results]
        for why in {each.not_measured for each in found.values() if each.not_measured}:
            print("not measured:", why)
        return measured - start, time.monotonic() - measured, results


def cosmic_ray(
    bench: Bench, wanted: Callable[[str], bool], most: int
) -> tuple[float, dict[str, bool]]:
    """Return the seconds of cosmic-ray, and by mutated text whether a test noticed."""
    words = ("-c", LISTING, str(bench.root / bench.module), ",".join(SHARED))
    listed = json.loads(bench.run(bench.python, *words))
    made = {(name, occurrence): text for name, occurrence, text in listed if wanted(text)}
    keys = sorted(made)
    chosen = {key: made[key] for key in keys[:: max(1, len(keys) // most)][:most]}
    config = bench.root / "cosmic-ray.toml"
    tests = f"{bench.python} -m pytest -x -q -p no:cacheprovider {bench.tests}"
    config.write_text(
        f'[cosmic-ray]\nmodule-path = "{bench.module}"\ntimeout = 60.0\nexcluded-modules = []\n'
        f'test-command = "{tests}"\n[cosmic-ray.distributor]\nname = "local"\n'
    )
    session = bench.root / "session.sqlite"
    tool = str(Path(bench.python).parent / "cosmic-ray")
    start = time.monotonic()
    bench.run(tool, "init", str(config), str(session))
    with sqlite3.connect(session) as database:
        rows = database.execute("SELECT job_id, operator_name, occurrence FROM mutation_specs")
        jobs = {job: chosen[name, at] for job, name, at in rows if (name, at) in chosen}
        gone = [
            (job,)
            for (job,) in database.execute("SELECT job_id FROM mutation_specs")
            if job not in jobs
        ]
        database.executemany("DELETE FROM mutation_specs WHERE job_id = ?", gone)
        database.executemany("DELETE FROM work_items WHERE job_id = ?", gone)
    bench.run(tool, "exec", str(config), str(session))
    seconds = time.monotonic() - start
    with sqlite3.connect(session) as database:
        done = database.execute("SELECT job_id, test_outcome FROM work_results").fetchall()
    return seconds, {jobs[job]: "KILLED" in str(outcome).upper() for job, outcome in done}


def mutmut(bench: Bench, pattern: str) -> tuple[float, int]:
    """Return the seconds of mutmut and how many mutants it ran, those that match the pattern."""
    also = f"tests_dir={bench.tests}\nalso_copy=\n    {bench.module.parts[0]}\n"
    settings = f"[mutmut]\npaths_to_mutate={bench.module}\n{also}"
    (bench.root / "setup.cfg").write_text(settings)
    shutil.rmtree(bench.root / "mutants", ignore_errors=True)
    tool = str(Path(bench.python).parent / "mutmut")
    start = time.monotonic()
    said = bench.run(tool, "run", *([pattern] if pattern else []))
    seconds = time.monotonic() - start
    shown = bench.run(tool, "results", "--all", "true").splitlines()
    fates = [line.rpartition(":")[2].strip() for line in shown if ":" in line]
    ran = sum(fate not in {"not checked", "no tests"} for fate in fates)
    if not ran:
        print("mutmut:", said[-400:])
    return seconds, ran


def main(
    project: str, python: str, module: str, qualname: str, most: str = "60", tests: str = "tests"
) -> None:
    with tempfile.TemporaryDirectory(prefix="mutation-") as name:
        root = Path(name) / "project"
        skipped = shutil.ignore_patterns(".git", "docs", "*.egg-info", "__pycache__", ".venv")
        shutil.copytree(project, root, ignore=skipped)
        bench = Bench(root, python, PurePosixPath(module), tests)
        _compare(bench, qualname, int(most))


def _compare(bench: Bench, qualname: str, most: int) -> None:
    symbols = bench.symbols()
    measuring, whole, results = ours(bench, symbols, 10_000)
    tried = [each for each in results if each.status in COUNTED]
    print(f"ours, coverage of the module: {measuring:.1f} s")
    _say("ours, module", whole, len(tried))
    one = [each for each in symbols if each.qualname == qualname]
    _, alone, few = ours(bench, one, 10_000)
    _say(f"ours, {qualname}", alone, sum(each.status in COUNTED for each in few))
    _agree(bench, tried, most)
    name = qualname.rpartition(".")[2]
    for pattern, said in ((f"*{name}*", qualname), ("", "module")):
        _say(f"mutmut, {said}", *mutmut(bench, pattern))


def _agree(bench: Bench, tried: Sequence[MutantResult], most: int) -> None:
    made = {each.mutant.applied(bench.text): each for each in tried}
    seconds, theirs = cosmic_ray(bench, lambda text: text in made, most)
    _say("cosmic-ray, mutants of both", seconds, len(theirs))
    same = {text for text, seen in theirs.items() if seen == (made[text].status in NOTICED)}
    print(f"agreement: {len(same)} of {len(theirs)}, noticed by theirs: {sum(theirs.values())}")
    for text in theirs.keys() - same:
        mutant = made[text].mutant
        print(f"  line {mutant.line}: {mutant.says}: ours {made[text].status}")


def _say(what: str, seconds: float, mutants: int) -> None:
    each = 1000 * seconds / max(1, mutants)
    print(f"{what}: {mutants} mutants, {seconds:.1f} s, {each:.0f} ms a mutant", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
