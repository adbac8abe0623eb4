"""Edge: the directory below the git dir that one run at a time works in."""

import re
from pathlib import Path

from sloptest_hook.errors import GitError
from sloptest_hook.git.lock import FileLock
from sloptest_hook.git.sweeping import remove
from sloptest_hook.values.deadline import Deadline

# How long a run waits for another one in the same working tree.
WAIT_SECONDS = 5.0
# What a run makes and removes again. Whoever holds the lock knows that nobody needs those he finds.
_UNFINISHED = re.compile(r"draft-\d+\..+|(commit|reduced)\.index|.*\.index\.lock|report\.json\.\d+")


class Room:
    """``<git dir>/sloptest``, held until ``leave`` or the end of the process."""

    def __init__(self, git_dir: Path) -> None:
        self.path = git_dir / "sloptest"
        self._lock: FileLock | None = None

    def enter(self, deadline: Deadline) -> None:
        """Take the room, and clear away what a killed run has left half done.

        Waits up to five seconds for another run, and never past the deadline. Raises GitError,
        OSError.
        """
        if self._lock:
            return
        self.path.mkdir(exist_ok=True)
        if self.path.is_symlink():
            raise GitError(f"{self.path} is a symbolic link. Remove it.")
        self._lock = FileLock(self.path / "lock", deadline.within(WAIT_SECONDS))
        for each in self.path.iterdir():
            if _UNFINISHED.fullmatch(each.name):
                remove(each)

    def leave(self) -> None:
        """Let the next run in."""
        if self._lock:
            self._lock.release()
            self._lock = None
