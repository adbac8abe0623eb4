"""Edge: ``log.txt`` below the git directory, what the last runs did; without secrets, private."""

import os
import time
from collections.abc import Iterable
from pathlib import Path

from sloptest_hook.commands.keeping import cleaner
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.report.visible import visible

_MOST = 512 * 1024  # bytes; then it becomes log.txt.1, and that is forgotten
_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
_OWNER_ALONE = 0o600


def write_log(repo: StagedRepository, lines: Iterable[str]) -> None:
    """Add lines with the time; a log that cannot be written is no reason to hold a commit."""
    file = repo.git_dir / "sloptest" / "log.txt"
    clean = cleaner(repo.common_dir)
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    text = "".join(f"{now} {os.getpid()} {visible(clean(line))}\n" for line in lines)
    try:
        file.parent.mkdir(exist_ok=True)
        _rotate(file)
        # One write: two runs at once mix lines and never halves of them.
        descriptor = os.open(file, _FLAGS, _OWNER_ALONE)
        try:
            os.write(descriptor, text.encode("utf-8", "backslashreplace"))
        finally:
            os.close(descriptor)
    except OSError:
        return


def _rotate(file: Path) -> None:
    try:
        if file.lstat().st_size > _MOST:
            file.replace(file.with_name(f"{file.name}.1"))
    except FileNotFoundError:
        return
