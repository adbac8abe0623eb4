"""The price of confinement: one pytest run bare, confined, and confined without namespaces.

    python tests/benchmarks/confinement.py [PYTHON] [RUNS]

The three are run in turn, each turn beginning with another, so that a change of the machine's load
meets all of them; what is printed is the median of the differences within a turn, and the fastest
of each kind. On a loaded machine these say little: "itself" is the stub alone, from its import to
the last layer, by its own clocks. PYTHON needs pytest.
The goals: 10 ms without namespaces, 25 ms with them.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sloptest_hook.running.process import HARNESS

RUN = """\
import os, sys, time, types

folder, kind, tree, scratch = sys.argv[1:]
sys.path[:] = [each for each in sys.path if each]
before = time.perf_counter(), time.process_time()
if kind != "bare":
    package = types.ModuleType("harness")
    package.__path__ = [folder]
    sys.modules["harness"] = package
    from harness import confine
    from harness.confining import limits, namespaces
    if kind == "without namespaces":
        def enter(writable):
            raise OSError(0, "left out")
        namespaces.enter = enter
    limits.limit(4096, 60, 64)
    found = confine.lock_down(confine.Wanted([tree], scratch))
    assert found.level == "strong", found
sys.dont_write_bytecode = True  # confined it could not be written
print(time.perf_counter() - before[0], time.process_time() - before[1], flush=True)
import pytest
options = ["-q", "-p", "no:cacheprovider", f"--rootdir={tree}", f"--confcutdir={tree}"]
sys.exit(pytest.main([*options, "-c", os.devnull, f"{tree}/test_a.py"]))
"""
KINDS = ("bare", "without namespaces", "with namespaces")


def main() -> None:
    python = sys.argv[1] if len(sys.argv) > 1 else sys.executable
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    with tempfile.TemporaryDirectory() as name:
        room = Path(name)
        for folder in ("tree", "scratch"):
            (room / folder).mkdir()
        (room / "tree" / "test_a.py").write_text("def test_a():\n    assert True\n")
        for kind in KINDS:  # compiles what is not compiled yet
            seconds(python, room, kind)
        turns = []
        for turn in range(runs):
            order = KINDS[turn % 3 :] + KINDS[: turn % 3]
            turns.append({kind: seconds(python, room, kind) for kind in order})
    print(f"{python}, {runs} turns, load {os.getloadavg()[0]:.1f}; milliseconds")
    for kind in KINDS:
        for place, clock in enumerate(("wall", "processor")):
            print(f"{kind:<20} {clock:>9}  {_line(turns, kind, place)}")


Turn = dict[str, tuple[float, float, float, float]]


def _line(turns: list[Turn], kind: str, place: int) -> str:
    whole = [turn[kind][place] for turn in turns]
    more = [turn[kind][place] - turn["bare"][place] for turn in turns]
    itself = [turn[kind][place + 2] for turn in turns]
    return (
        f"fastest {1000 * min(whole):6.1f}  more than bare {1000 * statistics.median(more):+6.1f}  "
        f"itself {1000 * min(itself):5.1f} to {1000 * statistics.median(itself):5.1f}"
    )


def seconds(python: str, room: Path, kind: str) -> tuple[float, float, float, float]:
    """Return wall and processor time of one run, and of the stub in it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    done = subprocess.run(
        (python, "-c", RUN, str(HARNESS), kind, str(room / "tree"), str(room / "scratch")),
        check=True,
        capture_output=True,
        text=True,
        cwd=room / "tree",
        env={"PATH": os.defpath, "HOME": str(room / "tree"), "TMPDIR": str(room / "scratch")},
        start_new_session=True,
    )
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    itself = done.stdout.split("\n", 1)[0].split()
    return wall, spent, float(itself[0]), float(itself[1])


if __name__ == "__main__":
    main()
