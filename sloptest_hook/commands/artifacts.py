"""Edge: what a run keeps for its owner: prompts, replies, failures; the newest twenty runs."""

import functools
import os
import time
from collections.abc import Callable

from sloptest_hook.git.repository import StagedRepository

_KEPT_RUNS = 20


@functools.cache
def run_id() -> str:
    """Return the name of this process's run: the same in its report and of its artifacts."""
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime()) + f"-{os.getpid()}"


def keeper(repo: StagedRepository, known: tuple[str, ...] = ()) -> Callable[[str, str], None]:
    """Return what keeps a text of this run by a name, without secrets, for the owner alone.

    ``known`` are secrets beside those of the environment.
    """
    from sloptest_hook.commands.keeping import cleaner
    from sloptest_hook.git.sweeping import remove
    from sloptest_hook.store.replies import write_private

    room = repo.git_dir / "sloptest" / "artifacts"
    clean = cleaner(repo.common_dir, known)

    def keep(name: str, text: str) -> None:
        try:
            write_private(room / run_id() / name, clean(text))
            for old in sorted(each for each in room.iterdir() if each.is_dir())[:-_KEPT_RUNS]:
                remove(old)
        except OSError:
            return  # a disk without room keeps no artifacts, and holds no commit

    return keep
