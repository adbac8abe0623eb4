"""What ends a process waits, whichever of its threads the system gives it to."""

import signal
import subprocess
import sys

import pytest

_HELD = """\
import os, signal, sys, threading, time
from sloptest_hook.git.interrupts import held_interrupts

number = signal.Signals(int(sys.argv[1]))
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_IGN if sys.argv[2] == "ignored" else signal.SIG_DFL)
threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
with held_interrupts() as is_interrupted:
    for _ in range(20):
        os.kill(os.getpid(), number)
        time.sleep(0.001)
    print("held", is_interrupted(), flush=True)
print("went on", flush=True)
"""


@pytest.mark.parametrize(
    ("number", "status"),
    [(signal.SIGINT, -signal.SIGINT), (signal.SIGTERM, -signal.SIGTERM), (signal.SIGHUP, -1)],
)
def test_a_signal_waits_though_another_thread_may_take_it(
    number: signal.Signals, status: int
) -> None:
    done = held(number, "default")
    assert (done.returncode, done.stdout) == (status, "held True\n")


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    done = held(signal.SIGHUP, "ignored")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "went on")


def held(number: signal.Signals, hangup: str) -> subprocess.CompletedProcess[str]:
    command = (sys.executable, "-c", _HELD, str(int(number)), hangup)
    return subprocess.run(command, capture_output=True, text=True, check=False)
