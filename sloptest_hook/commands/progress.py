"""Edge: shows on the controlling terminal, where there is one, what a run is doing."""

import contextlib
import os
import signal
import termios
import threading
from collections.abc import Iterator, Mapping

from sloptest_hook.report.transient import erased, progress, shown
from sloptest_hook.values.deadline import Deadline

_PATIENCE = 0.5  # seconds before anything is shown: most runs are over by then
_BEAT = 0.25
_COLUMNS = 80


class ProgressLine:
    """One line on a terminal, drawn again and again by a thread of its own until it is closed."""

    def __init__(self, terminal: int, deadline: Deadline, patience: float = _PATIENCE) -> None:
        self._terminal = terminal
        self._deadline = deadline
        self._patience = patience
        self._stage = self._names = ""
        self._tests = 0
        self._is_drawn = False
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def start(self) -> None:
        """Draw from half a second on.

        The thread takes no signal: one that the main thread holds back, while it writes files,
        would be let in through here. It inherits the mask, so that there is no moment without.
        """
        before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        try:
            self._thread.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def stage(self, said: str) -> None:
        """Take note of what is being done now."""
        self._stage, self._tests = said, 0

    def about(self, names: str) -> None:
        """Take note of the functions that it is done for."""
        self._names = names

    def tests(self, begun: int) -> None:
        """Take note of how many tests have begun."""
        self._tests = begun

    def draw(self) -> None:
        """Draw the line, while the terminal is ours to write to."""
        try:
            if _is_ours(self._terminal):
                stage = f"{self._stage} ({self._names})" if self._names else self._stage
                text = progress(stage, self._tests, self._deadline.remaining)
                self._write(shown(text, _width(self._terminal)))
                self._is_drawn = True
        except (OSError, termios.error):
            self._over.set()  # the terminal is gone

    def close(self) -> None:
        """Take the line away; a terminal that takes nothing is not waited for."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join(_PATIENCE)
        if self._is_drawn and not self._thread.is_alive():
            with contextlib.suppress(OSError):
                self._write(erased())

    def _beat(self) -> None:
        waited = self._over.wait(self._patience)
        while not waited:
            self.draw()
            waited = self._over.wait(_BEAT)

    def _write(self, text: str) -> None:
        os.write(self._terminal, text.encode("utf-8", "replace"))


class NoLine:
    """Nobody looks."""

    def stage(self, said: str) -> None:
        """Say nothing."""

    def about(self, names: str) -> None:
        """Say nothing."""

    def tests(self, begun: int) -> None:
        """Say nothing."""


@contextlib.contextmanager
def progress_line(
    environment: Mapping[str, str], deadline: Deadline
) -> Iterator[ProgressLine | NoLine]:
    """Show a line while the context lasts, if there is a terminal and somebody before it."""
    terminal = _terminal(environment)
    if terminal is None:
        yield NoLine()
        return
    line = ProgressLine(terminal, deadline)
    try:
        line.start()
        yield line
    finally:
        line.close()
        os.close(terminal)


def _terminal(environment: Mapping[str, str]) -> int | None:
    """Return the controlling terminal; None in CI, on a dumb one, where it is not ours."""
    if environment.get("CI") or environment.get("TERM", "dumb") == "dumb":
        return None
    try:
        terminal = os.open("/dev/tty", os.O_WRONLY | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:
        return None
    with contextlib.suppress(OSError, termios.error):
        if _is_ours(terminal):
            return terminal
    os.close(terminal)
    return None


def _is_ours(terminal: int) -> bool:
    """Tell whether we are in the foreground, and nobody draws a whole screen.

    A program that does (an editor, lazygit) has the terminal send it every key: it is not
    canonical. Raises OSError and termios.error.
    """
    is_canonical = termios.tcgetattr(terminal)[3] & termios.ICANON
    return bool(is_canonical) and os.tcgetpgrp(terminal) == os.getpgrp()


def _width(terminal: int) -> int:
    return os.get_terminal_size(terminal).columns or _COLUMNS
