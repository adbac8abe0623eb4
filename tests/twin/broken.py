"""The hook, broken on purpose: what the scenarios must notice.

    python tests/twin/broken.py VARIANT hook [FILES...]

Each variant makes one mistake that a hook which stages files can make, in memory alone.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from sloptest_hook import cli
from sloptest_hook.errors import GitError
from sloptest_hook.git import refusal, staging
from sloptest_hook.git.hidden import HiddenChanges
from sloptest_hook.git.index import IndexFile
from sloptest_hook.git.listing import IndexEntry
from sloptest_hook.git.preparation import Preparation, PreparedFile
from sloptest_hook.git.refusal import Refusals
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.git.staging import WorktreeStager
from sloptest_hook.git.worktree import WorkingTree
from sloptest_hook.values.candidate import MergedFile
from sloptest_hook.values.source import ChangeKind, StagedDiff

Files = Sequence[MergedFile]


def main(words: Sequence[str]) -> int:
    """Break what the first word names, and run the rest."""
    VARIANTS[words[0]]()
    return cli.main(words[1:])


def _add_all() -> None:
    _stage_by(_written_and_added("-A"))


def _add_changed() -> None:
    _stage_by(_written_and_added("-u", "."))


def _write_over_changes() -> None:
    _put_in(Refusals, "reason", lambda _self, _path: None)


def _use_the_main_index() -> None:
    found = StagedRepository.open

    def opened(cwd: Path) -> StagedRepository:
        repo = found(cwd)
        index = repo.git_dir / "index"
        environment = {**repo.environment, "GIT_INDEX_FILE": str(index)}
        return replace(repo, index=index, environment=environment)

    _put_in(StagedRepository, "open", staticmethod(opened))


def _use_one_index() -> None:
    def own(repo: StagedRepository) -> tuple[IndexFile, ...]:
        return (IndexFile(repo, repo.index),)

    for module in (staging, refusal):
        _put_in(module, "indexes_of_commit", own)


def _stage_nothing() -> None:
    _put_in(IndexFile, "put", lambda _self, *_rest: None)


def _write_nothing() -> None:
    _put_in(WorkingTree, "write", lambda _self, *_rest: None)


def _read_the_working_tree() -> None:
    staged = StagedRepository.staged_diff

    def on_disk(repo: StagedRepository) -> StagedDiff:
        diff = staged(repo)
        changes = tuple(
            each
            if each.kind is ChangeKind.DELETED
            else replace(each, text=(repo.top / each.path).read_text())
            for each in diff.changes
        )
        return replace(diff, changes=changes)

    _put_in(StagedRepository, "staged_diff", on_disk)


def _never_keep_quiet() -> None:
    _put_in(StagedRepository, "quiet_reason", lambda _self: None)


def _forget_what_is_hidden() -> None:
    _put_in(refusal, "hidden_changes", lambda *_rest: HiddenChanges(frozenset()))


def _follow_links() -> None:
    # Nothing of the package that opens files may be loaded before: it keeps the flag.
    from sloptest_hook.git import paths

    _put_in(paths, "_DIRECTORY", os.O_RDONLY | os.O_DIRECTORY)
    _put_in(os, "O_NOFOLLOW", 0)
    _write_over_changes()


def _write_as_staged() -> None:
    prepare = Preparation.prepare

    def as_staged(self: Preparation, file: MergedFile) -> PreparedFile:
        return replace(prepare(self, file), content=file.after)

    _put_in(Preparation, "prepare", as_staged)


def _rewrite_line_ends() -> None:
    _change_files(lambda content: content.replace(b"\r\n", b"\n"))


def _rewrite_as_text() -> None:
    _change_files(lambda content: content.decode("utf-8-sig", "replace").encode())


def _remove_the_lock() -> None:
    put = IndexFile.put

    def unlocked(self: IndexFile, *rest: object) -> None:
        _lock_of(self.file).unlink(missing_ok=True)
        put(self, *rest)  # type: ignore[arg-type]

    _put_in(IndexFile, "put", unlocked)


def _stage_what_is_ignored() -> None:
    _put_in(Refusals, "_new_reason", lambda _self, _path: None)


def _forget_the_mode() -> None:
    put = IndexFile.put

    def as_new(self: IndexFile, entries: Sequence[IndexEntry], *rest: object) -> None:
        plain = [replace(each, mode="100644") if each.mode != "0" else each for each in entries]
        put(self, plain, *rest)  # type: ignore[arg-type]

    _put_in(IndexFile, "put", as_new)


def _leave_a_draft() -> None:
    staged = WorktreeStager.stage

    def stage(self: WorktreeStager, files: Files, *, into_index: bool) -> None:
        for file in files:
            (self._repo.top / file.path).with_suffix(".tmp").write_bytes(file.after)
        staged(self, files, into_index=into_index)

    _put_in(WorktreeStager, "stage", stage)


def _sort_the_tests() -> None:
    _change_files(lambda content: b"".join(sorted(content.splitlines(keepends=True))))


def _leave_a_lock() -> None:
    staged = WorktreeStager.stage

    def stage(self: WorktreeStager, files: Files, *, into_index: bool) -> None:
        staged(self, files, into_index=into_index)
        _lock_of(self._repo.git_dir / "index").touch()

    _put_in(WorktreeStager, "stage", stage)


VARIANTS: dict[str, Callable[[], None]] = {
    "add-all": _add_all,
    "add-changed": _add_changed,
    "write-over-changes": _write_over_changes,
    "use-the-main-index": _use_the_main_index,
    "use-one-index": _use_one_index,
    "stage-nothing": _stage_nothing,
    "write-nothing": _write_nothing,
    "read-the-working-tree": _read_the_working_tree,
    "never-keep-quiet": _never_keep_quiet,
    "forget-what-is-hidden": _forget_what_is_hidden,
    "follow-links": _follow_links,
    "write-as-staged": _write_as_staged,
    "rewrite-line-ends": _rewrite_line_ends,
    "rewrite-as-text": _rewrite_as_text,
    "remove-the-lock": _remove_the_lock,
    "stage-what-is-ignored": _stage_what_is_ignored,
    "forget-the-mode": _forget_the_mode,
    "leave-a-draft": _leave_a_draft,
    "sort-the-tests": _sort_the_tests,
    "leave-a-lock": _leave_a_lock,
}


def _lock_of(index: Path) -> Path:
    return index.with_name(f"{index.name}.lock")


def _put_in(owner: object, name: str, value: object) -> None:
    """Replace something that is there; a variant must not go on doing nothing."""
    if not hasattr(owner, name):
        sys.exit(f"broken.py: there is no {name} in {owner} any more")
    setattr(owner, name, value)


def _stage_by(work: Callable[[StagedRepository, Files], None]) -> None:
    def stage(self: WorktreeStager, files: Files, *, into_index: bool) -> None:
        work(self._repo, files)

    _put_in(WorktreeStager, "stage", stage)


def _written_and_added(*words: str) -> Callable[[StagedRepository, Files], None]:
    def work(repo: StagedRepository, files: Files) -> None:
        for file in files:
            place = repo.top / file.path
            place.parent.mkdir(exist_ok=True)
            place.write_bytes(file.after)
            repo.git("add", "--", str(file.path))
        # As such a hook would: in the environment that git has given it.
        done = subprocess.run(("git", "add", *words), cwd=repo.top, check=False)
        if done.returncode:
            raise GitError("git add failed")

    return work


def _change_files(change: Callable[[bytes], bytes]) -> None:
    """Change what is about to be staged, the user's lines too."""
    staged = WorktreeStager.stage

    def stage(self: WorktreeStager, files: Files, *, into_index: bool) -> None:
        changed = [replace(file, after=change(file.after)) for file in files]
        staged(self, changed, into_index=into_index)

    _put_in(WorktreeStager, "stage", stage)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
