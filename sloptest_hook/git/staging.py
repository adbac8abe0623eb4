"""Edge: the only way into the user's working tree and index, all or nothing."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from sloptest_hook.errors import GitError, SloptestError, StagingError
from sloptest_hook.git.ancestry import is_abandoned
from sloptest_hook.git.index import IndexFile, indexes_of_commit
from sloptest_hook.git.interrupts import held_interrupts
from sloptest_hook.git.listing import IndexEntry
from sloptest_hook.git.plumbing import Plumbing
from sloptest_hook.git.preparation import Preparation, PreparedFile
from sloptest_hook.git.refusal import Refusals
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.git.situation import is_index_of_commit
from sloptest_hook.git.worktree import WorkingTree
from sloptest_hook.git.written import WrittenFile, WrittenFiles
from sloptest_hook.values.candidate import MergedFile

_Entered = list[tuple[IndexFile, Sequence[PreparedFile]]]


class WorktreeStager:
    """Writes and stages the tests of one commit."""

    def __init__(self, repo: StagedRepository) -> None:
        self._repo = repo
        git = Plumbing(repo)
        self._written = WrittenFiles(repo.git_dir / "sloptest" / "written.json")
        self._refusals = Refusals(repo, git, self._written)
        self._preparation = Preparation(repo, git, self._refusals)

    def refusal(self, path: PurePosixPath) -> str | None:
        """Return why this path must not be touched, or None when it is provably ours or clean.

        The reason is the end of a sentence that begins with the path.
        """
        try:
            return self._refusals.reason(path)
        except (GitError, OSError) as error:
            return f"cannot be checked: {error}"

    def stage(self, files: Sequence[MergedFile], *, into_index: bool) -> None:
        """Write the files and put them into the index, all or nothing; raises StagingError.

        Without ``into_index`` only the working tree is written.
        """
        if not files:
            return
        tree = WorkingTree(self._repo.top, self._repo.common_dir / "sloptest")
        indexes = indexes_of_commit(self._repo) if into_index else ()
        entered: _Entered = []
        with held_interrupts() as is_interrupted:
            try:
                for _ in self._work(files, tree, indexes, entered):
                    _check_running(is_interrupted)
                    self._check_commit_lives(indexes)
            except (SloptestError, OSError) as error:
                raise StagingError(_account(error, _undo(tree, entered))) from error
            except BaseException:
                _undo(tree, entered)
                raise

    def _work(
        self,
        files: Sequence[MergedFile],
        tree: WorkingTree,
        indexes: Sequence[IndexFile],
        entered: _Entered,
    ) -> Iterator[None]:
        """Do the work, and pause wherever it may be broken off."""
        yield
        prepared = [self._preparation.prepare(file) for file in files]
        yield
        # What stays out of the index on purpose waits for the user: the next run must not take it
        # for a leftover and write over it.
        self._written.remember(
            WrittenFile(each.path, each.content, each.entry.blob, _blob(each.old_entry))
            for each in (prepared if indexes else ())
        )
        for each in prepared:
            tree.write(each.path, each.content, each.old_content)
            yield
        for index in indexes:
            entered.append((index, prepared))
            _enter(index, prepared)
            yield

    def _check_commit_lives(self, indexes: Sequence[IndexFile]) -> None:
        """Raise StagingError when nobody waits for the index any more.

        A write to ``index.lock`` after git has gone would leave a lock that blocks every commit.
        """
        if not indexes:
            return
        if not is_index_of_commit(self._repo.git_dir, self._repo.index):
            raise StagingError(f"GIT_INDEX_FILE={self._repo.index} is no index of this repository")
        is_orphan = os.getppid() != self._repo.parent or is_abandoned(os.environ)
        if is_orphan or any(map(_is_gone, indexes)):
            raise StagingError("the commit was abandoned while tests were being written")


def _blob(entry: IndexEntry | None) -> str | None:
    return entry.blob if entry else None


def _check_running(is_interrupted: Callable[[], bool]) -> None:
    if is_interrupted():
        raise StagingError("the run was interrupted")


def _enter(index: IndexFile, prepared: Sequence[PreparedFile]) -> None:
    index.put([each.entry for each in prepared])
    for each in prepared:
        # Some flags make git accept an entry and then keep its own.
        if index.entries_at(each.entry.name) != (each.entry,):
            raise StagingError(f"git did not take {each.path} into {index.file}")


def _undo(tree: WorkingTree, entered: _Entered) -> tuple[str, ...]:
    """Take everything back and return one line for each thing that could not be."""
    problems = list(tree.take_back())
    for index, prepared in reversed(entered):
        try:
            _withdraw(index, prepared)
        except SloptestError as error:
            problems.append(str(error))
    return tuple(problems)


def _withdraw(index: IndexFile, prepared: Sequence[PreparedFile]) -> None:
    """Put the old entries back where the new ones still are; a lock that git removed has none."""
    ours = [each for each in prepared if index.entries_at(each.entry.name) == (each.entry,)]
    if ours:
        index.put([each.old_entry or _removal(each.entry) for each in ours])


def _removal(entry: IndexEntry) -> IndexEntry:
    return replace(entry, mode="0", blob="0" * len(entry.blob))


def _is_gone(index: IndexFile) -> bool:
    return index.file.name.endswith(".lock") and not index.exists


def _account(error: BaseException, problems: Sequence[str]) -> str:
    """Return what happened and what has become of the files, as one line."""
    left = "; ".join(problems) if problems else "everything is as it was before"
    return f"no tests were staged: {_said(error)}; {left}."


def _said(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename or 'the working tree'}: {error.strerror}"
    return str(error).rstrip(".")
