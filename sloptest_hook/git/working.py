"""Edge: the working tree, seen as if all of its Python were staged."""

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path, PurePosixPath

from sloptest_hook.git.last_run import head_of
from sloptest_hook.git.plumbing import Plumbing
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.values.records import replace

# `git add` would tell the user's daemon and hooks of an index that is none of theirs.
_CONFIG = ("core.hooksPath=/dev/null", "core.fsmonitor=false", "core.untrackedCache=false")


def as_staged(
    repo: StagedRepository, paths: Iterable[PurePosixPath], scratch: Path
) -> StagedRepository:
    """Return the repository with what lies in its working tree for its index, below ``scratch``.

    That is: what is tracked, as it is now; Python files that are not, and not ignored; and
    ``paths``. The real index is read and not touched. Raises GitError.
    """
    index = scratch / "working.index"
    with suppress(FileNotFoundError):  # before the first `git add` there is none
        shutil.copyfile(repo.index, index)
    environment = {**repo.environment, "GIT_INDEX_FILE": str(index)}
    view = replace(repo, index=index, environment=environment, base=_head(repo))
    git = Plumbing(view, config=_CONFIG)
    git.run("add", "-u", "--", ".")
    listed = git.run("ls-files", "-o", "--exclude-standard", "-z").text.split("\0")
    wanted = {name for name in listed if name.endswith(".py")}
    named = wanted.union(_files_below(repo.top, paths))
    if named:
        request = os.fsencode("\0".join(sorted(named)))
        git.run("add", "-f", "--pathspec-from-file=-", "--pathspec-file-nul", stdin=request)
    return view


def _head(repo: StagedRepository) -> str:
    """Return what the working tree is compared with: in a new repository, with nothing."""
    git = Plumbing(repo)
    nothing = ("hash-object", "-t", "tree", "-w", "--stdin")
    return head_of(git) or git.run(*nothing).text.strip()


def _files_below(top: Path, paths: Iterable[PurePosixPath]) -> Iterable[str]:
    """Yield the files among the paths: who names one wants it, ignored or not."""
    return (str(path) for path in paths if (top / path).is_file())
