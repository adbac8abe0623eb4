"""Edge: ends a run whose git, or whose hook runner, has died: nobody waits for it any more."""

import os
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sloptest_hook.git.ancestry import is_abandoned

# A look at /proc; nobody waits for the answer.
_PAUSE_SECONDS = 0.5


@contextmanager
def ended_when_abandoned(parent: int, environ: Mapping[str, str]) -> Iterator[None]:
    """Send SIGTERM to this very process when the one that has started it is gone.

    What was begun is undone on the way out, as after a signal of the user's. Not asked of the
    kernel: its signal would also come when a thread of the runner ends that has started the hook.
    """
    if not _is_hook(environ):
        yield
        return
    is_over = threading.Event()
    watcher = threading.Thread(target=_watch, args=(parent, environ, is_over), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        is_over.set()
        watcher.join()


def _is_hook(environ: Mapping[str, str]) -> bool:
    """Tell whether git or a runner has started this; by hand, a closed terminal is no reason."""
    return {"GIT_INDEX_FILE", "GIT_PREFIX"} <= environ.keys() or "PRE_COMMIT" in environ


def _watch(parent: int, environ: Mapping[str, str], is_over: threading.Event) -> None:
    while not is_over.wait(_PAUSE_SECONDS):
        if os.getppid() != parent or is_abandoned(environ):
            os.kill(os.getpid(), signal.SIGTERM)
            return
