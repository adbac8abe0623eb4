"""The path of a commit with nothing to do is sacred: what it may import is counted."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Project

HEAVY = frozenset(
    {
        "git",
        "gitdb",
        "libcst",
        "coverage",
        "pytest",
        "_pytest",
        "rich",
        "yaml",
        "logging",
        "asyncio",
        "tempfile",
        "difflib",
        "concurrent",
        "email",
        "http",
        "socket",
        "multiprocessing",
        "typing_extensions",
        "dataclasses",
        "inspect",
        "sloptest_hook.running.process",
        "sloptest_hook.running.interpreter",
        "sloptest_hook.merging",
        "sloptest_hook.generation",
        "sloptest_hook.guard",
    }
)
# Runs the command in the process and tells on stderr what has been imported by then.
SPY = (
    "import sys; from sloptest_hook.cli import main; code = main(['hook']); "
    "print(*sorted(sys.modules), file=sys.stderr); sys.exit(code)"
)


def loaded(root: Path) -> set[str]:
    """Return the modules of a hook run that had nothing to say."""
    done = subprocess.run(
        (sys.executable, "-c", SPY), cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout == ""
    return set(done.stderr.split())


def processes(root: Path) -> list[str]:
    """Return the commands that a hook run starts."""
    audit = (
        "import sys\n"
        "def hook(event, args):\n"
        "    if event == 'subprocess.Popen': print('RUN', *args[1], file=sys.stderr)\n"
        "sys.addaudithook(hook)\n"
        "from sloptest_hook.cli import main\nmain(['hook'])\n"
    )
    done = subprocess.run(
        (sys.executable, "-c", audit), cwd=root, capture_output=True, text=True, check=True
    )
    return [line for line in done.stderr.splitlines() if line.startswith("RUN")]


def test_a_commit_without_python_imports_nothing_heavy(project: Project) -> None:
    project.stage("notes.txt", "hello\n")
    assert loaded(project.root) & HEAVY == set()


def test_a_commit_of_known_symbols_imports_nothing_heavy(project: Project) -> None:
    project.stage("shop/cart.py", "def total(prices):\n    return sum(list(prices))\n")
    project.hook()  # measures, and remembers
    assert loaded(project.root) & HEAVY == set()


@pytest.mark.parametrize(
    ("staged", "most"),
    [
        pytest.param({"notes.txt": "hello\n"}, 2, id="no Python"),
        pytest.param(
            {"shop/cart.py": "def total(prices):\n    return sum(list(prices))\n"}, 4, id="known"
        ),
    ],
)
def test_a_commit_with_nothing_to_do_starts_few_processes(
    project: Project, staged: dict[str, str], most: int
) -> None:
    for path, text in staged.items():
        project.stage(path, text)
    project.hook()
    started = processes(project.root)
    assert 0 < len(started) <= most, started
