"""Runs random sequences by hand, in lots with a seed each, and prints what came of them."""

import os
import secrets
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path
from typing import Protocol, cast

import pytest
from hypothesis.errors import Flaky

from tests.conftest import set_git_environment
from tests.twin.playground import HookName, Playground, hook_command, make_playground
from tests.twin.staging_hook import CAREFUL
from tests.twin.world import Runner, make_seed

# After a violation the rest of its lot is not played.
_LOT = 10


class Play(Protocol):
    """Runs sequences in a playground, chosen by a number; raises AssertionError."""

    def __call__(
        self, playground: Playground, sequences: int, *, number: int, shrink: bool
    ) -> None: ...


def run_lots(play: Play) -> None:
    """Do what the environment says, see `machine.py`; exits with 1 when something was found."""
    seed = int(os.environ.get("FUZZ_SEED") or secrets.randbelow(10**6))
    total = int(os.environ.get("FUZZ_SEQUENCES", "20"))
    runners = (os.environ["FUZZ_RUNNER"],) if "FUZZ_RUNNER" in os.environ else _RUNNERS
    shrink = os.environ.get("FUZZ_SHRINK") == "yes"
    figures: Counter[str] = Counter()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patch:
        playgrounds = _playgrounds(Path(place), patch, runners, figures)
        for lot in range(-(-total // _LOT)):
            runner = runners[lot % len(runners)]
            try:
                count = min(_LOT, total - lot * _LOT)
                play(playgrounds[runner], count, number=seed + lot, shrink=shrink)
            except (AssertionError, Flaky) as error:
                figures["violations"] += 1
                _print(f"FUZZ_RUNNER={runner} FUZZ_SEED={seed + lot} FUZZ_SEQUENCES={_LOT}")
                _print("".join(traceback.format_exception(error)))
            sys.stderr.write(
                f"\r{figures['sequences']} sequences, {figures['violations']} violations"
            )
    _print(f"seeds {seed} to {seed + lot}, {time.monotonic() - started:.0f} seconds")
    for name in ("sequences", *sorted(figures.keys() - {"sequences"}), "violations"):
        _print(f"{figures[name]:8} {name}")
    sys.exit(bool(figures["violations"]))


_RUNNERS = ("plain", "pre-commit")


def _playgrounds(
    place: Path, patch: pytest.MonkeyPatch, runners: tuple[str, ...], figures: Counter[str]
) -> dict[str, Playground]:
    """Make one for each runner; the projects' interpreter is this one, which has pytest."""
    set_git_environment(patch, place)
    python = Path(sys.executable)
    hook = hook_command(
        cast("HookName", os.environ.get("FUZZ_HOOK", "stager")),
        os.environ.get("FUZZ_VARIANT", CAREFUL),
    )
    made = {}
    for runner in runners:
        room = place / runner
        seed = make_seed(room, python)
        playground = make_playground(seed, room, python, cast("Runner", runner), hook)
        made[runner] = Playground(playground.pattern, playground.place, figures)
    return made


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
