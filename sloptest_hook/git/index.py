"""Edge: one index file, read through git and changed by a single rename."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from sloptest_hook.errors import GitError
from sloptest_hook.git.listing import (
    IndexEntry,
    absent,
    as_index_info,
    entries_at,
    holds_below,
)
from sloptest_hook.git.plumbing import Plumbing
from sloptest_hook.git.publishing import Signature, draft_of, lock_of, publish, signature
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.git.situation import is_partial

# An editor or a prompt that refreshes the index holds its lock for a few milliseconds.
_ATTEMPTS = 8
_PAUSE_SECONDS = 0.05
# Hooks that watch the index have nothing to see in a draft of it.
_CONFIG = ("core.hooksPath=/dev/null",)


class IndexFile:
    """One index; what it lists is read again only after the file was replaced."""

    def __init__(self, repo: StagedRepository, file: Path) -> None:
        self.file = file
        self._repo = repo
        self._git = Plumbing(repo, index=file)
        self._listing = ""
        self._listed: Signature | None = None

    @property
    def exists(self) -> bool:
        return signature(self.file) is not None

    def entries_at(self, name: str) -> tuple[IndexEntry, ...]:
        """Return the entries of this name: several while there are conflicts."""
        return entries_at(self._read(), name)

    def holds(self, entry: IndexEntry) -> bool:
        """Tell whether exactly this is in the index; for mode 0, whether nothing has the name."""
        return self.entries_at(entry.name) == _listed(entry)

    def entry_or_absent(self, entry: IndexEntry) -> IndexEntry:
        """Return what has the name of this entry, mode 0: nothing."""
        return next(iter(self.entries_at(entry.name)), None) or absent(entry)

    def holds_below(self, name: str) -> bool:
        return holds_below(self._read(), name)

    def is_intent_to_add(self, name: str) -> bool:
        """Tell whether the entry only announces a file, as ``git add -N`` does."""
        return bool(self._git.run("diff-files", "-z", "--diff-filter=A", "--", name).output)

    def put(self, entries: Sequence[IndexEntry], check: Callable[[], None]) -> None:
        """Make these entries, exactly; mode 0 removes one. Raises GitError, OSError.

        git changes a draft, and the draft takes the place of the index when everything in it is as
        it should be and ``check`` has not raised: whenever this process dies, the index is the old
        one or the new one, and no git is left behind that would still write it. The lock of
        somebody else is waited for and never removed.
        """
        for attempt in range(_ATTEMPTS):
            if attempt:
                time.sleep(_PAUSE_SECONDS)
            if self._is_put(entries, check) and self._is_kept(entries):
                return
        raise GitError(
            f"{self.file} is locked or changed by another program: see {lock_of(self.file)}"
        )

    def _is_kept(self, entries: Sequence[IndexEntry]) -> bool:
        """Tell whether the entries are still there once whoever holds the lock is done.

        He may have read the index before it was changed, and writes it without them.
        """
        for _ in range(_ATTEMPTS):
            if not lock_of(self.file).exists():
                break
            time.sleep(_PAUSE_SECONDS)
        return all(map(self.holds, entries))

    def _is_put(self, entries: Sequence[IndexEntry], check: Callable[[], None]) -> bool:
        """Return False when somebody else holds the lock, or has changed the index meanwhile."""
        with draft_of(self.file, self._repo.git_dir / "sloptest") as (draft, seen):
            _change(Plumbing(self._repo, index=draft, config=_CONFIG), entries, self.file)
            check()
            return publish(draft, self.file, seen)

    def _read(self) -> str:
        now = signature(self.file)
        if now is None or now != self._listed:
            self._listing = self._git.run("ls-files", "-s", "-v", "-z").text
            self._listed = now
        return self._listing


def indexes_of_commit(repo: StagedRepository) -> tuple[IndexFile, ...]:
    """Return the indexes a file must enter to be in this commit and in the next.

    For ``git commit -- PATH`` git commits from one index and leaves another behind, which waits
    beside it as ``index.lock``. A file that enters only the first is deleted by the next commit.
    """
    own = IndexFile(repo, repo.index)
    if is_partial(repo.index):
        return IndexFile(repo, repo.git_dir / "index.lock"), own
    return (own,)


def _change(git: Plumbing, entries: Sequence[IndexEntry], shown: Path) -> None:
    info = as_index_info(entries).encode("utf-8", "surrogateescape")
    answer = git.ask("update-index", "-z", "--add", "--index-info", stdin=info)
    if answer.status:
        raise GitError(f"cannot change the index {shown}: {answer.said}")
    made = [entry for entry in entries if entry.mode != "0"]
    if made:
        # Only these paths, since a refresh of all looks at every file of the working tree; and not
        # `update-index --stdin`, which would take over whatever lies in the working tree by now.
        # Its failure leaves an entry that git compares by content: right, and a bit slower.
        git.ask("add", "--refresh", "--", *(entry.name for entry in made))
    listing = git.run("ls-files", "-s", "-v", "-z").text
    for entry in entries:
        # Some flags make git accept an entry and then keep its own.
        if entries_at(listing, entry.name) != _listed(entry):
            raise GitError(f"git did not take {entry.name} into the index {shown}")


def _listed(entry: IndexEntry) -> tuple[IndexEntry, ...]:
    return (entry,) if entry.mode != "0" else ()
