import os
import signal
import time

import pytest

from sloptest_hook.generation.background import Background
from sloptest_hook.git.interrupts import held_interrupts


def interrupt_while_held(told: list[bool]) -> None:
    with held_interrupts() as is_interrupted:
        os.kill(os.getpid(), signal.SIGINT)
        until = time.monotonic() + 10.0
        while not is_interrupted() and time.monotonic() < until:
            time.sleep(0.001)  # the other thread may be on its way with it
        told.extend(is_interrupted() for _ in range(1000))


def test_a_signal_that_is_held_back_waits_though_the_loop_is_still_there() -> None:
    """A call that does not end is left alone, and its thread with it, while tests are staged."""
    background = Background()
    told: list[bool] = []

    with pytest.raises(KeyboardInterrupt):
        interrupt_while_held(told)
    background.close()

    assert told == [True] * 1000
