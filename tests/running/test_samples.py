"""What the harness says of all kinds of statements, against coverage.py's C tracer."""

import json
import os
import subprocess
from pathlib import Path

from sloptest_hook.values.coverage import FileCoverage
from tests.running.conftest import ProjectTree
from tests.running.samples import SAMPLES, SINCE

Truth = dict[str, dict[str, set[object]]]

_KINDS = ("executed_lines", "missing_lines", "executed_branches", "missing_branches")


def _tests_of(name: str, statements: tuple[str, ...]) -> str:
    tests = [f"def test_{n}():\n    {each}\n" for n, each in enumerate(statements)]
    return "\n\n".join([f"import asyncio\n\nimport pytest\n\nimport {name} as m\n", *tests])


def _files(version: tuple[int, ...]) -> dict[str, str]:
    files = {}
    for name, (text, statements) in SAMPLES.items():
        if version >= SINCE.get(name, (3,)):
            files[f"src/{name}.py"] = text
            files[f"tests/test_{name}.py"] = _tests_of(name, statements)
    return files


def _version(python: Path) -> tuple[int, ...]:
    asked = (str(python), "-c", "import sys; print(*sys.version_info[:3])")
    answer = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
    return tuple(map(int, answer.split()))


def _truth(tree: ProjectTree) -> Truth:
    """Return what coverage.py's C tracer says of the same tests, by path."""
    env = {
        **os.environ,
        "COVERAGE_FILE": str(tree.root / "truth"),
        "COVERAGE_CORE": "ctrace",
        "PYTHONPATH": str(tree.snapshot / "src"),
    }
    out = tree.root / "truth.json"
    run = ("run", "--branch", "--source=src", "-m", "pytest", "-q", "-p", "no:cacheprovider")
    for words in ((*run, "tests"), ("json", "-q", "-o", str(out))):
        command = (str(tree.python), "-m", "coverage", *words)
        subprocess.run(command, cwd=tree.snapshot, env=env, check=True, capture_output=True)
    return {
        path: {
            kind: {tuple(each) if isinstance(each, list) else each for each in entry[kind]}
            for kind in _KINDS
        }
        for path, entry in json.loads(out.read_text())["files"].items()
    }


Differences = dict[str, tuple[list[object], list[object]]]


def _differences(ours: FileCoverage, theirs: dict[str, set[object]]) -> Differences:
    """Return by kind what the harness alone says, and what coverage.py alone does.

    Old versions of coverage.py list executed lines that are excluded.
    """
    theirs = {**theirs, "executed_lines": theirs["executed_lines"] & ours.executable}
    said: dict[str, set[object]] = {
        "executed_lines": set(ours.executable - ours.missing),
        "missing_lines": set(ours.missing),
        "executed_branches": set(ours.executed_branches),
        "missing_branches": set(ours.missing_branches),
    }
    return {
        kind: (
            sorted(said[kind] - theirs[kind], key=str),
            sorted(theirs[kind] - said[kind], key=str),
        )
        for kind in _KINDS
        if said[kind] != theirs[kind]
    }


def test_samples_are_measured_as_coverage_pys_tracer_does(tree_of_each: ProjectTree) -> None:
    tree = tree_of_each
    files = _files(_version(tree.python))
    tree.write(files)

    run = tree.run(trace=tuple(path for path in files if path.startswith("src/")))

    assert run.problem is None
    assert run.collection_errors == ()
    assert [each for each in run.results if each.outcome.value != "passed"] == []
    truth = _truth(tree)
    found = {str(each.path): _differences(each, truth[str(each.path)]) for each in run.coverage}
    assert {path: each for path, each in found.items() if each} == {}
