"""Edge: the staged tree on disk, under the git dir, brought up to date by git itself."""

import os
import shutil
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from sloptest_hook.errors import GitError
from sloptest_hook.git.build_products import build_products
from sloptest_hook.git.leftovers import leftovers
from sloptest_hook.git.listing import (
    REGULAR,
    SUBMODULE,
    IndexEntry,
    as_index_info,
    parse_tree,
)
from sloptest_hook.git.paths import create_file, make_directories, open_directory
from sloptest_hook.git.plumbing import Plumbing
from sloptest_hook.git.reduction import needed_names
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.git.room import Room
from sloptest_hook.git.sweeping import remove, sweep
from sloptest_hook.values.candidate import MergedFile
from sloptest_hook.values.deadline import Deadline

# 20,000 files take a second or two to write for the first time, 100,000 take ten.
MAX_FILES = 20_000
_CHECKOUT_SECONDS = 60.0

# What the user has set up for his own working tree is not for this one: his hooks, the daemon that
# watches it, the checkouts of his submodules, the part of the tree that he wants to see: a test
# outside of it still runs.
_CONFIG = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.untrackedCache=false",
    "core.splitIndex=false",
    "submodule.recurse=false",
    "core.sparseCheckout=false",
    "core.sparseCheckoutCone=false",
    "index.sparse=false",
)


class StagedSnapshot:
    """The staged tree of one commit; ``root`` is the directory that holds it.

    ``refresh`` comes first. From then on no other run in this working tree can use the snapshot,
    until ``close`` or the end of the process.
    """

    def __init__(
        self,
        repo: StagedRepository,
        *,
        needed: Sequence[PurePosixPath],
        tests_dir: PurePosixPath,
        max_files: int = MAX_FILES,
    ) -> None:
        self._repo = repo
        self._needed = tuple(needed)
        self._tests_dir = tests_dir
        self._max_files = max_files
        self._room = Room(repo.git_dir)
        self._entries: tuple[IndexEntry, ...] = ()
        self._absent: frozenset[str] = frozenset()
        self._dropped: tuple[IndexEntry, ...] = ()
        self.root = self._room.path / "snapshot"

    def refresh(self, deadline: Deadline | None = None) -> None:
        """Make the snapshot equal to the staged tree; raises GitError.

        Waits up to five seconds for another run, and never past the deadline.
        """
        until = deadline or Deadline(time.monotonic() + _CHECKOUT_SECONDS, time.monotonic)
        with self._one_line_errors():
            self._room.enter(until)
            if self.root.is_symlink() or not self.root.is_dir():
                remove(self.root)
                self.root.mkdir()
            tree = self._whole_tree(until)
            names = self._names_on_disk()
            if len(names) < len(self._entries):
                tree = self._reduced_tree(names, until)
            self._check_out(tree, names, until)

    def leftovers(self) -> frozenset[PurePosixPath]:
        """Return the test files that hold what earlier runs have staged and no commit holds yet."""
        return frozenset(leftovers(self._repo, Plumbing(self._repo)))

    def drop_leftovers(
        self, paths: Iterable[PurePosixPath], deadline: Deadline
    ) -> frozenset[PurePosixPath]:
        """Take out of the snapshot what earlier runs have added to these test files.

        Only what no commit holds yet; returns the paths that are as in HEAD now. Raises GitError.
        """
        found = leftovers(self._repo, Plumbing(self._repo))
        dropped = {path: found[path].before for path in paths if path in found}
        if dropped:
            self._dropped = tuple(dropped.values())
            self.refresh(deadline)
        return frozenset(dropped)

    def close(self) -> None:
        """Let the next run use the snapshot."""
        self._room.leave()

    def files(self) -> tuple[PurePosixPath, ...]:
        """Return every path of the staged tree, sorted, also those that are not on disk."""
        return tuple(
            sorted(PurePosixPath(entry.name) for entry in self._entries if entry.mode != SUBMODULE)
        )

    def read(self, paths: Iterable[PurePosixPath]) -> Mapping[PurePosixPath, bytes]:
        """Return the bytes of those regular files that exist in the staged tree."""
        wanted = {str(path): path for path in paths}
        blobs = {
            wanted[entry.name]: entry.blob
            for entry in self._entries
            if entry.name in wanted and entry.mode in REGULAR and entry.blob not in self._absent
        }
        answers = self._repo.read_blobs(blobs.values())
        found = {path: answers[blob] for path, blob in blobs.items()}
        return {path: answer for path, answer in found.items() if isinstance(answer, bytes)}

    def write(self, files: Iterable[MergedFile]) -> None:
        """Put merged files into the snapshot, and only there; raises GitError."""
        with self._one_line_errors():
            for file in files:
                with self._vacant(file.path) as directory:
                    create_file(file.path.name, file.after, directory)

    def link_build_products(self) -> bool:
        """Link ignored build products (``*.so``, ``_version.py``) in; False when there are none."""
        top = self._repo.top
        listed = Plumbing(self._repo).run(
            "ls-files", "-o", "-i", "--exclude-standard", "--directory", "-z"
        )
        ignored = [PurePosixPath(name) for name in listed.text.split("\0") if name]
        products = build_products(top, ignored)
        with self._one_line_errors():
            for path in products:
                with self._vacant(path) as directory:
                    os.symlink(top / path, path.name, dir_fd=directory)
        return bool(products)

    def _whole_tree(self, until: Deadline) -> str:
        """Return the tree of the commit's index.

        From a copy: git refuses to write a tree from an index whose lock is held, and while
        ``git commit -a`` runs it is.
        """
        copy = self._room.path / "commit.index"
        with suppress(FileNotFoundError):  # before the first `git add` there is none
            shutil.copyfile(self._repo.index, copy)
        git = self._git(copy, until)
        if self._dropped:
            info = os.fsencode(as_index_info(self._dropped))
            git.run("update-index", "-z", "--add", "--index-info", stdin=info)
        tree = git.run("write-tree").text.strip()
        self._entries = parse_tree(git.run("ls-tree", "-r", "-z", "--full-tree", tree).text)
        self._absent = _absent_blobs(git, tree)
        return tree

    def _names_on_disk(self) -> frozenset[str]:
        names = frozenset(each.name for each in self._entries if each.blob not in self._absent)
        if len(names) <= self._max_files:
            return names
        return needed_names(names, self._needed, self._tests_dir, self._max_files)

    def _reduced_tree(self, names: Collection[str], until: Deadline) -> str:
        info = as_index_info(entry for entry in self._entries if entry.name in names)
        git = self._git(self._room.path / "reduced.index", until)
        git.run("update-index", "-z", "--add", "--index-info", stdin=os.fsencode(info))
        return git.run("write-tree").text.strip()

    def _check_out(self, tree: str, names: Collection[str], until: Deadline) -> None:
        """Let git write what differs from the last run, after everything that is no one's is gone.

        Afterwards would be too late: git might write through a directory that a test has turned
        into a symbolic link.
        """
        index = self._room.path / "snapshot.index"
        git = self._git(index, until)
        update = ("read-tree", "--reset", "-u", tree)
        if index.exists() and self._is_swept(names) and not git.ask(*update).status:
            return
        remove(self.root)
        index.unlink(missing_ok=True)
        self.root.mkdir()
        git.run(*update)

    def _is_swept(self, names: Collection[str]) -> bool:
        try:
            sweep(self.root, names)
        except OSError:
            # A test has locked its directory, say. Everything goes, and is written anew.
            return False
        return True

    def _git(self, index: Path, until: Deadline) -> Plumbing:
        return Plumbing(
            self._repo,
            index=index,
            work_tree=self.root,
            config=_CONFIG,
            seconds=max(1.0, until.remaining),
        )

    @contextmanager
    def _vacant(self, path: PurePosixPath) -> Iterator[int]:
        """Open the directory of ``path`` and remove what has its name; never follows a link."""
        for _made in make_directories(self.root, path.parent):
            pass
        with open_directory(self.root, path.parent) as directory:
            with suppress(FileNotFoundError):
                os.unlink(path.name, dir_fd=directory)
            yield directory

    @contextmanager
    def _one_line_errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            # Where a file is copied, the first name is the one that is read.
            file = error.filename2 or error.filename or "no file"
            raise GitError(
                f"cannot write the snapshot {self.root}: {error.strerror} "
                f"({file}). Make room and check who owns that directory."
            ) from error


def _absent_blobs(git: Plumbing, tree: str) -> frozenset[str]:
    """Return the blobs that a partial clone has not fetched: it holds those that it checked out."""
    if git.ask("config", "--get-regexp", r"^remote\..*\.promisor$").status:
        return frozenset()
    listed = git.run("rev-list", "--objects", "--missing=print", tree).text
    return frozenset(line[1:] for line in listed.splitlines() if line.startswith("?"))
