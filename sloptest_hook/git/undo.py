"""Edge: takes the tests of the last run out again, where nobody has changed them since."""

from pathlib import PurePosixPath

from sloptest_hook.git.index import indexes_of_commit
from sloptest_hook.git.last_run import LastFile, LastRun
from sloptest_hook.git.listing import REGULAR, IndexEntry, absent
from sloptest_hook.git.paths import obstacle, read_file
from sloptest_hook.git.plumbing import Plumbing
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.git.room import Room
from sloptest_hook.git.transaction import all_or_nothing
from sloptest_hook.git.worktree import remove_empty_directories
from sloptest_hook.git.written import digest
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.records import dataclass, replace


@dataclass(frozen=True, slots=True)
class Undone:
    """What came of one file; ``left_because`` is the end of a sentence that begins with the path.

    ``is_removed`` tells a new file from one that has its earlier version again.
    """

    path: PurePosixPath
    is_removed: bool
    left_because: str | None = None


@dataclass(frozen=True, slots=True)
class _Ours:
    """A file that is still what was written.

    ``before`` is what it becomes, None: no file. ``entry`` is what the index gets, None: it is not
    changed.
    """

    file: LastFile
    content: bytes
    before: bytes | None
    entry: IndexEntry | None


class Undo:
    """The last run of one working tree, on its way back."""

    def __init__(self, repo: StagedRepository) -> None:
        self._repo = repo
        self._git = Plumbing(repo)
        self._index = indexes_of_commit(repo)[-1]
        self._last_run = LastRun(repo.git_dir / "sloptest" / "last_run.json")

    def run(self, deadline: Deadline) -> tuple[Undone, ...]:
        """Take out of index and working tree what is byte for byte what was written.

        Everything else is left and remembered for the next time. Raises GitError, StagingError,
        OSError.
        """
        room = Room(self._repo.git_dir)
        room.enter(deadline)
        try:
            return self._run()
        finally:
            room.leave()

    def _run(self) -> tuple[Undone, ...]:
        files = self._last_run.files()
        if not files:
            return ()
        found = {file.path: self._looked_at(file) for file in files}
        ours = [each for each in found.values() if isinstance(each, _Ours)]
        with all_or_nothing(self._repo, (self._index,), "nothing was taken out") as transaction:
            for each in ours:
                transaction.write(each.file.path, each.before, each.content)
            entries = [each.entry for each in ours if each.entry]
            if entries:
                transaction.enter(entries)
            self._last_run.keep(file for file in files if isinstance(found[file.path], str))
        for each in ours:
            if each.before is None:
                remove_empty_directories(self._repo.top, each.file.path)
        return tuple(_undone(file, found[file.path]) for file in files)

    def _looked_at(self, file: LastFile) -> "_Ours | str":
        """Return the file when it is still what was written, else why it is left."""
        reason = obstacle(self._repo.top, file.path)
        content = None if reason else read_file(self._repo.top, file.path)
        if content is None:
            return reason or "is not there any more"
        if digest(content) != file.content and self._blob_of(file.path, content) != file.blob:
            return "was edited since"
        entries = self._index.entries_at(str(file.path))
        if entries and (len(entries) > 1 or entries[0].flag != "H"):
            return "has flags or conflicts in the index"
        entry = entries[0] if entries else None
        if entry and entry.blob not in (file.blob, file.base):
            return "was staged with other content since"
        return self._ours(file, content, entry)

    def _ours(self, file: LastFile, content: bytes, entry: IndexEntry | None) -> "_Ours | str":
        if file.base is None:
            return _Ours(file, content, None, absent(entry) if entry else None)
        before = self._git.ask("cat-file", "--filters", f"--path={file.path}", file.base)
        if before.status:
            return "had an earlier version that is not in the repository any more"
        if entry is None or entry.mode not in REGULAR:
            return "is not in the index any more"
        is_staged = entry.blob == file.blob
        return _Ours(
            file, content, before.output, replace(entry, blob=file.base) if is_staged else None
        )

    def _blob_of(self, path: PurePosixPath, content: bytes) -> str:
        answer = self._git.run("hash-object", f"--path={path}", "--stdin", stdin=content)
        return answer.text.strip()


def _undone(file: LastFile, found: "_Ours | str") -> Undone:
    reason = found if isinstance(found, str) else None
    return Undone(file.path, is_removed=file.base is None, left_because=reason)
