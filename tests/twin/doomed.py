"""A hook that ends at the Nth of its own calls into the operating system.

Run as ``python doomed.py WORK [FILES...]``. WORK is ``product`` for the whole hook, or a JSON file
that names tests: those are staged as the product stages them, without looking for them first.
DOOM_GIT may name a directory with a git that is used instead.

Counted is from the moment in which the staging begins until the exit status is known. What is to
happen says ``DOOM``, which is empty or one JSON object (see ``Doom``). Reading is not counted: to
die after it is the same as to die before it.
"""

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import FrameType

_CHANGING = {
    "posix": frozenset(
        (
            *("write", "link", "symlink", "rename", "replace", "unlink", "remove", "mkdir"),
            *("rmdir", "chmod", "fchmod", "utime", "fsync", "ftruncate", "truncate", "sendfile"),
            *("kill", "killpg", "waitpid"),
        )
    ),
    "_posixsubprocess": frozenset(("fork_exec",)),
    "fcntl": frozenset(("flock", "lockf")),
    "time": frozenset(("sleep",)),
    "_signal": frozenset(("pthread_sigmask",)),
}
_OF_A_FILE = frozenset(("write", "writelines", "close", "flush", "truncate", "__exit__"))
_OF_A_DATABASE = frozenset(("execute", "executemany", "commit", "close", "__exit__"))
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_NAMELESS = getattr(os, "O_TMPFILE", -1)  # a temporary file that is gone with its process
# What ctypes calls is not shown: the function around it stands for it.
_SWAP = ("sloptest_hook.git.swap", "swap")


@dataclass(frozen=True)
class Doom:
    """Which call is the last, and how it ends.

    ``at`` 0 counts only. ``side`` is ``before`` or ``after``. ``victims``: ``hook``, this process;
    ``family``, it and all below it; ``orphans``, it alone, and what it has started is stopped until
    somebody lets it go on; ``commit``, git, the runner and everything else in their group.
    ``calls`` is a file for the names of the calls, ``reached`` one that is made before the end.
    ``visit``, a script for the shell, is run instead of all that: somebody at another terminal.
    """

    at: int
    side: str
    number: int
    victims: str
    calls: str
    reached: str
    visit: str = ""


class Counter:
    """A profile function that counts calls and does what is asked for at one of them."""

    def __init__(self, doom: Doom) -> None:
        self._doom = doom
        self._names: list[str] = []
        self._counts = False

    def wait(self, frame: FrameType, event: str, _called: object) -> None:
        """Begin to count when the staging begins."""
        if event == "call" and frame.f_code.co_qualname == "WorktreeStager.stage":
            self._counts = True
            sys.setprofile(self.count)

    def look(self, event: str, words: tuple[object, ...]) -> None:
        """Count a file that is opened for writing, which the profiler does not tell from reading.

        There is no moment after it: the next call is that.
        """
        if self._counts and event == "open" and _creates(words):
            self._names.append(f"open {words[0]}")
            if len(self._names) == self._doom.at:
                self._act()

    def count(self, frame: FrameType, event: str, called: object) -> None:
        name = _name(frame, event, called)
        if not name:
            return
        if event in ("c_call", "call"):
            self._names.append(name)
        is_it = len(self._names) == self._doom.at
        if is_it and (event in ("c_call", "call")) == (self._doom.side == "before"):
            self._act()

    def write(self) -> None:
        """Say what was counted, at the very end."""
        self._stop()
        if self._doom.calls:
            Path(self._doom.calls).write_text("\n".join(self._names))

    def _stop(self) -> None:
        self._counts = False
        sys.setprofile(None)

    def _act(self) -> None:
        self._stop()
        Path(self._doom.reached).write_text(f"{self._doom.side} {self._names[-1]}")
        if self._doom.visit:
            _run_as_somebody_else(self._doom.visit)
            return
        below = list(_below(os.getpid()))
        match self._doom.victims:
            case "family":
                for pid in below:
                    os.kill(pid, signal.SIGSTOP)
                for pid in below:
                    os.kill(pid, self._doom.number)
                    os.kill(pid, signal.SIGCONT)
            case "orphans":
                for pid in below:
                    os.kill(pid, signal.SIGSTOP)
            case "commit":
                os.killpg(os.getpgrp(), self._doom.number)
            case _:
                pass
        os.kill(os.getpid(), self._doom.number)


def _run_as_somebody_else(script: str) -> None:
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("GIT_INDEX_FILE", "GIT_PREFIX", "GIT_EXEC_PATH", "GIT_EDITOR")
    }
    # It fails where git holds a lock, and then everything is as if nobody had come.
    subprocess.run(("sh", "-c", script), env=environment, capture_output=True, check=False)


def _name(frame: FrameType, event: str, called: object) -> str:
    """Return what is called if it changes anything outside of this process, else nothing."""
    if event in ("call", "return"):
        is_swap = (frame.f_globals.get("__name__"), frame.f_code.co_name) == _SWAP
        return "swap" if is_swap else ""
    name = getattr(called, "__name__", "")
    owner = getattr(called, "__self__", None)
    if isinstance(owner, io.IOBase):
        return f"file.{name}" if name in _OF_A_FILE and _is_written(owner) else ""
    if type(owner).__module__ == "sqlite3":
        return f"sqlite3.{name}" if name in _OF_A_DATABASE else ""
    module = getattr(called, "__module__", None) or ""
    return f"{module}.{name}" if name in _CHANGING.get(module, ()) else ""


def _creates(words: tuple[object, ...]) -> bool:
    """Tell whether a file is opened for writing that has a name, unlike a temporary one."""
    path, _mode, flags = words
    if not isinstance(flags, int) or not flags & _WRITING or flags & _NAMELESS == _NAMELESS:
        return False
    return isinstance(path, str | bytes) and not Path(os.fsdecode(path)).is_dir()


def _is_written(file: io.IOBase) -> bool:
    if file.closed or not file.writable():
        return False
    try:
        return os.fstat(file.fileno()).st_nlink > 0
    except OSError:
        return False


def _below(pid: int) -> Iterator[int]:
    """Yield all processes below one, where the system shows them as files."""
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # ended meanwhile
            if int(status.read_text().rpartition(")")[2].split()[1]) == pid:
                yield int(status.parent.name)
                yield from _below(int(status.parent.name))


def _stage(document: str) -> int:
    """Stage what the document names, as the product would with its own tests."""
    from sloptest_hook.errors import SloptestError
    from sloptest_hook.git.repository import StagedRepository
    from sloptest_hook.git.snapshot import StagedSnapshot
    from sloptest_hook.git.staging import WorktreeStager
    from sloptest_hook.values.candidate import MergedFile

    repo = StagedRepository.open(Path.cwd())
    wanted: dict[str, str] = json.loads(Path(document).read_text())
    paths = {PurePosixPath(path): text.encode() for path, text in wanted.items()}
    stager = WorktreeStager(repo)
    # As the product does: what must not be touched gets a file beside it.
    paths = {_beside(path) if stager.refusal(path) else path: text for path, text in paths.items()}
    entries = repo.blobs_of(paths)
    blobs = repo.read_blobs(entries.values())
    files = []
    for path, text in paths.items():
        before = blobs[entries[path]] if path in entries else None
        assert before is None or isinstance(before, bytes)
        if before is None or not before.endswith(text):
            files.append(MergedFile(path, before, (before or b"") + text, ()))
    try:
        # Its room is entered as the product does it: what killed runs have left is swept there.
        snapshot = StagedSnapshot(repo, needed=tuple(paths), tests_dir=PurePosixPath("tests"))
        with contextlib.closing(snapshot):
            snapshot.refresh()
            stager.stage(files, into_index=True)
    except SloptestError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _beside(path: PurePosixPath) -> PurePosixPath:
    return path.with_name(f"{path.stem}_beside.py")


def _work(words: list[str]) -> int:
    if words[0] == "product":
        from sloptest_hook.cli import main

        return main(["hook", *words[1:]])
    for number in (signal.SIGTERM, signal.SIGHUP):  # as the product does
        signal.signal(number, signal.default_int_handler)
    return _stage(words[0])


if __name__ == "__main__":
    # A git that ends at one of its system calls; git puts its own directory first.
    os.environ["PATH"] = os.environ.get("DOOM_GIT", "") + os.pathsep + os.environ["PATH"]
    wish = os.environ.get("DOOM", "")
    if not wish:
        sys.exit(_work(sys.argv[1:]))
    counter = Counter(Doom(**json.loads(wish)))
    sys.addaudithook(counter.look)
    sys.setprofile(counter.wait)
    status = _work(sys.argv[1:])
    counter.write()
    sys.exit(status)
