"""Edge: the index of one commit, read without a lock and without a heavy import.

Every commit pays for this module, most of them for nothing: no GitPython, no tempfile, no logging.
"""

import os
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from sloptest_hook.errors import GitError
from sloptest_hook.git import diff, situation
from sloptest_hook.git.blobs import read_blobs
from sloptest_hook.git.command import last_line, not_started, run_git
from sloptest_hook.git.listing import IndexEntry, parse_listing
from sloptest_hook.git.source_text import MAX_SOURCE_BYTES, BlobAnswer
from sloptest_hook.values.records import dataclass
from sloptest_hook.values.source import StagedDiff

# Beyond this many, one listing of the whole index is cheaper than matching every pathspec, and no
# command line grows too long.
_MAX_PATHSPECS = 100

_WHERE = (
    "--path-format=absolute",
    "--is-bare-repository",
    "--show-toplevel",
    "--absolute-git-dir",
    "--git-common-dir",
)
_ANSWERS = 4


@dataclass(frozen=True, slots=True)
class StagedRepository:
    """One working tree, and the index that the commit in progress is made from.

    ``index`` is absolute: during ``git commit -a`` it is ``index.lock``, during a commit of some
    paths ``next-index-<pid>.lock``. ``environment`` is for every git process started here.
    ``parent`` is the process that started the hook. ``base`` is the commit that the index is
    compared with, None: HEAD, as in a commit.
    """

    top: Path
    git_dir: Path
    common_dir: Path
    index: Path
    environment: dict[str, str]
    parent: int
    base: str | None = None

    @classmethod
    def open(cls, cwd: Path) -> "StagedRepository":
        """Find the repository around ``cwd`` with one git process; raises GitError."""
        top, git_dir, common_dir = _places(cwd)
        index = top / os.environ.get("GIT_INDEX_FILE", git_dir / "index")
        return cls(top, git_dir, common_dir, index, _environment(top, git_dir, index), os.getppid())

    def quiet_reason(self) -> str | None:
        """Return why the hook must do nothing now (a rebase in progress), or None."""
        if self.base is not None:
            return None  # no commit is being made, whatever git is in the middle of
        return situation.quiet_reason(self.git_dir, self.index, os.environ)

    def is_gits_own(self, file: str) -> bool:
        """Tell whether a file lies in the git dir, as ``COMMIT_EDITMSG`` does."""
        return Path(os.path.realpath(file)).is_relative_to(os.path.realpath(self.git_dir))

    def staged_diff(self) -> StagedDiff:
        """Return the Python files of the staged diff, from blobs alone."""
        # Raw and -z: no setting of the user changes this output, but an order file can be missing.
        words = ("diff", "--cached", "--raw", "-z", "--no-renames", "--no-abbrev", "-O/dev/null")
        raw = self.git(*words, *((self.base, "--") if self.base else ()))
        entries = diff.parse_raw_diff(os.fsdecode(raw))
        wanted = diff.blobs_to_read(entries)
        return diff.staged_changes(entries, self._sources(wanted))

    def whole_files(self, paths: Sequence[PurePosixPath]) -> StagedDiff:
        """Return Python files of the index as WHOLE; a directory stands for those below it."""
        entries = [entry for entry in self._entries(paths) if entry.name.endswith(".py")]
        return diff.whole_files(entries, self._sources(entry.blob for entry in entries))

    def blobs_of(self, paths: Iterable[PurePosixPath]) -> Mapping[PurePosixPath, str]:
        """Return the object names of those paths that are in the index."""
        wanted = {str(path): path for path in paths}
        return {
            wanted[entry.name]: entry.blob
            for entry in self._entries(tuple(wanted.values()))
            if entry.name in wanted and entry.stage == 0
        }

    def git(self, *arguments: str) -> bytes:
        """Run git on this repository and the index of the commit; raises GitError."""
        return run_git(*arguments, cwd=self.top, environment=self.environment)

    def read_blobs(
        self, blobs: Iterable[str], *, limit: int | None = None
    ) -> dict[str, BlobAnswer]:
        """Return the content of each object name; one of more than ``limit`` bytes is not read."""
        return read_blobs(blobs, cwd=self.top, environment=self.environment, limit=limit)

    def _entries(self, paths: Sequence[PurePosixPath]) -> list[IndexEntry]:
        if not paths:
            return []
        names = [str(path) for path in paths]
        few = names if len(names) <= _MAX_PATHSPECS else ()
        listed = parse_listing(os.fsdecode(self.git("ls-files", "-s", "-v", "-z", "--", *few)))
        return list(listed) if few else _below(listed, frozenset(names))

    def _sources(self, blobs: Iterable[str]) -> dict[str, BlobAnswer]:
        return self.read_blobs(blobs, limit=MAX_SOURCE_BYTES)


def _below(entries: Iterable[IndexEntry], names: frozenset[str]) -> list[IndexEntry]:
    """Return the entries that are named, or lie in a directory that is."""

    def is_named(name: str) -> bool:
        return name in names or any(str(parent) in names for parent in PurePosixPath(name).parents)

    return [entry for entry in entries if is_named(entry.name)]


def _places(cwd: Path) -> tuple[Path, Path, Path]:
    """Return the top of the working tree, its git dir, and the one shared by all worktrees."""
    environment = {**os.environ, "LC_ALL": "C"}
    try:
        done = subprocess.run(
            ("git", "rev-parse", *_WHERE),
            cwd=cwd,
            env=environment,
            capture_output=True,
            check=False,
        )
    except OSError as error:
        raise GitError(not_started(cwd, error)) from error
    lines = os.fsdecode(done.stdout).splitlines()
    if done.returncode:
        raise GitError(_no_repository(cwd, is_bare="true" in lines, said=done.stderr))
    if len(lines) != _ANSWERS:
        raise GitError(f"git 2.31 or newer is needed, or {cwd} has a newline in its path.")
    top, git_dir, common_dir = (Path(line) for line in lines[1:])
    return _real_top(top, git_dir), git_dir, common_dir


def _no_repository(cwd: Path, *, is_bare: bool, said: bytes) -> str:
    if is_bare:
        return f"{cwd} is in a bare repository, which has no working tree to write tests into."
    if b"not a git repository" in said:
        return f"{cwd} is not in a git repository. Go to one, or run `git init`."
    return f"git cannot use {cwd}: {last_line(said)}"


def _real_top(top: Path, git_dir: Path) -> Path:
    """Return the top of the working tree that belongs to ``git_dir``.

    In a linked worktree git sets GIT_DIR for its hooks and not GIT_WORK_TREE, and then takes
    whatever directory it is started in for the top.
    """
    if "GIT_DIR" not in os.environ or "GIT_WORK_TREE" in os.environ:
        return top
    try:
        real = Path(os.fsdecode((git_dir / "gitdir").read_bytes().rstrip(b"\n"))).parent
    except OSError:
        real = git_dir.parent if git_dir.name == ".git" else top
    return real if real in top.parents and (real / ".git").exists() else top


def _environment(top: Path, git_dir: Path, index: Path) -> dict[str, str]:
    return {
        **os.environ,
        "GIT_DIR": str(git_dir),
        "GIT_WORK_TREE": str(top),
        "GIT_INDEX_FILE": str(index),
        # A path is a path: `*.py` and `:(top)` are valid names. The others contradict it.
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_GLOB_PATHSPECS": "0",
        "GIT_NOGLOB_PATHSPECS": "0",
        "GIT_ICASE_PATHSPECS": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        # Nothing asks, and nothing is fetched in the middle of a commit.
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_LFS_SKIP_SMUDGE": "1",
        "LANGUAGE": "C",
    }
