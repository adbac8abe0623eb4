"""What a commit with nothing to do costs, as a ratio to one bare ``git diff --cached``.

    python tests/benchmarks/no_op.py [ROUNDS]

Whole processes, run in turns so that both sides see the same machine; minimum and median of
each, and their ratio. The aim is a ratio of the minima under 3.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BARE = (
    sys.executable,
    "-c",
    "import subprocess; subprocess.run(['git', 'diff', '--cached', '--raw', '-z'])",
)
HOOK = (str(Path(sys.executable).with_name("sloptest")), "hook")
CHANGED = "def total(prices):\n    return sum(list(prices))\n"
ENVIRONMENT = {
    # An installed hook is compiled once; where nothing is written it would be at every run.
    **{
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") and name != "PYTHONDONTWRITEBYTECODE"
    },
    "GIT_CONFIG_GLOBAL": os.devnull,
    "SLOPTEST_PYTHON": sys.executable,
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@example.com",
}


def repository(root: Path, files: int) -> None:
    """Make a repository of so many files, one of them tested."""
    for number in range(files):
        path = root / f"pkg{number // 100}" / f"module{number}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"def f{number}(x):\n    return x + {number}\n")
    (root / "cart.py").write_text("def total(prices):\n    return sum(prices)\n")
    (root / "tests").mkdir()
    (root / "tests" / "test_cart.py").write_text(
        "from cart import total\n\n\ndef test_total():\n    assert total([1]) == 1\n"
    )
    run(root, "git", "init", "-q")
    run(root, "git", "add", "-A")
    run(root, "git", "commit", "-q", "-m", "all")


def run(root: Path, *command: str) -> float:
    """Run a command and return its seconds."""
    started = time.perf_counter()
    subprocess.run(command, cwd=root, env=ENVIRONMENT, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started


def compare(root: Path, what: str, rounds: int) -> None:
    """Print one line for the repository as it is staged now."""
    bare, hook = [], []
    for _ in range(rounds):
        bare.append(run(root, *BARE))
        hook.append(run(root, *HOOK))
    least, middle = min(hook) / min(bare), statistics.median(hook) / statistics.median(bare)
    print(
        f"{what:<32} bare {min(bare) * 1000:6.1f} ms   hook {min(hook) * 1000:6.1f} ms"
        f"   ratio of minima {least:.2f}, of medians {middle:.2f}"
    )


def main() -> None:
    """Compare at 100 and at 10,000 files, without Python staged and with known symbols."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    for files in (100, 10_000):
        root = Path(tempfile.mkdtemp(prefix="sloptest-bench-"))
        try:
            repository(root, files)
            (root / "notes.txt").write_text("hello\n")
            run(root, "git", "add", "notes.txt")
            compare(root, f"{files} files, no Python staged", rounds)
            (root / "cart.py").write_text(CHANGED)
            run(root, "git", "add", "cart.py")
            run(root, *HOOK)
            compare(root, f"{files} files, known symbol staged", rounds)
        finally:
            shutil.rmtree(root, ignore_errors=True)


if __name__ == "__main__":
    main()
