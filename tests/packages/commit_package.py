"""Commits one module of a real package from PyPI with the hook on, and says what came of it.

    python tests/packages/commit_package.py inflection==0.5.1 inflection/__init__.py
    python tests/packages/commit_package.py semver==3.0.2 src/semver/version.py --with pytest-cov

The package's sdist becomes a repository without the module; then the module is staged as new and
committed by a real ``git commit``. The package's own tests are left out unless ``--keep-tests``.
Prints one JSON document: symbols by status, lines covered before and after, seconds, and whether
the suite passes in a fresh clone.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

_ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    **{f"GIT_{who}_NAME": "A. Author" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_EMAIL": "author@example.com" for who in ("AUTHOR", "COMMITTER")},
}


def commit_package(
    requirement: str,
    module: str,
    work: Path,
    *,
    keep_tests: bool,
    budget: float = 60.0,
    more: Sequence[str] = (),
) -> dict[str, object]:
    """Return the figures of one commit; ``work`` is an empty directory that keeps everything."""
    root = _unpacked(requirement, work)
    python = _environment(requirement, work, more)
    if not keep_tests:
        _remove_tests(root)
    text = (root / module).read_bytes()
    (root / module).unlink()
    _configure(root, python, budget)
    _run(root, "git", "init", "-q", "-b", "main")
    _run(root, "git", "add", "-A", "-f")
    _run(root, "git", "commit", "-q", "-m", requirement)
    _run(root, sys.executable, "-m", "sloptest_hook", "install", "-q")
    _run(root, sys.executable, "-m", "sloptest_hook", "trust", "--yes", "-q")

    (root / module).parent.mkdir(parents=True, exist_ok=True)
    (root / module).write_bytes(text)
    _run(root, "git", "add", "-f", module)
    started = time.monotonic()
    printed = _run(root, "git", "commit", "-m", f"add {module}")
    seconds = time.monotonic() - started

    report = json.loads((root / ".git/sloptest/report.json").read_text(encoding="utf-8"))
    files = _run(root, "git", "show", "--format=", "--name-only").split()
    return {
        "package": requirement,
        "module": module,
        "seconds": round(seconds, 1),
        **_figures(report),
        "files": files,
        "clone": _clone_passes(root, work / "clone", python, [f for f in files if f != module]),
        "printed": printed,
    }


def _figures(report: Mapping[str, list[dict[str, object]]]) -> dict[str, object]:
    symbols = report["symbols"]
    covered = sum(len(_list(each["covered_lines"])) for each in symbols)
    missing = sum(len(_list(each["missing_lines"])) for each in symbols)
    generated = [each for each in symbols if each["status"] != "covered"]
    old = sum(len(_list(each["covered_lines"])) for each in symbols if each not in generated)
    return {
        "symbols": len(symbols),
        "statuses": dict(Counter(str(each["status"]) for each in symbols)),
        "lines": covered + missing,
        "covered_before": old,
        "covered_after": covered,
        "tests": sum(len(_list(each["tests"])) for each in generated),
    }


def _list(value: object) -> list[object]:
    assert isinstance(value, list)
    return value


def _unpacked(requirement: str, work: Path) -> Path:
    pip = (sys.executable, "-m", "pip", "download", "-q", "--no-deps")
    _run(work, *pip, "--no-binary", ":all:", "-d", "sdist", requirement)
    (archive,) = (work / "sdist").iterdir()
    with tarfile.open(archive) as opened:
        opened.extractall(work / "unpacked", filter="data")
    (root,) = (work / "unpacked").iterdir()
    return root


def _environment(requirement: str, work: Path, more: Sequence[str]) -> Path:
    """Make the project's environment: pytest, coverage and what the package depends on."""
    _run(work, sys.executable, "-m", "venv", "environment")
    python = work / "environment" / "bin" / "python"
    _run(work, str(python), "-m", "pip", "install", "-q", "pytest", "coverage", requirement, *more)
    name = requirement.partition("==")[0]
    _run(work, str(python), "-m", "pip", "uninstall", "-q", "-y", name)
    return python


def _remove_tests(root: Path) -> None:
    for folder in ("tests", "test"):
        shutil.rmtree(root / folder, ignore_errors=True)
    for file in [*root.rglob("test_*.py"), *root.rglob("*_test.py")]:
        file.unlink()


def _configure(root: Path, python: Path, budget: float) -> None:
    pyproject = root / "pyproject.toml"
    before = pyproject.read_text(encoding="utf-8") if pyproject.exists() else ""
    table = f'\n[tool.sloptest]\npython = "{python}"\ntime-budget = {budget}\n'
    pyproject.write_text(before + table, encoding="utf-8")


def _clone_passes(root: Path, clone: Path, python: Path, tests: list[str]) -> str:
    _run(root, "git", "clone", "-q", str(root), str(clone))
    if not tests:
        return "no tests"
    source = clone / "src" if (clone / "src").is_dir() else clone
    done = subprocess.run(
        (str(python), "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests),
        cwd=clone,
        env={**os.environ, "PYTHONPATH": str(source), "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    return (done.stdout.strip().splitlines() or ["nothing printed"])[-1]


def _run(cwd: Path, *command: str) -> str:
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **_ENVIRONMENT},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}")
    return done.stdout


def main() -> None:
    """Parse the command line, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("requirement")
    parser.add_argument("module", help="path of the module in the sdist")
    parser.add_argument("--keep-tests", action="store_true")
    parser.add_argument("--budget", type=float, default=60.0)
    parser.add_argument(
        "--with", nargs="*", default=(), dest="more", help="plugins its pytest needs"
    )
    parser.add_argument("--into", type=Path, help="keep the repository there")
    args = parser.parse_args()
    work = args.into or Path(tempfile.mkdtemp(prefix="sloptest-package-"))
    work.mkdir(parents=True, exist_ok=True)
    try:
        figures = commit_package(
            args.requirement,
            args.module,
            work,
            keep_tests=args.keep_tests,
            budget=args.budget,
            more=args.more,
        )
        print(json.dumps(figures, indent=2))
    finally:
        if args.into is None:
            shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
