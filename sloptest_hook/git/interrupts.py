"""Edge: holds back the signals that end a process, while something half done would be left."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_ENDING = frozenset((signal.SIGINT, signal.SIGTERM, signal.SIGHUP))


@contextmanager
def held_interrupts() -> Iterator[Callable[[], bool]]:
    """Hold back SIGINT, SIGTERM and SIGHUP, and hand out how to ask for a waiting one.

    A waiting signal does what it would have done as soon as the block is left.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield lambda: bool(signal.sigpending() & _ENDING)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
