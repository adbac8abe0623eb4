"""Edge: holds back the signals that end a process, while something half done would be left."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_ENDING = frozenset((signal.SIGINT, signal.SIGTERM, signal.SIGHUP))


@contextmanager
def held_interrupts() -> Iterator[Callable[[], bool]]:
    """Hold back SIGINT, SIGTERM and SIGHUP, and hand out how to ask for a waiting one.

    A waiting signal does what it would have done as soon as the block is left. The mask is this
    thread's alone: what another thread is given by the system is noted until then.
    """
    noted: list[int] = []
    waiting: set[signal.Signals] = set()

    def note(number: int, _frame: FrameType | None) -> None:
        noted.append(number)

    def is_interrupted() -> bool:
        # One that waited may be on its way from the other thread to ``note``.
        waiting.update(signal.sigpending() & _ENDING)
        return bool(noted or waiting)

    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    handlers = _replaced(note)
    try:
        yield is_interrupted
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        try:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        finally:
            for each in noted:
                signal.raise_signal(each)


def _replaced(
    note: Callable[[int, FrameType | None], None],
) -> dict[signal.Signals, Callable[[int, FrameType | None], object] | int]:
    """Put another handler in the place of those that do something; return these.

    Only the main thread may; elsewhere nothing is replaced.
    """
    if threading.current_thread() is not threading.main_thread():
        return {}
    found = {}
    for number in _ENDING:
        handler = signal.getsignal(number)
        if handler is not None and handler != signal.SIG_IGN:
            found[number] = handler
            signal.signal(number, note)
    return found
