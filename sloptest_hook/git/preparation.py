"""Edge: makes a merged file ready to be staged: checks it once more, stores its blob."""

from contextlib import suppress
from pathlib import PurePosixPath

from sloptest_hook.errors import StagingError
from sloptest_hook.git.index import IndexFile
from sloptest_hook.git.leftovers import leftovers
from sloptest_hook.git.line_ends import in_the_line_ends_of
from sloptest_hook.git.listing import IndexEntry
from sloptest_hook.git.paths import read_file
from sloptest_hook.git.plumbing import Plumbing
from sloptest_hook.git.refusal import Refusals
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.values.candidate import MergedFile
from sloptest_hook.values.records import dataclass


@dataclass(frozen=True, slots=True)
class PreparedFile:
    """A file on its way: its entry in the index and its bytes on disk, new and old.

    The old bytes need not be those of the old entry: a leftover of ours may lie there. ``base`` is
    the blob that the merge started from, None for a new file; the old entry may be a leftover too.
    """

    path: PurePosixPath
    entry: IndexEntry
    content: bytes
    old_entry: IndexEntry | None
    old_content: bytes | None
    base: str | None


class Preparation:
    """Prepares files for one commit; nothing but loose objects is written."""

    def __init__(self, repo: StagedRepository, git: Plumbing, refusals: Refusals) -> None:
        self._repo = repo
        self._git = git
        self._refusals = refusals
        self._index = IndexFile(repo, repo.index)

    def prepare(self, file: MergedFile) -> PreparedFile:
        """Return the file ready to be written; raises StagingError, GitError, OSError.

        It is read before it is checked: whatever the user saves after that, the writer sees.
        """
        old_content = self._content_on_disk(file.path)
        reason = self._refusals.reason(file.path)
        if reason:
            raise StagingError(f"{file.path} {reason}")
        old_entry, base = self._entries_before(file)
        name, mode = str(file.path), old_entry.mode if old_entry else "100644"
        blob = self._hash(file.path, file.after, "-w")
        return PreparedFile(
            file.path,
            IndexEntry("H", mode, blob, 0, name),
            self._on_disk(file.path, blob, base, old_content),
            old_entry,
            old_content,
            base.blob if base else None,
        )

    def _content_on_disk(self, path: PurePosixPath) -> bytes | None:
        with suppress(OSError):  # the check that follows says what is in the way
            return read_file(self._repo.top, path)
        return None

    def _entries_before(self, file: MergedFile) -> tuple[IndexEntry | None, IndexEntry | None]:
        """Return the entry that is there, and the one that the merge started from.

        They differ where the merge has left out what an earlier run of ours had staged.
        """
        entry = next(iter(self._index.entries_at(str(file.path))), None)
        if self._content_of(entry) == file.before:
            return entry, entry
        leftover = leftovers(self._repo, self._git).get(file.path)
        before = leftover.before if leftover and leftover.before.mode != "0" else None
        if leftover is None or self._content_of(before) != file.before:
            raise StagingError(f"{file.path} was staged by somebody else in the meantime")
        return entry, before

    def _content_of(self, entry: IndexEntry | None) -> bytes | None:
        if entry is None:
            return None
        answer = self._repo.read_blobs([entry.blob])[entry.blob]
        return answer if isinstance(answer, bytes) else None

    def _on_disk(
        self, path: PurePosixPath, blob: str, base: IndexEntry | None, old: bytes | None
    ) -> bytes:
        """Return what a checkout would write, in the line ends that the file has on disk.

        Those may be others: git does not rewrite a file when a setting changes.
        """
        content = self._checkout(path, blob)
        if base is not None and old is not None and old != self._checkout(path, base.blob):
            content = in_the_line_ends_of(old, content) or content
        if self._hash(path, content) != blob:
            raise StagingError(
                f"{path} comes back changed from git's filters. "
                f"Look at its attributes: `git check-attr -a {path}`"
            )
        return content

    def _checkout(self, path: PurePosixPath, blob: str) -> bytes:
        return self._git.run("cat-file", "--filters", f"--path={path}", blob).output

    def _hash(self, path: PurePosixPath, content: bytes, *options: str) -> str:
        answer = self._git.run("hash-object", *options, f"--path={path}", "--stdin", stdin=content)
        return answer.text.strip()
