"""Edge: a range of commits, seen as if its end were staged upon its beginning."""

from pathlib import Path

from sloptest_hook.errors import GitError
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.values.records import replace


def as_staged(repo: StagedRepository, first: str, last: str, scratch: Path) -> StagedRepository:
    """Return the repository with the tree of ``last`` for its index, in a file below ``scratch``.

    The diff begins where ``last`` has left ``first``, as pre-commit's does; at ``first`` itself in
    a clone that does not go back that far. Nothing of the user's is touched. Raises GitError.
    """
    begin, end = _commit(repo, first), _commit(repo, last)
    index = scratch / "range.index"
    environment = {**repo.environment, "GIT_INDEX_FILE": str(index)}
    ranged = replace(repo, index=index, environment=environment, base=_fork_point(repo, begin, end))
    ranged.git("read-tree", end)
    return ranged


def since(view: StagedRepository, name: str) -> StagedRepository:
    """Return a view whose diff begins where HEAD has left the commit ``name``. Raises GitError."""
    return replace(view, base=_fork_point(view, _commit(view, name), _commit(view, "HEAD")))


def _commit(repo: StagedRepository, name: str) -> str:
    words = ("rev-parse", "-q", "--verify", "--end-of-options", f"{name}^{{commit}}")
    try:
        return repo.git(*words).decode("ascii").strip()
    except GitError as error:
        raise GitError(
            f"{name!r} is no commit of this repository. Fetch it, or name another range."
        ) from error


def _fork_point(repo: StagedRepository, begin: str, end: str) -> str:
    try:
        return repo.git("merge-base", begin, end).decode("ascii").split("\n", 1)[0]
    except GitError:
        return begin
