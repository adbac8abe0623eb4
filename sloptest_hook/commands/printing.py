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


def print_lines(texts: Iterable[str], *, color: bool | None = False) -> None:
    """Write lines whatever the terminal's encoding; a reader that has gone is no failure.

    ``color`` None: where a person looks, and has not said NO_COLOR.
    """
    _write_lines(texts, sys.stdout, color=color)


def warn_lines(texts: Iterable[str], *, color: bool | None = False) -> None:
    """Write lines where stdout is for a program."""
    _write_lines(texts, sys.stderr, color=color)


def warn(message: str) -> None:
    """Write one message of ours beside stdout: what ended a command, or what it is doing."""
    warn_lines([f"sloptest: {visible_message(message)}"])


def terminal_width(*, is_error: bool = False) -> int | None:
    """Return the columns of the terminal that stdout (stderr) is; None where nobody knows.

    pre-commit hands a terminal without a size to its hooks, and prints what they said elsewhere.
    """
    stream = sys.stderr if is_error else sys.stdout
    if not _is_terminal(stream):
        return None
    try:
        return os.get_terminal_size(stream.fileno()).columns or None
    except (OSError, ValueError):
        return None


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


def _write_lines(texts: Iterable[str], stream: "TextIO", *, color: bool | None) -> None:
    text = "".join(f"{text}\n" for text in texts)
    _write(text, stream, color=color is not False and _wants_color(stream, color=color))


def _wants_color(stream: "TextIO", *, color: bool | None) -> bool:
    from sloptest_hook.report.paint import wants_color

    return wants_color(
        choice=color,
        is_terminal=_is_terminal(stream),
        no_color=os.environ.get("NO_COLOR", ""),
        term=os.environ.get("TERM", ""),
    )


def _write(text: str, stream: "TextIO", *, color: bool = False) -> None:
    if not text:
        return
    encoding = stream.encoding or "utf-8"
    shown = visible_lines(text).encode(encoding, "backslashreplace").decode(encoding)
    if color:
        from sloptest_hook.report.paint import painted

        shown = painted(shown)
    try:
        stream.write(shown)
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
