"""Edge: one index file, read and changed through git and under git's own lock."""

import time
from collections.abc import Sequence
from pathlib import Path

from sloptest_hook.errors import GitError
from sloptest_hook.git.listing import IndexEntry, as_index_info, entries_at, holds_below
from sloptest_hook.git.plumbing import Answer, Plumbing
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.git.situation import is_partial

# An editor or a prompt that refreshes the index holds its lock for a few milliseconds.
_ATTEMPTS = 8
_PAUSE_SECONDS = 0.05


class IndexFile:
    """One index; what it lists is read again only after the file was replaced."""

    def __init__(self, repo: StagedRepository, file: Path) -> None:
        self.file = file
        self._git = Plumbing(repo, index=file)
        self._listing = ""
        self._listed: tuple[int, int, int] | None = None

    @property
    def exists(self) -> bool:
        return self._signature() is not None

    def entries_at(self, name: str) -> tuple[IndexEntry, ...]:
        """Return the entries of this name: several while there are conflicts."""
        return entries_at(self._read(), name)

    def holds_below(self, name: str) -> bool:
        return holds_below(self._read(), name)

    def is_intent_to_add(self, name: str) -> bool:
        """Tell whether the entry only announces a file, as ``git add -N`` does."""
        return bool(self._git.run("diff-files", "-z", "--diff-filter=A", "--", name).output)

    def put(self, entries: Sequence[IndexEntry]) -> None:
        """Make these entries, exactly; mode 0 removes one. Raises GitError.

        The stat information is refreshed afterwards, so that the files do not look modified.
        """
        info = as_index_info(entries).encode("utf-8", "surrogateescape")
        answer = self._under_lock(info)
        if answer.status:
            raise GitError(f"cannot change the index {self.file}: {answer.said}")
        self._refresh([entry.name for entry in entries if entry.mode != "0"])

    def _under_lock(self, info: bytes) -> Answer:
        """Update the index, waiting for a lock held by somebody else; it is never removed."""
        lock = self.file.with_name(self.file.name + ".lock")
        for _ in range(_ATTEMPTS - 1):
            answer = self._git.ask("update-index", "-z", "--add", "--index-info", stdin=info)
            if not answer.status or lock.name not in answer.said:
                return answer
            time.sleep(_PAUSE_SECONDS)
        return self._git.ask("update-index", "-z", "--add", "--index-info", stdin=info)

    def _refresh(self, names: Sequence[str]) -> None:
        # Only these paths, since a refresh of all looks at every file of the working tree; and not
        # `update-index --stdin`, which would take over whatever lies in the working tree by now.
        # Its failure leaves an entry that git compares by content, which is right and a bit slower.
        if names:
            self._git.ask("add", "--refresh", "--", *names)

    def _read(self) -> str:
        signature = self._signature()
        if signature is None or signature != self._listed:
            self._listing = self._git.run("ls-files", "-s", "-v", "-z").text
            self._listed = signature
        return self._listing

    def _signature(self) -> tuple[int, int, int] | None:
        try:
            status = self.file.stat()
        except OSError:
            return None
        return status.st_ino, status.st_size, status.st_mtime_ns


def indexes_of_commit(repo: StagedRepository) -> tuple[IndexFile, ...]:
    """Return the indexes a file must enter to be in this commit and in the next.

    For ``git commit -- PATH`` git commits from one index and leaves another behind, which waits
    beside it as ``index.lock``. A file that enters only the first is deleted by the next commit.
    """
    own = IndexFile(repo, repo.index)
    if is_partial(repo.index):
        return IndexFile(repo, repo.git_dir / "index.lock"), own
    return (own,)
