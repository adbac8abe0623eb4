"""Edge: finds the unstaged changes that a hook runner has taken out of the working tree.

pre-commit and prek save them as a patch, restore them after the hooks, and lose them when a hook
has changed the same file. A file in such a patch looks clean and must not be touched.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from sloptest_hook.git.ancestry import ancestors
from sloptest_hook.git.plumbing import Plumbing
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.git.stores import environment_of, stores_of
from sloptest_hook.values.records import dataclass

# pre-commit and prek set it for their hooks.
_UNDER_RUNNER = "PRE_COMMIT"


@dataclass(frozen=True, slots=True)
class HiddenChanges:
    """The names that some patch changes.

    ``doubt`` says where changes may be that cannot be seen, of files that the index has: no other
    name can be in a patch.
    """

    names: frozenset[str]
    doubt: str | None = None


def hidden_changes(
    repo: StagedRepository, git: Plumbing, environ: Mapping[str, str]
) -> HiddenChanges:
    """Return what runners above this process have put aside."""
    patches, doubt = _patches(environ)
    names: set[str] = set()
    for patch in (*_fixed(repo), *patches):
        # As pre-commit applies it: a setting of the user's could refuse it for its blanks.
        answer = git.ask("apply", "--numstat", "-z", "--whitespace=nowarn", str(patch))
        if answer.status:
            doubt = f"{patch}, which cannot be read"
        names.update(record.split("\t", 2)[-1] for record in answer.text.split("\0"))
    return HiddenChanges(frozenset(names), doubt)


def _fixed(repo: StagedRepository) -> Iterator[Path]:
    """Yield the patches of lefthook and lint-staged, which have names of their own."""
    patch = repo.git_dir / "lint-staged_unstaged.patch"
    if patch.exists():
        yield patch
    # One for each worktree, whose name is part of the file's; those of the others do no harm here.
    yield from sorted((repo.common_dir / "info").glob("lefthook-unstaged*.patch"))


def _patches(environ: Mapping[str, str]) -> tuple[list[Path], str | None]:
    """Return the patches of the processes above, and where another one might be."""
    found: list[Path] = []
    is_seen = False
    doubt = None
    is_under_runner = _UNDER_RUNNER in environ
    for pid in ancestors():
        is_under_runner |= _UNDER_RUNNER in environment_of(pid)
        for store in stores_of(pid, environ):
            try:
                found += store.patches()
                is_seen = True
            except (FileNotFoundError, NotADirectoryError):
                continue
            except OSError as error:
                doubt = f"{store.directory}, which cannot be looked into ({error.strerror})"
    if not is_under_runner:
        return found, None
    if doubt is None and not is_seen:
        doubt = "the hook runner's store, which was not found"
    return found, doubt
