"""What it costs to prove tests: from a model's reply to the staged file.

    python tests/benchmarks/verification.py PYTHON [TARGETS...]

PYTHON is an interpreter with pytest and coverage. For each number of TARGETS (1, 10, 50) a commit
of so many functions in one file asks a provider on this machine that answers at once, in calls of
25 functions each. From the last answer until the hook has ended: merging, proving, trying mutants,
staging, reporting. Beside it one bare ``pytest`` of the very file that was written.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.overrun import environment_of, git, made
from tests.conftest import SHOP, approve
from tests.generation.providers.server import PROTOCOLS, Body, Fake, Said

FUNCTION = """def f{0}(names, limit):
    if limit < {0}:
        raise ValueError("limit must not be less than {0}")
    found = sorted(names, key=len)
    return found[:limit - {0}]


"""
SHORT = """def test_f{0}_is_short():
    assert f{0}(["bb", "a"], {0} + 1) == ["a"]
"""
REFUSES = """def test_f{0}_refuses():
    with pytest.raises(ValueError, match="must not be"):
        f{0}([], {0} - 1)
"""
TESTS = (SHORT, REFUSES)
SETTINGS = """[tool.sloptest]
engine = "anthropic"
time-budget = 300

[tool.sloptest.llm]
batch-size = 25
fallback = "none"
"""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("python")
    parser.add_argument("targets", nargs="*", type=int, default=[1, 10, 50])
    asked = parser.parse_args()
    for number in asked.targets:
        proving, bare, kept = measured(asked.python, number)
        tests = number * len(TESTS)
        print(f"{number:>3} targets, {kept} of {tests} tests staged: {proving:.2f} s from reply")
        print(f"    to end, {proving / tests * 1000:.0f} ms a test; bare pytest {bare:.2f} s,")
        print(f"    {bare / tests * 1000:.0f} ms a test; ratio {proving / bare:.1f}", flush=True)


def measured(python: str, number: int) -> tuple[float, float, int]:
    """Return the seconds from reply to end, those of a bare pytest, and how many tests are kept."""
    told: list[float] = []
    answer, failure = PROTOCOLS["anthropic"]

    def noted(said: Said, body: Body) -> Body:
        wanted = re.search(r"Write the tests for: ([^.]*)\.", json.dumps(body))
        numbers = re.findall(r"\d+", wanted[1]) if wanted else []
        told.append(time.perf_counter())
        return answer(reply(numbers), body)

    fake = Fake(noted, failure)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as directory:
        root = Path(directory)
        environment = environment_of(root, python)
        environment |= {"SLOPTEST_LLM_BASE_URL": fake.url, "ANTHROPIC_API_KEY": "none"}
        made(root, {**SHOP, "pyproject.toml": SETTINGS}, environment)
        git(root, environment, "commit", "-q", "-m", "all")
        approve(root)
        made(root, {"shop/rank.py": "".join(map(FUNCTION.format, range(number)))}, environment)
        run((sys.executable, "-m", "sloptest_hook", "hook"), root, environment)
        proving = time.perf_counter() - told[-1]
        report = json.loads((root / ".git/sloptest/report.json").read_text())
        kept = len({test for each in report["symbols"] for test in each["tests"]})
        began = time.perf_counter()
        run((python, "-m", "pytest", "-q", *report["files_staged"]), root, environment)
        bare = time.perf_counter() - began
    fake.close()
    return proving, bare, kept


def reply(numbers: list[str]) -> Said:
    """Return two good tests for each of the functions."""
    tests = [
        {
            "name": code.partition("(")[0].removeprefix("def "),
            "code": code,
            "imports": ["import pytest", f"from shop.rank import f{each}"],
            "covers": f"f{each}",
            "why": "so",
        }
        for each in numbers
        for code in (text.format(each) for text in TESTS)
    ]
    return Said(json.dumps({"tests": tests, "suspected_bugs": []}))


def run(command: tuple[str, ...], root: Path, environment: dict[str, str]) -> None:
    subprocess.run(command, cwd=root, env=environment, stdout=subprocess.DEVNULL, check=False)


if __name__ == "__main__":
    main()
