"""Edge: finds the unstaged changes that a hook runner has taken out of the working tree.

pre-commit and prek save them as a patch, restore them after the hooks, and lose them when a hook
has changed the same file. A file in such a patch looks clean and must not be touched.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sloptest_hook.git.ancestry import ancestors
from sloptest_hook.git.plumbing import Plumbing
from sloptest_hook.git.repository import StagedRepository


@dataclass(frozen=True, slots=True)
class HiddenChanges:
    """The names that some patch changes; ``unreadable`` is a patch whose names are not known."""

    names: frozenset[str]
    unreadable: Path | None = None


def hidden_changes(
    repo: StagedRepository, git: Plumbing, environ: Mapping[str, str]
) -> HiddenChanges:
    """Return what runners above this process have put aside."""
    names: set[str] = set()
    for patch in _patches(repo, environ):
        answer = git.ask("apply", "--numstat", "-z", str(patch))
        if answer.status:
            return HiddenChanges(frozenset(names), patch)
        names.update(_names(answer.text))
    return HiddenChanges(frozenset(names))


def _names(numstat: str) -> Iterator[str]:
    for record in numstat.split("\0"):
        yield record.split("\t", 2)[-1]


def _patches(repo: StagedRepository, environ: Mapping[str, str]) -> Iterator[Path]:
    # lefthook and lint-staged keep one patch under a fixed name.
    fixed = (
        repo.git_dir / "lint-staged_unstaged.patch",
        repo.common_dir / "info" / "lefthook-unstaged.patch",
    )
    yield from (patch for patch in fixed if patch.exists())
    pre_commit, prek = _stores(environ)
    for pid in ancestors():
        yield from sorted(pre_commit.glob(f"patch*-{pid}"))
        yield from sorted((prek / "patches").glob(f"*-{pid}.patch"))


def _stores(environ: Mapping[str, str]) -> tuple[Path, Path]:
    """Return the directories of pre-commit and of prek, as they choose them."""
    cache = Path(environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
    return (
        Path(environ.get("PRE_COMMIT_HOME") or cache / "pre-commit"),
        Path(environ.get("PREK_HOME") or cache / "prek"),
    )
