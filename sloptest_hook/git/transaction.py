"""Edge: changes of the working tree and the index that are made together or not at all."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import PurePosixPath

from sloptest_hook.errors import SloptestError, StagingError
from sloptest_hook.git.ancestry import is_abandoned
from sloptest_hook.git.index import IndexFile
from sloptest_hook.git.interrupts import held_interrupts
from sloptest_hook.git.listing import IndexEntry
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.git.situation import is_index_of_commit
from sloptest_hook.git.worktree import WorkingTree


class Transaction:
    """The only way into the user's working tree and index."""

    def __init__(
        self,
        repo: StagedRepository,
        indexes: Sequence[IndexFile],
        is_interrupted: Callable[[], bool],
    ) -> None:
        self._repo = repo
        self._indexes = indexes
        self._is_interrupted = is_interrupted
        self._tree = WorkingTree(repo.top, repo.git_dir / "sloptest")
        self._entered: list[tuple[IndexFile, Sequence[IndexEntry], Sequence[IndexEntry]]] = []

    def check(self) -> None:
        """Raise StagingError when the run is to end, or nobody waits for the index any more.

        A write to ``index.lock`` after git has gone would leave a lock that blocks every commit.
        """
        if self._is_interrupted():
            raise StagingError("the run was interrupted")
        if not self._indexes:
            return
        if not is_index_of_commit(self._repo.git_dir, self._repo.index):
            raise StagingError(f"GIT_INDEX_FILE={self._repo.index} is no index of this repository")
        is_orphan = os.getppid() != self._repo.parent or is_abandoned(os.environ)
        if is_orphan or any(map(_is_gone, self._indexes)):
            raise StagingError("the commit was abandoned while tests were being written")

    def write(self, path: PurePosixPath, content: bytes | None, before: bytes | None) -> None:
        """Write a file, or remove it, None; until then it must hold ``before``."""
        self.check()
        self._tree.write(path, content, before)

    def enter(self, entries: Sequence[IndexEntry]) -> None:
        """Put these entries into every index of the commit; one of mode 0 takes its name out."""
        for index in self._indexes:
            self.check()
            self._entered.append((index, entries, [index.entry_or_absent(e) for e in entries]))
            index.put(entries, self.check)

    def take_back(self) -> tuple[str, ...]:
        """Undo everything and return one line for each thing that could not be."""
        problems = list(self._tree.take_back())
        for index, new, old in reversed(self._entered):
            try:
                _withdraw(index, new, old)
            except (SloptestError, OSError) as error:
                problems.append(_said(error))
        return tuple(problems)


@contextmanager
def all_or_nothing(
    repo: StagedRepository, indexes: Sequence[IndexFile], failed: str
) -> Iterator[Transaction]:
    """Hand out what changes files and indexes, and take everything back when that fails.

    Raises StagingError, a sentence that begins with ``failed`` and says what has become of the
    files. The signals that end a process wait: they are noticed between two steps.
    """
    with held_interrupts() as is_interrupted:
        transaction = Transaction(repo, indexes, is_interrupted)
        try:
            yield transaction
            transaction.check()
        except (SloptestError, OSError) as error:
            problems = transaction.take_back()
            left = "; ".join(problems) if problems else "everything is as it was before"
            raise StagingError(f"{failed}: {_said(error)}; {left}.") from error
        except BaseException:
            transaction.take_back()
            raise


def _withdraw(index: IndexFile, new: Sequence[IndexEntry], old: Sequence[IndexEntry]) -> None:
    """Put the old entries back where the new ones still are; a lock that git removed has none."""
    pairs = zip(new, old, strict=True)
    ours = [before for now, before in pairs if index.exists and index.holds(now)]
    if ours:
        index.put(ours, lambda: None)


def _is_gone(index: IndexFile) -> bool:
    return index.file.name.endswith(".lock") and not index.exists


def _said(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename or 'the working tree'}: {error.strerror}"
    return str(error).rstrip(".")
