"""Edge: puts the tests of one commit into its working tree and index."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import PurePosixPath

from sloptest_hook.errors import GitError
from sloptest_hook.git.index import indexes_of_commit
from sloptest_hook.git.last_run import LastFile, LastRun, head_of
from sloptest_hook.git.plumbing import Plumbing
from sloptest_hook.git.preparation import Preparation, PreparedFile
from sloptest_hook.git.refusal import Refusals
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.git.transaction import all_or_nothing
from sloptest_hook.git.written import WrittenFile, WrittenFiles, digest
from sloptest_hook.values.candidate import MergedFile


class WorktreeStager:
    """Writes and stages the tests of one commit."""

    def __init__(self, repo: StagedRepository) -> None:
        self._repo = repo
        # What is hashed here are not the user's files: there is nobody to warn.
        self._git = Plumbing(repo, config=("core.safecrlf=false",))
        room = repo.git_dir / "sloptest"
        self._written = WrittenFiles(room / "written.json")
        with suppress(OSError):  # a draft that was linked to its place is a second name of a test
            self._written.sweep(room)
        self._last_run = LastRun(room / "last_run.json")
        self._refusals = Refusals(repo, self._git, self._written)
        self._preparation = Preparation(repo, self._git, self._refusals)

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
        indexes = indexes_of_commit(self._repo) if into_index else ()
        with all_or_nothing(self._repo, indexes, "no tests were staged") as transaction:
            transaction.check()
            prepared = [self._preparation.prepare(file) for file in files]
            transaction.check()
            # What stays out of the index on purpose waits for the user: the next run must not take
            # it for a leftover and write over it.
            self._written.remember(map(_registered, prepared if indexes else ()))
            for each in prepared:
                transaction.write(each.path, each.content, each.old_content)
            transaction.enter([each.entry for each in prepared])
            self._last_run.remember(head_of(self._git), map(_last_file, prepared))


def _registered(file: PreparedFile) -> WrittenFile:
    return WrittenFile(file.path, file.content, file.entry.blob, file.base, file.old_content)


def _last_file(file: PreparedFile) -> LastFile:
    return LastFile(file.path, digest(file.content), file.entry.blob, file.base)
