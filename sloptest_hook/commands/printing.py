"""Edge: what a command says on stdout, and beside it.

All that is printed goes through here, and is made visible once more: what was forgotten where a
line was put together cannot reach the terminal. Only line ends and tabs pass.
"""

import os
import sys
from collections.abc import Iterable

from sloptest_hook.report.visible import visible_lines, visible_message

TYPE_CHECKING = False  # typing itself costs 5 ms, which every commit would pay
if TYPE_CHECKING:
    from typing import TextIO


def print_lines(texts: Iterable[str]) -> None:
    """Write lines whatever the terminal's encoding; a reader that has gone is no failure."""
    _write("".join(f"{text}\n" for text in texts), sys.stdout)


def warn_lines(texts: Iterable[str]) -> None:
    """Write lines where stdout is for a program."""
    _write("".join(f"{text}\n" for text in texts), sys.stderr)


def warn(message: str) -> None:
    """Write one message of ours beside stdout: what ended a command, or what it is doing."""
    warn_lines([f"sloptest: {visible_message(message)}"])


def print_patch(patch: bytes) -> None:
    """Write a patch to stdout: for a program byte for byte, for a person what can be seen.

    A program applies it: whatever the files hold, in several encodings, must arrive, and goes
    into files and not onto a terminal. A person who would copy it from there gets the same
    lines, but where one holds what commands a terminal or cannot be seen.
    """
    if _is_terminal(sys.stdout):
        _write(patch.decode("utf-8", "backslashreplace"), sys.stdout)
        return
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
        stream.write(visible_lines(text).encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()
    except BrokenPipeError:
        _close(stream)


def _is_terminal(stream: "TextIO") -> bool:
    try:
        return stream.isatty()
    except ValueError:  # closed
        return False


def _close(stream: "TextIO") -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
