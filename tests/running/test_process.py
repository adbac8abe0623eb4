"""The harness as a process: its environment, its end, and the end of all it started."""

import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sloptest_hook.errors import RunnerError
from sloptest_hook.running.variables import bare_environment, project_environment
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.pytest_run import PytestRequest, PytestRun
from sloptest_hook.values.settings import SandboxSettings

if TYPE_CHECKING:
    from tests.running.conftest import ProjectTree

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="the kernel of Linux does this")

LEAVES = """\
import os, subprocess, sys

def test_leaves():
    child = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"], {more})
    open({note!r}, "w").write(str(child.pid))
    child.returncode = 0  # no warning about a process that still runs
"""
FORKS = """\
import os, signal

def test_forks():
    child = os.fork()
    if not child:
        os.setsid()
        signal.pause()
    open({note!r}, "w").write(str(child))
"""
LEFT_BEHIND = {
    "a child": LEAVES.replace("{more}", ""),
    "a daemon": LEAVES.replace("{more}", "start_new_session=True"),
    "a fork that holds the pipe": FORKS,
}


@linux_only
@pytest.mark.parametrize("text", LEFT_BEHIND.values(), ids=LEFT_BEHIND)
def test_nothing_that_a_test_started_survives_the_run(
    tree: "ProjectTree", tmp_path: Path, text: str
) -> None:
    note = tmp_path / "pid"
    tree.write({"tests/test_a.py": text.format(note=str(note))})

    run = tree.run(seconds=20.0)

    assert run.problem is None
    assert run.seconds < 15.0
    assert _ended(int(note.read_text()))


@linux_only
def test_the_harness_dies_with_the_hook(tree: "ProjectTree", tmp_path: Path) -> None:
    note = tmp_path / "pid"
    os.mkfifo(note)
    text = f"import os, signal\nopen({str(note)!r}, 'w').write(str(os.getpid()))\nsignal.pause()\n"
    tree.write({"tests/test_a.py": text})
    hook = subprocess.Popen((sys.executable, "-c", HOOK.format(tree=tree, python=tree.python)))
    harness = int(note.read_text())

    hook.send_signal(signal.SIGKILL)
    hook.wait()

    assert _ended(harness)


HOOK = """\
import time
from pathlib import Path
from sloptest_hook.running.runner import SnapshotRunner
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.pytest_run import ProjectPython, PytestRequest

python = ProjectPython("{python}", "", (3, 9, 0), "", "9", "7")
folders = Path("{tree.snapshot}"), Path("{tree.worktree}"), Path("{tree.scratch}")
runner = SnapshotRunner(python, *folders, [])
runner.run(PytestRequest(("tests",)), Deadline(time.monotonic() + 60, time.monotonic))
"""


def _ended(pid: int) -> bool:
    """Say whether a process ends within seconds; one that is gone has."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        ready, _, _ = select.select([descriptor], [], [], 10.0)
    finally:
        os.close(descriptor)
    return bool(ready)


def test_an_interpreter_that_cannot_start_is_named(tree: "ProjectTree") -> None:
    from dataclasses import replace

    gone = replace(tree, python=tree.root / "bin" / "gone")

    with pytest.raises(RunnerError, match=r"cannot start .*/bin/gone: No such file"):
        gone.run()


def test_endless_output_ends_the_run(tree: "ProjectTree") -> None:
    text = "import os\nwhile True: os.write(2, b'x' * 1_000_000)\n"
    tree.write({"pytest.ini": "[pytest]\naddopts = --capture=no\n"})
    tree.write({"tests/conftest.py": text, "tests/test_a.py": ""})

    run = tree.run(seconds=60.0)

    assert run.problem == "pytest wrote too much output before the first test"
    assert not run.timed_out


ENVIRONMENTS = {
    "the user's own": project_environment,
    "generated": bare_environment,
}


@pytest.mark.parametrize("environment", ENVIRONMENTS.values(), ids=ENVIRONMENTS)
@pytest.mark.parametrize(
    "name",
    [
        "GIT_DIR",
        "GIT_INDEX_FILE",
        "GIT_WORK_TREE",
        "PRE_COMMIT",
        "PYTEST_ADDOPTS",
        "VIRTUAL_ENV",
        "COVERAGE_PROCESS_START",
        "PYTHONHOME",
    ],
)
def test_what_belongs_to_the_hook_is_not_passed_on(
    monkeypatch: pytest.MonkeyPatch, environment: Callable[[], dict[str, str]], name: str
) -> None:
    monkeypatch.setenv(name, "x")

    assert name not in environment()


def test_the_users_own_tests_keep_what_is_the_users(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_TOKEN", "dummy")
    monkeypatch.setenv("GIT_AUTHOR_NAME", "A. Author")

    found = project_environment()

    assert (found["SHOP_TOKEN"], found["GIT_AUTHOR_NAME"]) == ("dummy", "A. Author")
    assert "SHOP_TOKEN" not in bare_environment()


def test_scripts_of_the_hooks_own_environment_are_not_in_path(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(sys.prefix, "bin")), "/usr/bin"]))

    assert project_environment()["PATH"] == "/usr/bin"
    assert bare_environment()["PATH"] == "/usr/bin"


FORKS_MANY = """\
import os, signal

def test_a():
    for _ in range(100):
        if os.fork() == 0:
            signal.pause()
    signal.pause()
"""
HIDES_DAEMON = """\
import os

def test_a(tmp_path):
    reader, writer = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.write(writer, str(os.getpid()).encode())
            os.execve("/bin/sleep", ["sleep", "100"], {})
        os._exit(0)
    os.wait()
    raise AssertionError("pid " + os.read(reader, 9).decode())
"""


def _allowing_processes(tree: "ProjectTree", text: str) -> PytestRun:
    from dataclasses import replace

    tree.write({"tests/test_a.py": text})
    request = PytestRequest(
        ("tests/test_a.py::test_a",), generated=frozenset({"tests/test_a.py::test_a"})
    )
    deadline = Deadline(time.monotonic() + 60, time.monotonic)
    return replace(tree.runner(), sandbox=SandboxSettings(allow_subprocess=True)).run(
        request, deadline
    )


@linux_only
def test_too_many_processes_end_a_generated_test(tree: "ProjectTree") -> None:
    run = _allowing_processes(tree, FORKS_MANY)

    assert run.problem == "pytest ran more than 64 processes in tests/test_a.py::test_a"


@linux_only
def test_a_daemon_that_has_cleared_its_environment_is_ended(tree: "ProjectTree") -> None:
    [result] = _allowing_processes(tree, HIDES_DAEMON).results

    pid = re.search(r"pid (\d+)", result.message)
    assert pid is not None, result.message
    assert _ended(int(pid[1]))
