"""Edge: decides whether a path may be touched: provably clean, or provably ours, or not at all."""

import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import PurePosixPath

from sloptest_hook.git.hidden import HiddenChanges, hidden_changes
from sloptest_hook.git.index import IndexFile, indexes_of_commit
from sloptest_hook.git.line_ends import in_the_line_ends_of, without_cr
from sloptest_hook.git.listing import REGULAR, IndexEntry
from sloptest_hook.git.paths import obstacle, read_file
from sloptest_hook.git.plumbing import Plumbing
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.git.written import WrittenFiles

_FLAGS = {
    "S": "is outside of the sparse checkout (skip-worktree)",
    "M": "has unresolved merge conflicts",
}


class Refusals:
    """The grounds on which one commit must keep its hands off a path."""

    def __init__(self, repo: StagedRepository, git: Plumbing, written: WrittenFiles) -> None:
        self._repo = repo
        self._git = git
        self._written = written
        self._indexes = indexes_of_commit(repo)

    def reason(self, path: PurePosixPath) -> str | None:
        """Return why, as the end of a sentence that begins with the path, or None."""
        return (
            obstacle(self._repo.top, path)
            or self._hidden_reason(path)
            or self._index_obstacle(path)
            or self._content_reason(path)
        )

    @cached_property
    def _hidden(self) -> HiddenChanges:
        # Made before the hooks start and not touched until they end.
        return hidden_changes(self._repo, self._git, os.environ)

    @cached_property
    def _real_index(self) -> IndexFile:
        return IndexFile(self._repo, self._repo.git_dir / "index")

    def _hidden_reason(self, path: PurePosixPath) -> str | None:
        if str(path) in self._hidden.names:
            return "has unstaged changes, which the hook runner has put aside"
        if self._hidden.doubt and self._indexes[-1].entries_at(str(path)):
            return f"may have unstaged changes in {self._hidden.doubt}"
        return None

    def _index_obstacle(self, path: PurePosixPath) -> str | None:
        for index in self._indexes:
            for parent in tuple(path.parents)[:-1]:
                if index.entries_at(str(parent)):
                    return f"lies below {parent}, which is a file or a submodule in the index"
            if index.holds_below(str(path)):
                return "is a directory in the index"
        return None

    def _content_reason(self, path: PurePosixPath) -> str | None:
        found = [index.entries_at(str(path)) for index in self._indexes]
        if any(len(entries) > 1 or (entries and entries[0].stage) for entries in found):
            return _FLAGS["M"]
        own = found[-1][0] if found[-1] else None
        if not all(self._is_same_but_for_ours(path, own, entries) for entries in found):
            return "has staged changes that are not part of this commit"
        return self._tracked_reason(path, own) if own else self._new_reason(path)

    def _is_same_but_for_ours(
        self, path: PurePosixPath, own: IndexEntry | None, entries: Sequence[IndexEntry]
    ) -> bool:
        """Tell whether another index holds the file of this commit, with tests of ours at most.

        They are staged since a commit that was given up, and this one is of other paths.
        """
        if entries == ((own,) if own else ()):
            return True
        base = own.blob if own else None
        return any(
            entry.flag == "H" and self._written.is_our_blob(path, entry.blob, base)
            for entry in entries
        )

    def _tracked_reason(self, path: PurePosixPath, entry: IndexEntry) -> str | None:
        if entry.flag != "H":
            return _FLAGS.get(entry.flag, "is marked assume-unchanged")
        if entry.mode not in REGULAR:
            return "is not a regular file in the index"
        if self._indexes[-1].is_intent_to_add(entry.name):
            return "is only announced to git (`git add -N`)"
        content = read_file(self._repo.top, path)
        if content is None:
            return "is deleted in the working tree"
        if self._blob_of(path, content) == entry.blob:
            return self._form_reason(path, content, entry)
        # Left behind by a commit of some paths that was abandoned: git has dropped its index.
        is_ours = self._written.is_ours(path, content, entry.blob)
        return None if is_ours else "has unstaged changes"

    def _form_reason(self, path: PurePosixPath, content: bytes, entry: IndexEntry) -> str | None:
        """Return why a file that git calls clean cannot be written as it is on disk, or None."""
        checkout = self._git.run("cat-file", "--filters", f"--path={path}", entry.blob).output
        if content == checkout:
            return None
        is_other_text = without_cr(content) != without_cr(checkout)
        if is_other_text or in_the_line_ends_of(content, checkout) is None:
            return "has a form on disk that a checkout would not give it"
        return None

    def _blob_of(self, path: PurePosixPath, content: bytes) -> str:
        answer = self._git.run("hash-object", f"--path={path}", "--stdin", stdin=content)
        return answer.text.strip()

    def _new_reason(self, path: PurePosixPath) -> str | None:
        real = self._real_index.entries_at(str(path))
        if real and not self._is_same_but_for_ours(path, None, real):
            return "is in the index but not in this commit"
        if self._is_in_head(path):
            return "is deleted by this commit"
        if self._git.ask("check-ignore", "-q", "--", f"./{path}", literal=False).status != 1:
            return "is ignored by git"
        if self._is_outside_sparse_checkout(path):
            return _FLAGS["S"]
        content = read_file(self._repo.top, path)
        if content is None or self._written.is_ours(path, content, None):
            return None
        return "exists and is not tracked"

    def _is_in_head(self, path: PurePosixPath) -> bool:
        if self._git.ask("rev-parse", "-q", "--verify", "HEAD^{tree}").status:
            return False
        return bool(self._git.run("ls-tree", "-z", "HEAD", "--", str(path)).output)

    def _is_outside_sparse_checkout(self, path: PurePosixPath) -> bool:
        """Tell whether a new file there might be outside: no neighbour proves that it is not."""
        setting = self._git.ask("config", "--type=bool", "--get", "core.sparseCheckout")
        if setting.text.strip() != "true":
            return False
        neighbours = self._git.run("ls-files", "-v", "-z", "--", f"{path.parent}/").text
        return not any(record.startswith("H") for record in neighbours.split("\0"))
