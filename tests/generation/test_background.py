import os
import signal

import pytest

from sloptest_hook.generation.background import Background
from sloptest_hook.git.interrupts import held_interrupts


def interrupt_while_held(told: list[bool]) -> None:
    with held_interrupts() as is_interrupted:
        os.kill(os.getpid(), signal.SIGINT)
        told.extend(is_interrupted() for _ in range(1000))


def test_a_signal_that_is_held_back_waits_though_the_loop_is_still_there() -> None:
    """A call that does not end is left alone, and its thread with it, while tests are staged."""
    background = Background()
    told: list[bool] = []

    with pytest.raises(KeyboardInterrupt):
        interrupt_while_held(told)
    background.close()

    # The other thread may be given it; what has been told once is not taken back.
    assert told == sorted(told)
    assert told[-1]
