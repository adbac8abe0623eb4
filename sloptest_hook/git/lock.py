"""Edge: a lock on a file, held by one process at a time and released by its death."""

import fcntl
import os
import time
from pathlib import Path

from sloptest_hook.errors import GitError
from sloptest_hook.values.deadline import Deadline

_PAUSE_SECONDS = 0.05


class FileLock:
    """Taken at once; released by ``release`` or by the end of the process, however it ends."""

    def __init__(self, file: Path, deadline: Deadline) -> None:
        """Wait for the lock until the deadline; raises GitError, OSError."""
        self._descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o666)
        try:
            self._take(file, deadline)
        except BaseException:
            self.release()
            raise

    def release(self) -> None:
        os.close(self._descriptor)

    def _take(self, file: Path, deadline: Deadline) -> None:
        while not self._is_taken():
            if deadline.passed:
                raise GitError(
                    f"another run of sloptest in this working tree holds {file}. "
                    "Wait until it has ended."
                )
            time.sleep(min(_PAUSE_SECONDS, deadline.remaining))

    def _is_taken(self) -> bool:
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
