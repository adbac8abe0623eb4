"""Edge: looks at what git is in the middle of, and says when the hook must do nothing."""

import os
from collections.abc import Mapping
from pathlib import Path

# During a rebase git refuses to go on when a hook has staged something, and in a merge the staged
# diff is the whole other branch.
_OPERATIONS = {
    "rebase-merge": "a rebase is in progress",
    "rebase-apply": "a rebase is in progress",
    "MERGE_HEAD": "a merge is in progress",
    "CHERRY_PICK_HEAD": "a cherry-pick is in progress",
}

# What pre-commit sets for its other stages, in which nothing can enter a commit any more.
_STAGES = {
    "PRE_COMMIT_REMOTE_BRANCH": "a push",
    "PRE_COMMIT_CHECKOUT_TYPE": "a checkout",
    "PRE_COMMIT_IS_SQUASH_MERGE": "a merge",
    "PRE_COMMIT_REWRITE_COMMAND": "a rewrite of commits",
    "PRE_COMMIT_PRE_REBASE_BRANCH": "a rebase",
    "PRE_COMMIT_COMMIT_MSG_SOURCE": "a commit message",
}


def quiet_reason(git_dir: Path, index: Path, environ: Mapping[str, str]) -> str | None:
    """Return why nothing must be looked at now, or None."""
    for name, stage in _STAGES.items():
        if environ.get(name):
            return f"the hook runs for {stage}, not for the content of a commit"
    action = environ.get("GIT_REFLOG_ACTION")
    if action:
        return f"git is running `{action}`"
    for name, reason in _OPERATIONS.items():
        if os.path.lexists(git_dir / name):
            return reason
    if not is_index_of_commit(git_dir, index):
        return f"GIT_INDEX_FILE is {index}, which is not an index of this repository"
    return None


def is_index_of_commit(git_dir: Path, index: Path) -> bool:
    """Tell whether git itself made this index: for a plain commit, ``-a``, or one of some paths."""
    name = index.name
    ours = name in ("index", "index.lock") or is_partial(index)
    return ours and os.path.realpath(index.parent) == os.path.realpath(git_dir)


def is_partial(index: Path) -> bool:
    """Tell whether this is the index of ``git commit -- PATH``, beside which is the next one."""
    return index.name.startswith("next-index-") and index.name.endswith(".lock")
