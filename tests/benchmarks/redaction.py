"""What taking secrets out of a text costs a megabyte.

    python tests/benchmarks/redaction.py [DIRECTORY]

The text are the Python files below a directory, without one those of the standard library, a
megabyte at least and twenty at most. One secret in a hundred lines is the second figure: texts with
secrets are read again for each of them.
"""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from sloptest_hook.redaction.redact import redacted

MEGABYTE = 1_000_000
ROUNDS = 5
SECRET = 'client_secret = "{}"'


def texts(directory: Path) -> Iterator[str]:
    size = 0
    for file in sorted(directory.rglob("*.py")):
        text = file.read_text("utf-8", "replace")
        size += len(text)
        yield text
        if size > 20 * MEGABYTE:
            return


def with_secrets(text: str) -> str:
    lines = text.split("\n")
    for number in range(0, len(lines), 100):
        lines[number] = SECRET.format(os.urandom(12).hex())
    return "\n".join(lines)


def seconds(found: list[str]) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.process_time()
        for text in found:
            redacted(text, b"key")
        best = min(best, time.process_time() - started)
    return best / (sum(map(len, found)) / MEGABYTE)


def main() -> None:
    directory = Path(sys.argv[1] if len(sys.argv) > 1 else os.__file__).resolve()
    found = list(texts(directory if directory.is_dir() else directory.parent))
    print(f"{sum(map(len, found)) / MEGABYTE:.1f} MB in {len(found)} files, best of {ROUNDS}")
    print(f"as they are:                      {seconds(found):.3f} s of processor a megabyte")
    secret = [with_secrets(text) for text in found]
    print(f"a secret in every hundred lines:  {seconds(secret):.3f} s of processor a megabyte")


if __name__ == "__main__":
    main()
