"""What the fingerprints of a file cost, as a ratio to parsing it.

    python tests/benchmarks/fingerprint.py [FILE]

Without a file, a module of the standard library of about a thousand lines. Minimum and median of
whole calls: ``ast.parse`` alone, and ``extract_symbols``, which parses and fingerprints.
"""

import argparse
import ast
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from sloptest_hook.symbols.extract import extract_symbols

ROUNDS = 25


def timed(call: Callable[[], object]) -> list[float]:
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        call()
        times.append((time.perf_counter() - started) * 1000)
    return times


def main() -> None:
    file = Path(sys.argv[1] if len(sys.argv) > 1 else argparse.__file__)
    text = file.read_text(encoding="utf-8")
    count = text.count("\n")
    parse = timed(lambda: ast.parse(text))
    whole = timed(lambda: extract_symbols(PurePosixPath(file.name), text))
    for name, times in (("ast.parse", parse), ("extract_symbols", whole)):
        print(
            f"{name:<16} {min(times) / count * 1000:6.2f} ms a thousand lines at least, "
            f"{statistics.median(times) / count * 1000:6.2f} in the median"
        )
    print(f"{count} lines of {file.name}; ratio of minima {min(whole) / min(parse):.2f}")


if __name__ == "__main__":
    main()
