"""The line of progress on a real terminal, and on none."""

import os
import pty
import subprocess
import sys

import pytest

from sloptest_hook.commands.progress import NoLine, progress_line
from sloptest_hook.values.deadline import Deadline
from tests.report.screen import Screen

DEADLINE = Deadline(100.0, lambda: 88.0)
# Draws by hand: nobody waits for half a second.
_DRAWS = """\
import os, sys
from sloptest_hook.commands.progress import ProgressLine, progress_line
from sloptest_hook.values.deadline import Deadline
sys.stdout.write("sloptest.....")
sys.stdout.flush()
with progress_line(os.environ, Deadline(100.0, lambda: 88.0)) as line:
    if isinstance(line, ProgressLine):
        line.stage("measuring")
        line.about("discount, total and 2 more")
        line.tests(3)
        line.draw()
sys.stdout.write("Passed\\n")
"""


def seen_on_a_terminal(environment: dict[str, str], script: str = _DRAWS) -> str:
    """Return what a terminal gets whose session leader runs the script."""
    child, terminal = pty.fork()
    if child == 0:
        os.execve(sys.executable, (sys.executable, "-c", script), {**os.environ, **environment})  # noqa: S606
    seen = b""
    while True:
        try:
            read = os.read(terminal, 4096)
        except OSError:  # the other end is closed
            break
        if not read:
            break
        seen += read
    os.waitpid(child, 0)
    os.close(terminal)
    return seen.decode()


def test_the_line_is_drawn_below_and_erased() -> None:
    said = seen_on_a_terminal({"TERM": "xterm", "CI": ""})

    assert "sloptest: measuring (discount, total and 2 more), 3 tests begun," in said
    screen = Screen(columns=90)
    screen.feed(said)
    assert screen.text == ["sloptest.....Passed"]


@pytest.mark.parametrize("environment", [{"TERM": "xterm", "CI": "true"}, {"TERM": "dumb"}])
def test_in_ci_and_on_a_dumb_terminal_nothing_is_drawn(environment: dict[str, str]) -> None:
    assert seen_on_a_terminal({"CI": "", **environment}) == "sloptest.....Passed\r\n"


def test_over_the_screen_of_another_program_nothing_is_drawn() -> None:
    raw = "import tty\ntty.setraw(1)\n"

    assert "measuring" not in seen_on_a_terminal({"TERM": "xterm", "CI": ""}, raw + _DRAWS)


_HELD = """\
import os, signal, time
from sloptest_hook.commands.progress import ProgressLine
from sloptest_hook.git.interrupts import held_interrupts
from sloptest_hook.values.deadline import Deadline

nothing = os.open(os.devnull, os.O_WRONLY)
signal.signal(signal.SIGINT, signal.default_int_handler)
line = ProgressLine(nothing, Deadline(time.monotonic() + 60, time.monotonic), patience=600.0)
line.start()
told = []
try:
    with held_interrupts() as is_interrupted:
        os.kill(os.getpid(), signal.SIGINT)
        told.extend(is_interrupted() for _ in range(1000))
except KeyboardInterrupt:
    print(told == [True] * 1000)
line.close()
"""


def test_a_signal_that_is_held_back_waits_though_a_line_is_shown() -> None:
    """A thread that takes it would let it end the run in the middle of writing.

    In a process of its own: whoever runs the tests may have threads too.
    """
    done = subprocess.run((sys.executable, "-c", _HELD), capture_output=True, text=True, check=True)

    assert done.stdout == "True\n"


def test_without_a_terminal_nobody_is_told() -> None:
    done = subprocess.run(
        (sys.executable, "-c", _DRAWS),
        env={**os.environ, "TERM": "xterm", "CI": ""},
        start_new_session=True,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "sloptest.....Passed\n"
    with progress_line({"CI": "true"}, DEADLINE) as line:
        assert isinstance(line, NoLine)
