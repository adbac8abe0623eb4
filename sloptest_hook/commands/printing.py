"""Edge: what a command says on stdout, and beside it."""

import os
import sys
from collections.abc import Iterable

TYPE_CHECKING = False  # typing itself costs 5 ms, which every commit would pay
if TYPE_CHECKING:
    from typing import TextIO


def print_lines(texts: Iterable[str]) -> None:
    """Write lines whatever the terminal's encoding; a reader that has gone is no failure."""
    _write("".join(f"{text}\n" for text in texts), sys.stdout)


def warn_lines(texts: Iterable[str]) -> None:
    """Write lines where stdout is for a program."""
    _write("".join(f"{text}\n" for text in texts), sys.stderr)


def print_patch(patch: bytes) -> None:
    """Write a patch to stdout as it is: it may hold files of several encodings."""
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(patch)
        sys.stdout.flush()
    except BrokenPipeError:
        _close(sys.stdout)


def _write(text: str, stream: "TextIO") -> None:
    if not text:
        return
    encoding = stream.encoding or "utf-8"
    try:
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()
    except BrokenPipeError:
        _close(stream)


def _close(stream: "TextIO") -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
