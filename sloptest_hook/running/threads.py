"""Edge: work beside the main thread, which nobody has to wait for."""

import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def in_thread(work: Callable[[], T]) -> Callable[[], T]:
    """Begin the work, and return what waits for it and returns or raises what came of it.

    At an interrupt the thread ends with the process, as do the processes that it waits for.
    """
    done: list[T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(work())
        except BaseException as error:  # noqa: BLE001  # it belongs to who waits
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()

    def result() -> T:
        thread.join()
        for error in failed:
            raise error
        return done[0]

    return result
