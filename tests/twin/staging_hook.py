"""A hook that stages a small test for each staged module, through the real stager.

    python tests/twin/staging_hook.py [careful | add-everything | never-refuse | one-index]

The test is made from the name and the content of the module, nothing is run: a tenth of the
product's time, with the product's way into the working tree and the index. All but the first are
broken on purpose, for those who want to know whether a check can fail.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from sloptest_hook.errors import SloptestError
from sloptest_hook.git import refusal, staging
from sloptest_hook.git.index import IndexFile
from sloptest_hook.git.leftovers import leftovers
from sloptest_hook.git.plumbing import Plumbing
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.git.staging import WorktreeStager
from sloptest_hook.values.candidate import MergedFile
from sloptest_hook.values.source import ChangeKind, StagedChange

CAREFUL, ADD_EVERYTHING, NEVER_REFUSE, ONE_INDEX = (
    "careful",
    "add-everything",
    "never-refuse",
    "one-index",
)

_ENDINGS = ("", "_generated", "_observed")  # the file of the module, then names next to it
_TEST = """\


def test_{subject}_is_at_{version}():
    assert "{subject}"
"""


def main(variant: str = CAREFUL) -> None:
    """Do what the product does at a commit; a failure does not stop the commit."""
    if variant == NEVER_REFUSE:
        refusal.Refusals.reason = _no_reason  # type: ignore[method-assign]
    if variant == ONE_INDEX:
        staging.indexes_of_commit = _own_index  # type: ignore[attr-defined]
    repo = StagedRepository.open(Path.cwd())
    if repo.quiet_reason():
        return
    stager = WorktreeStager(repo)
    files = tuple(_merged_files(repo, stager))
    try:
        if variant == ADD_EVERYTHING:
            _add_everything(repo, files)
        else:
            stager.stage(files, into_index=True)
    except SloptestError as error:
        print(error)  # noqa: T201 - it is a program


def _merged_files(repo: StagedRepository, stager: WorktreeStager) -> Iterator[MergedFile]:
    for change in repo.staged_diff().changes:
        if change.kind is ChangeKind.DELETED or change.path.parts[0] == "tests":
            continue
        for ending in _ENDINGS:
            path = PurePosixPath("tests", f"test_{change.path.stem}{ending}.py")
            if stager.refusal(path) is None:
                yield from _merged(path, change, repo)
                break


def _merged(
    path: PurePosixPath, change: StagedChange, repo: StagedRepository
) -> Iterator[MergedFile]:
    """Yield the file with one more test, unless it is there already."""
    before = _before(path, repo)
    test = _TEST.format(subject=change.path.stem, version=change.blob[:8]).encode()
    if test not in (before or b""):
        gap = b"" if before is None or before.endswith(b"\n") else b"\n"
        yield MergedFile(path, before, (before or b"") + gap + test, ())


def _before(path: PurePosixPath, repo: StagedRepository) -> bytes | None:
    """Return what is staged, without what an earlier try of the same commit has added."""
    leftover = leftovers(repo, Plumbing(repo)).get(path)
    if leftover:
        blob = leftover.before.blob if leftover.before.mode != "0" else None
    else:
        blob = repo.blobs_of([path]).get(path)
    content = repo.read_blobs([blob])[blob] if blob else None
    assert content is None or isinstance(content, bytes), content
    return content


def _add_everything(repo: StagedRepository, files: tuple[MergedFile, ...]) -> None:
    for file in files:
        place = repo.top / file.path
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(file.after)
    if files:
        subprocess.run(("git", "add", "-A"), cwd=repo.top, check=True)


def _no_reason(self: refusal.Refusals, path: PurePosixPath) -> None:
    return None


def _own_index(repo: StagedRepository) -> tuple[IndexFile, ...]:
    return (IndexFile(repo, repo.index),)


if __name__ == "__main__":
    main(*sys.argv[1:2])  # what follows are the names of files, from pre-commit
