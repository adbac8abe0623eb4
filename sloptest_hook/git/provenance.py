"""Edge: tells what came with the repository from what was made in this clone.

git checks out what is tracked. An environment that someone made here is not tracked; one that is
was chosen, with all that it runs, by whoever wrote the repository.
"""

import hashlib
import os
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from sloptest_hook.git.command import run_git
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.values.records import dataclass

_MOST_LINKS = 40  # as the kernel
_BINARIES = ("bin", "Scripts")


@dataclass(frozen=True, slots=True)
class Origin:
    """Why a file is not this clone's own, and a digest of what of it came with the repository."""

    reason: str
    content: str


def origin_of(repo: StagedRepository, path: Path) -> Origin | None:
    """Return how a file, or what it is a link to, came here with a repository; None: it did not.

    The environment that an interpreter lies in is looked at with it: a tracked ``.pth`` runs as
    surely as a tracked ``python`` does. Raises GitError.
    """
    top = repo.top.resolve()
    inside = [each for each in dict.fromkeys(_walked(path, repo.top)) if each.is_relative_to(top)]
    for each in inside:
        nested = _nested(each, top)
        if nested:
            return Origin(f"lies in {nested.relative_to(top)}, another repository", "")
    names = {str(name) for each in inside for name in _names(each.relative_to(top))} - {"."}
    listed = _tracked(repo, sorted(names)) if names else b""
    if not listed:
        return None
    return Origin("is tracked by git, so it came with the repository", _digest(listed))


def is_inside(top: Path, path: Path) -> bool:
    """Tell whether a path lies below the top, as it is written."""
    return Path(os.path.normpath(top / path)).is_relative_to(os.path.normpath(top))


def _walked(path: Path, top: Path) -> Iterator[Path]:
    """Yield every file that is looked up on the way to a path, links and what they lead to."""
    start = Path(os.path.normpath(top / path))
    if start.is_relative_to(os.path.normpath(top)):
        start = top.resolve() / start.relative_to(os.path.normpath(top))
    current, left, links = Path(start.anchor), deque(start.parts[1:]), 0
    while left:
        part = left.popleft()
        current = current.parent if part == ".." else current / part
        if not current.is_symlink():
            continue
        yield current
        links += 1
        if links > _MOST_LINKS:
            return
        target = current.readlink()
        left.extendleft(reversed([each for each in target.parts if each != target.anchor]))
        current = Path(target.anchor) if target.is_absolute() else current.parent
    yield current


def _names(path: Path) -> Iterator[Path]:
    yield path
    if path.parent.name in _BINARIES:
        environment = path.parent.parent
        yield environment if environment.parts else path.parent


def _nested(path: Path, top: Path) -> Path | None:
    above = [each for each in (path, *path.parents) if each != top and each.is_relative_to(top)]
    return next((each for each in above if os.path.lexists(each / ".git")), None)


def _tracked(repo: StagedRepository, names: list[str]) -> bytes:
    # In any case of letters: where a disk makes no difference, `.VENV` is found as `.venv`.
    specs = [f":(top,icase,literal){name}" for name in names]
    environment = {**repo.environment, "GIT_LITERAL_PATHSPECS": "0"}
    return run_git("ls-files", "-s", "-z", "--", *specs, cwd=repo.top, environment=environment)


def _digest(listed: bytes) -> str:
    return hashlib.sha256(listed).hexdigest()
