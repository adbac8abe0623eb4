"""What a run uses of the machine, seen from outside."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sloptest_hook.running.watch import Most, Watch

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of processes")

FAMILY = """\
import os, signal, sys
kept = b"x" * int(sys.argv[2])
reader, writer = os.pipe()
for _ in range(int(sys.argv[1])):
    if os.fork() == 0:
        os.write(writer, b"1")
        signal.pause()
for _ in range(int(sys.argv[1])):
    os.read(reader, 1)
print("ready", flush=True)
sys.stdin.read()
os.killpg(0, signal.SIGKILL)
"""


@contextmanager
def family(children: int, size: int = 0) -> Iterator[int]:
    """Yield the number of a process with children, each of which holds so many bytes."""
    process = subprocess.Popen(
        (sys.executable, "-c", FAMILY, str(children), str(size)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with process, process.stdin, process.stdout:
        process.stdout.readline()
        yield process.pid
        process.stdin.close()


@linux_only
@pytest.mark.parametrize(
    ("most", "said"),
    [
        pytest.param(Most(processes=3), "ran more than 3 processes", id="processes"),
        pytest.param(Most(memory_mb=150), "needed more than 150 MB of memory", id="memory"),
        pytest.param(Most(), "", id="neither"),
    ],
)
def test_all_processes_of_a_run_count(tmp_path: Path, most: Most, said: str) -> None:
    with family(3, size=50_000_000) as pid:
        assert Watch(pid, tmp_path, most).excess() == said


@pytest.mark.parametrize(
    ("most", "said"),
    [
        pytest.param(Most(scratch_mb=1), "wrote more than 1 MB", id="bytes"),
        pytest.param(Most(scratch_files=5), "wrote more than 5 files", id="files"),
        pytest.param(Most(), "", id="neither"),
    ],
)
def test_all_that_lies_in_scratch_counts(tmp_path: Path, most: Most, said: str) -> None:
    (tmp_path / "folder").mkdir()
    for number in range(8):
        (tmp_path / "folder" / str(number)).write_bytes(bytes(300_000))

    assert Watch(0, tmp_path, most).excess() == said


def test_a_look_that_came_just_now_is_not_repeated(tmp_path: Path) -> None:
    watch = Watch(0, tmp_path, Most(scratch_files=0))
    (tmp_path / "file").touch()

    assert watch.excess() != ""
    assert watch.excess() == ""
