"""Edge: what a command says on stdout."""

import os
import sys
from collections.abc import Iterable


def print_lines(texts: Iterable[str]) -> None:
    """Write lines whatever the terminal's encoding; a reader that has gone is no failure."""
    data = "".join(f"{text}\n" for text in texts)
    if not data:
        return
    encoding = sys.stdout.encoding or "utf-8"
    try:
        sys.stdout.write(data.encode(encoding, "backslashreplace").decode(encoding))
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
