"""What asking a provider costs besides the provider: time, and the tokens of prompts.

    python tests/benchmarks/llm.py [TARGETS] [LATENCY]

One file a target, a batch each, against a server of this machine that answers after LATENCY
seconds (2) by Anthropic's protocol, asked by Anthropic's own client. The first figure is to be near
one latency, not TARGETS of them; the second is what remains for each target without it. The offline
search, pytest and git have no part in it. The import of the client is counted: a commit pays it.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

sys.path.insert(0, str(Path(__file__).parents[2]))

from sloptest_hook.generation.desk import Desk
from sloptest_hook.generation.llm_engine import LlmEngine
from sloptest_hook.generation.prompt import VERSION
from sloptest_hook.generation.prompt_texts import system_text
from sloptest_hook.generation.providers.access import Access, Dialect, Secret
from sloptest_hook.generation.providers.table import opened
from sloptest_hook.values.candidate import Candidate
from sloptest_hook.values.coverage import CoverageStatus, CoverageVerdict, Evidence
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.observed import Observations, SearchRequest
from sloptest_hook.values.plan import Target
from sloptest_hook.values.settings import EngineName, LlmSettings
from sloptest_hook.values.source import LineRange, Symbol, SymbolKind
from sloptest_hook.values.surroundings import Surroundings
from tests.generation.desk import FreeBudget, NoReplies
from tests.generation.providers.server import PROTOCOLS, Fake, Said

SOURCE = '''def f{0}(names, limit):
    """Return the shortest names."""
    if limit < 0:
        raise ValueError("limit must not be negative")
    found = sorted(names, key=len)
    if not found:
        return []
    return found[:limit]
'''


class NoSearch:
    """Sees nothing."""

    def search(
        self, requests: Sequence[SearchRequest], deadline: Deadline
    ) -> Iterator[Observations]:
        return iter(())


def target(number: int) -> Target:
    path = PurePosixPath(f"shop/m{number}.py")
    symbol = Symbol(path, f"f{number}", SymbolKind.FUNCTION, LineRange(1, 8), str(number))
    missing = frozenset({3, 4, 5, 6, 7, 8})
    verdict = CoverageVerdict(
        symbol, CoverageStatus.UNCOVERED, Evidence.MEASURED, missing_lines=missing
    )
    return Target(verdict, f"shop.m{number}", SOURCE.format(number))


def answer(number: int) -> Said:
    test = {
        "name": f"test_f{number}",
        "code": f"def test_f{number}():\n    assert f{number}(['a'], 1) == ['a']\n",
        "imports": [f"from shop.m{number} import f{number}"],
        "covers": f"f{number}",
        "why": "so",
    }
    return Said(json.dumps({"tests": [test], "suspected_bugs": []}))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("targets", nargs="?", type=int, default=16)
    parser.add_argument("latency", nargs="?", type=float, default=2.0)
    asked = parser.parse_args()
    fake = Fake(*PROTOCOLS["anthropic"])
    fake.default = Said(answer(0).text, delay=asked.latency)
    model = "claude-sonnet-5-5"
    access = Access(EngineName.ANTHROPIC, Dialect.MESSAGES, model, fake.url, Secret("none"))
    sizes: list[int] = []
    desk = Desk(
        settings=LlmSettings(max_concurrency=64),
        engine="anthropic",
        tests_dir="tests",
        place=fake.url,
        model=model,
        open_provider=lambda: opened(access),
        clean=lambda text: text,
        private=lambda _target: None,
        surroundings=lambda _target: Surroundings("tests/test_m.py"),
        budget=FreeBudget(),
        replies=NoReplies(),
        keep=lambda name, text: sizes.append(len(text)) if "prompt" in name else None,
        system=system_text(VERSION),
        key=b"k" * 32,
    )
    targets = [target(number) for number in range(asked.targets)]
    for round_name in ("with the client's import", "warm"):
        sizes.clear()
        began = time.perf_counter()
        deadline = Deadline(time.monotonic() + 60, time.monotonic)
        answers = list(LlmEngine(desk, NoSearch()).write(targets, deadline))
        seconds = time.perf_counter() - began
        own = seconds - asked.latency
        print(f"{round_name}: {len(targets)} targets at {asked.latency:g} s: {seconds:.2f} s")
        print(f"  besides the latency: {own:.2f} s, {own / len(targets) * 1000:.0f} ms a target")
    tokens = sum(sizes) / len(sizes) / 4
    stable = len(desk.system) / 4
    lines = sum(len(each.verdict.missing_lines) for each in targets) / len(targets)
    print(f"a prompt: about {tokens:.0f} tokens, {stable:.0f} of them the same for every call")
    print(f"  {tokens / lines:.0f} a missing line, {(tokens - stable) / lines:.0f} without these")
    good = sum(isinstance(each, Candidate) for each in answers)
    print(f"  (the server gives one reply for all: {good} of {len(answers)} targets take it)")


if __name__ == "__main__":
    main()
