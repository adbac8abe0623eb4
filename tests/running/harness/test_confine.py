"""What a process can still do after it gave up rights."""

import ctypes
import subprocess
import sys
from pathlib import Path

import pytest

from sloptest_hook.running.process import HARNESS

SCRIPT = """\
import os, resource, socket, sys, types

folder, scratch, outside = sys.argv[1:]
package = types.ModuleType("harness")
package.__path__ = [folder]
sys.modules["harness"] = package
sys.dont_write_bytecode = True
from harness import confine

def tried(act):
    try:
        act()
    except (OSError, MemoryError) as error:
        return type(error).__name__
    return "done"
"""


def run(python: Path, tmp_path: Path, code: str) -> str:
    scratch, outside = tmp_path / "scratch", tmp_path / "outside"
    scratch.mkdir()
    outside.mkdir()
    (outside / "kept").write_text("kept")
    command = (str(python), "-c", SCRIPT + code, str(HARNESS), str(scratch), str(outside))
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _has_landlock() -> bool:
    if sys.platform != "linux":
        return False
    create_ruleset, ask_for_version = 444, 1
    return bool(ctypes.CDLL(None).syscall(create_ruleset, None, 0, ask_for_version) > 0)


needs_landlock = pytest.mark.skipif(not _has_landlock(), reason="this system has no Landlock")


@needs_landlock
def test_a_locked_down_process_writes_below_scratch_only(each_python: Path, tmp_path: Path) -> None:
    said = run(
        each_python,
        tmp_path,
        """
print(confine.level())
print(confine.lock_down([scratch, "/nowhere/at/all"]))
print(tried(lambda: open(scratch + "/x", "w").close()))
print(tried(lambda: open("/dev/null", "w").close()))
print(tried(lambda: open(outside + "/kept").close()))
print(tried(lambda: open(outside + "/x", "w").close()))
print(tried(lambda: os.truncate(outside + "/kept", 0)))
print(tried(lambda: os.remove(outside + "/kept")))
print(tried(lambda: os.rename(outside + "/kept", scratch + "/kept")))
print(os.system("echo x 2>&- > " + outside + "/x") != 0)
""",
    )

    denied = ["PermissionError"] * 4
    assert said.split() == ["partial", "partial", "done", "done", "done", *denied, "True"]


@needs_landlock
def test_a_locked_down_process_makes_no_connection(project_python: Path, tmp_path: Path) -> None:
    said = run(
        project_python,
        tmp_path,
        """
server = socket.create_server(("127.0.0.1", 0))
confine.lock_down([scratch])
print(tried(lambda: socket.create_connection(server.getsockname())))
print(tried(lambda: socket.socket().bind(("127.0.0.1", 0))))
""",
    )

    assert said.split() == ["PermissionError", "PermissionError"]


def test_limits_hold_and_zero_leaves_one_alone(each_python: Path, tmp_path: Path) -> None:
    said = run(
        each_python,
        tmp_path,
        """
time = resource.getrlimit(resource.RLIMIT_CPU)
confine.limit(memory_mb=1024, file_mb=1)
print(tried(lambda: bytearray(2 * 1024 ** 3)))
print(tried(lambda: open(scratch + "/x", "wb", buffering=0).write(bytes(2 * 1024 ** 2))) == "done")
print(os.path.getsize(scratch + "/x"))
print(time == resource.getrlimit(resource.RLIMIT_CPU))
print(resource.getrlimit(resource.RLIMIT_CORE))
""",
    )

    assert said.splitlines() == ["MemoryError", "True", str(1024**2), "True", "(0, 0)"]


def test_limits_are_never_raised(project_python: Path, tmp_path: Path) -> None:
    said = run(
        project_python,
        tmp_path,
        """
confine.limit(file_mb=1)
confine.limit(file_mb=2)
print(resource.getrlimit(resource.RLIMIT_FSIZE)[1])
""",
    )

    assert said.strip() == str(1024**2)
