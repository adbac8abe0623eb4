"""Edge: tests of an earlier run that are staged, because the commit they were for has failed."""

from collections.abc import Mapping
from pathlib import PurePosixPath

from sloptest_hook.git.index import IndexFile
from sloptest_hook.git.last_run import LastFile, LastRun, head_of
from sloptest_hook.git.listing import IndexEntry, absent, parse_tree
from sloptest_hook.git.plumbing import Plumbing
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.values.records import dataclass


@dataclass(frozen=True, slots=True)
class Leftover:
    """A staged file that is HEAD's with nothing added but by us.

    ``before`` is what a commit without our tests would hold; mode 0: no such file.
    """

    entry: IndexEntry
    before: IndexEntry


def leftovers(repo: StagedRepository, git: Plumbing) -> Mapping[PurePosixPath, Leftover]:
    """Return what runs since this HEAD have left in the index of the commit. Raises GitError."""
    last_run = LastRun(repo.git_dir / "sloptest" / "last_run.json")
    files = last_run.files_since(head_of(git))
    index = IndexFile(repo, repo.index)
    found = {file.path: _leftover(file, index, git) for file in files}
    return {path: each for path, each in found.items() if each is not None}


def _leftover(file: LastFile, index: IndexFile, git: Plumbing) -> Leftover | None:
    entries = index.entries_at(str(file.path))
    if len(entries) != 1 or entries[0].blob != file.blob:
        return None
    listed = git.ask("ls-tree", "-z", "HEAD", "--", str(file.path))  # no HEAD: no file either
    before = parse_tree(listed.text) if not listed.status else ()
    if (before[0].blob if before else None) != file.base:
        return None
    return Leftover(entries[0], before[0] if before else absent(entries[0]))
