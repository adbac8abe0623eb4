"""Eight writers on one cache, killed at random: what can be read afterwards must be right.

    python tests/store/chaos.py [ROUNDS]

Each round eight processes record facts that a number alone decides, into one file; after a random
moment a random half of them is killed. Then every fact is read and held against what its number
says, and SQLite checks the file.
"""

import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from sloptest_hook.store.store import FactStore  # noqa: E402
from tests.store.facts import by_node, fact, measured, recorded, symbol  # noqa: E402

WRITERS = 8
SYMBOLS = 400
TESTS = 60


def write(place: Path, seed: int) -> None:
    """Record random slices of the facts until somebody ends this process."""
    chance = random.Random(seed)
    tests = [recorded(number) for number in range(TESTS)]
    store = FactStore(place)
    while True:
        first = chance.randrange(SYMBOLS - 20)
        facts = [fact(symbol(number), TESTS) for number in range(first, first + 20)]
        store.record(measured(facts, tests, whole=True), f"witness {seed}")
        print("recorded", flush=True)
        store.facts([symbol(chance.randrange(SYMBOLS)) for _ in range(5)])


def wrong_facts(place: Path) -> tuple[int, list[str]]:
    """Return how many facts there are, and those that are not what their number says."""
    store = FactStore(place)
    nodes = {position: recorded(position).node_id for position in range(TESTS)}
    wrong, count = [], 0
    for number in range(SYMBOLS):
        of = symbol(number)
        for found in store.facts([of]).get(of, ()):
            count += 1
            ids = [test for share in found.shares for test in share.tests]
            names = {row: test.node_id for row, test in store.tests(ids).items()}
            if by_node(found, names) != by_node(fact(of, TESTS), nodes):
                wrong.append(str(of))
    return count, wrong


def run(place: Path, rounds: int, seed: int) -> list[str]:
    """Play the rounds and return what went wrong, one line each."""
    chance = random.Random(seed)
    troubles: list[str] = []
    facts = 0
    for number in range(rounds):
        writers = [
            subprocess.Popen(
                (sys.executable, __file__, "--write", str(place), str(chance.random())),
                stdout=subprocess.PIPE,
            )
            for _ in range(WRITERS)
        ]
        # From here on, however loaded the machine: one has recorded, the others are anywhere.
        assert writers[0].stdout is not None
        writers[0].stdout.readline()
        time.sleep(chance.random() * 0.5)
        for each in chance.sample(writers, WRITERS // 2):
            each.send_signal(signal.SIGKILL)
        time.sleep(chance.random() * 0.2)
        for each in writers:
            each.kill()
            each.communicate()
        facts, wrong = wrong_facts(place)
        troubles += [f"round {number}: {name}" for name in wrong]
        with contextlib.closing(sqlite3.connect(place / "sloptest" / "cache.db")) as database:
            word = database.execute("PRAGMA integrity_check").fetchone()[0]
        troubles += [] if word == "ok" else [f"round {number}: {word}"]
        if number % 50 == 49:
            print(f"{number + 1} rounds, {facts} facts, {len(troubles)} wrong", flush=True)
    if not facts:
        troubles.append("nothing was ever recorded")
    return troubles


def main() -> None:
    if sys.argv[1:2] == ["--write"]:
        write(Path(sys.argv[2]), hash(sys.argv[3]))
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with tempfile.TemporaryDirectory() as place:
        troubles = run(Path(place), rounds, seed=os.getpid())
        count, _ = wrong_facts(Path(place))
    print(*troubles, sep="\n")
    print(f"{rounds} rounds, {WRITERS} writers, {count} facts at the end, {len(troubles)} wrong")
    sys.exit(bool(troubles))


if __name__ == "__main__":
    main()
