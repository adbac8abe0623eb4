"""Edge: decides whether a path may be touched: provably clean, or provably ours, or not at all."""

import os
from functools import cached_property
from pathlib import PurePosixPath

from sloptest_hook.git.hidden import HiddenChanges, hidden_changes
from sloptest_hook.git.index import IndexFile, indexes_of_commit
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
        if len(set(found)) > 1:
            return "has staged changes that are not part of this commit"
        return self._tracked_reason(path, found[0][0]) if found[0] else self._new_reason(path)

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
            return None
        # Left behind by a commit of some paths that was abandoned: git has dropped its index.
        is_ours = self._written.is_ours(path, content, entry.blob)
        return None if is_ours else "has unstaged changes"

    def _blob_of(self, path: PurePosixPath, content: bytes) -> str:
        answer = self._git.run("hash-object", f"--path={path}", "--stdin", stdin=content)
        return answer.text.strip()

    def _new_reason(self, path: PurePosixPath) -> str | None:
        if self._real_index.entries_at(str(path)):
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
