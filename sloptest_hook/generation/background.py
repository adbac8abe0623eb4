"""Edge: an event loop beside the run, in threads that never hold the process back."""

import asyncio
import signal
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor, Future
from typing import Any, TypeVar

_T = TypeVar("_T")
_ENDING_SECONDS = 1.0
_ENDING = frozenset((signal.SIGINT, signal.SIGTERM, signal.SIGHUP))  # what git/interrupts holds


async def in_daemon_thread(work: Callable[[], _T]) -> _T:
    """Run blocking work in a thread of its own; whoever waits may be cancelled, the work may not.

    The threads of an executor are waited for at the end of the process: one that hangs would hold
    the commit.
    """
    return await asyncio.wrap_future(_started(work))


class Background:
    """A loop in a daemon thread; the pipeline is synchronous, and calls go out at once."""

    def __init__(self) -> None:
        self._loop = _Loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        # It may outlive its work, and would let in a signal that the run holds back while it writes
        # files. Threads that it starts have its mask.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
        try:
            self._thread.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def start(self, work: Coroutine[Any, Any, _T]) -> "Future[_T]":
        """Begin a piece of work, and return where its result will be."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def close(self) -> None:
        """Cancel what is left and end the loop; what does not end in a second is left alone."""

        async def cancelled() -> None:
            tasks = asyncio.all_tasks() - {asyncio.current_task()}
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks, timeout=_ENDING_SECONDS) if tasks else None

        ended = self.start(cancelled())
        ended.add_done_callback(lambda _: self._loop.call_soon_threadsafe(self._loop.stop))
        self._thread.join(2 * _ENDING_SECONDS)

    def _run(self) -> None:
        """Run the loop to its end, and close it here: it may end after nobody waits any more."""
        try:
            self._loop.run_forever()
        finally:
            self._loop.close()


class _Loop(asyncio.SelectorEventLoop):
    """The standard loop, but that names are looked up in daemon threads too."""

    def run_in_executor(  # type: ignore[override]  # the stub names type variables of its own
        self, executor: Executor | None, func: Callable[..., Any], *args: Any
    ) -> "asyncio.Future[Any]":
        if executor is not None:
            return super().run_in_executor(executor, func, *args)
        return asyncio.wrap_future(_started(lambda: func(*args)), loop=self)


def _started(work: Callable[[], _T]) -> "Future[_T]":
    future: Future[_T] = Future()

    def run() -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001  # it is raised again where it is waited for
            future.set_exception(error)
        else:
            future.set_result(result)

    threading.Thread(target=run, daemon=True).start()
    return future
