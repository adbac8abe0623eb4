"""How much longer than its time budget the hook takes when everything around it goes wrong.

    python tests/benchmarks/overrun.py PYTHON [RUNS] [SEED]

PYTHON is an interpreter with pytest and coverage. Each run commits into a small project with two
faults drawn at random: of its tests, its code, its plugins, its provider. What a run takes over the
budget is printed, and what it leaves running; the aim is never more than two seconds, and nothing.
The machine has to be idle: the hook ends what it waits for in time, and cannot make up for a
processor that it does not get. The load is printed too.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.conftest import SHOP, approve
from tests.generation.providers.server import PROTOCOLS, Breaks, Fails, Fake, Said

BUDGET = 6
ALLOWED = 2.0
MARK = "OVERRUN_BENCHMARK"  # in the environment of all that a run starts
HANGS = "import time\n\n\ndef test_{0}():\n    time.sleep(600)\n"
DEAF = """import signal
import time


def test_deaf():
    for each in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM):
        signal.signal(each, signal.SIG_IGN)
    time.sleep(600)
"""
SLOW = """import time

import pytest


@pytest.mark.parametrize("n", range(200))
def test_slow(n):
    from shop.rank import ranked

    time.sleep(0.3)
"""
EXIT_HANGS = """import atexit
import time


def pytest_unconfigure(config):
    atexit.register(time.sleep, 600)
"""
THREAD = """import threading
import time


def pytest_sessionstart(session):
    threading.Thread(target=time.sleep, args=(600,)).start()
"""
RANK = """def ranked(names, limit):
    if limit < 0:
        raise ValueError("limit must not be negative")
    {0}
    return sorted(names, key=len)[:limit]
"""
FORKS = "import os\n    for _ in range(6):\n        os.fork()"
LEAVES = (
    "import subprocess, sys\n"
    "    subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])"
)
ORPHAN = f"def test_leaves():\n    {LEAVES}\n"

FILES: Mapping[str, Mapping[str, str]] = {
    "a test that hangs": {"tests/test_cart2.py": HANGS.format("hangs")},
    "a test deaf to signals": {"tests/test_deaf.py": DEAF},
    "slow tests": {"tests/test_slow.py": SLOW},
    "a test that leaves a process": {"tests/test_leaves.py": ORPHAN},
    "a test file that hangs": {"tests/test_import.py": "import time\n\ntime.sleep(600)\n"},
    "a conftest that hangs": {"tests/conftest.py": "import time\n\ntime.sleep(600)\n"},
    "a plugin that hangs at exit": {"conftest.py": EXIT_HANGS},
    "a plugin whose thread hangs": {"conftest.py": THREAD},
}
STAGED: Mapping[str, str] = {
    "sound code": RANK.format("pass"),
    "code that hangs": RANK.format("while True: pass"),
    "code that sleeps": RANK.format("__import__('time').sleep(600)"),
    "an import that hangs": "while True: pass\n" + RANK.format("pass"),
    "a fork bomb": RANK.format(FORKS),
    "code that leaves a process": RANK.format(LEAVES),
    "code that takes memory": RANK.format("names = [bytearray(3 << 30)]"),
    "code that kills itself": RANK.format("__import__('os')._exit(3)"),
}
PROVIDER: Mapping[str, Callable[[], object]] = {
    "offline": lambda: None,
    "a provider that hangs": lambda: Breaks("hang"),
    "a provider that drips": lambda: Breaks("drip", b'{"a": 1}'),
    "a provider that fails": lambda: Fails(500),
    "a provider that is slow": lambda: Said("{}", delay=20),
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("python")
    parser.add_argument("runs", nargs="?", type=int, default=40)
    parser.add_argument("seed", nargs="?", type=int, default=0)
    asked = parser.parse_args()
    drawn = random.Random(asked.seed)
    worst = 0.0
    late = left_running = 0
    for number in range(asked.runs):
        faults = [drawn.choice(list(each)) for each in (FILES, STAGED, PROVIDER)]
        over, left, code = one_run(asked.python, *faults)
        worst, late = max(worst, over), late + (over > ALLOWED)
        left_running += bool(left)
        more = f"; left running: {left}" if left else ""
        load = os.getloadavg()[0]
        said = f"{number:>3} {over:+6.2f} s  exit {code}  load {load:.1f}"
        print(f"{said}  {', '.join(faults)}{more}", flush=True)
    print(f"{asked.runs} runs: {late} more than {ALLOWED:g} s over, the worst {worst:+.2f} s;")
    print(f"  {left_running} left a process behind")


def one_run(python: str, files: str, staged: str, provider: str) -> tuple[float, int, int]:
    """Return the seconds over the budget, how many processes were left, and the exit code."""
    fake = Fake(*PROTOCOLS["anthropic"])
    script = PROVIDER[provider]()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as directory:
        root = Path(directory)
        environment = environment_of(root, python)
        made(root, {**SHOP, **FILES[files], "pyproject.toml": _settings(script)}, environment)
        git(root, environment, "commit", "-q", "-m", "all")
        approve(root)
        if script is not None:
            fake.default = script  # type: ignore[assignment]  # one of the three, by the table
            environment |= {"SLOPTEST_LLM_BASE_URL": fake.url, "ANTHROPIC_API_KEY": "none"}
        made(root, {"shop/rank.py": STAGED[staged]}, environment)
        began = time.perf_counter()
        done = subprocess.run(
            (sys.executable, "-m", "sloptest_hook", "hook"),
            cwd=root,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        over = time.perf_counter() - began - BUDGET
        left = _left(str(root))
    fake.close()
    return over, left, done.returncode


def _settings(script: object) -> str:
    engine = "offline" if script is None else "anthropic"
    return f'[tool.sloptest]\ntime-budget = {BUDGET}\nengine = "{engine}"\n'


def environment_of(root: Path, python: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "SLOPTEST_"))}
    names = {f"GIT_{who}_{what}": "a" for who in ("AUTHOR", "COMMITTER") for what in ("NAME",)}
    mails = {f"GIT_{who}_EMAIL": "a@example.com" for who in ("AUTHOR", "COMMITTER")}
    ours = {"GIT_CONFIG_GLOBAL": os.devnull, "SLOPTEST_PYTHON": python, MARK: str(root)}
    return {**kept, **names, **mails, **ours, "PYTHONPATH": str(Path(__file__).parents[2])}


def made(root: Path, files: Mapping[str, str], environment: Mapping[str, str]) -> None:
    if not (root / ".git").exists():
        git(root, environment, "init", "-q")
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    git(root, environment, "add", "-A")


def git(root: Path, environment: Mapping[str, str], *args: str) -> None:
    subprocess.run(("git", *args), cwd=root, env=environment, check=True)


def _left(root: str) -> int:
    """Count and end what still runs of a run, by the mark in its environment."""
    mark = f"{MARK}={root}".encode()
    found = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (process / "environ").read_bytes().split(b"\0"):
                os.kill(int(process.name), signal.SIGKILL)
                found += 1
        except OSError:
            continue
    return found


if __name__ == "__main__":
    main()
