"""Edge: complete files that wait for their place, outside of the user's tree where possible.

A draft that a killed run has left there is removed by the next one; see ``Room``.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from sloptest_hook.git.paths import create_file
from sloptest_hook.values.records import dataclass

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


@dataclass(frozen=True, slots=True)
class Draft:
    """A name in an open directory."""

    name: str
    directory: int

    def read(self) -> bytes:
        """Return what lies there, never through a link; raises OSError."""
        flags = os.O_RDONLY | os.O_NOFOLLOW
        with os.fdopen(os.open(self.name, flags, dir_fd=self.directory), "rb") as file:
            return file.read()

    def remove(self) -> None:
        with suppress(FileNotFoundError):
            os.unlink(self.name, dir_fd=self.directory)


class Drafts:
    """Drafts in ``scratch``, or beside their target when that is on another disk."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch

    @contextmanager
    def made(self, content: bytes, target: str, directory: int) -> Iterator[Draft]:
        """Make a complete file with the mode that a new file gets; gone at the end. OSError."""
        with self.vacant(target, directory) as draft:
            # Under this name only when it is complete: the next run knows it by its content.
            part = Draft(f"{draft.name}.part", draft.directory)
            part.remove()
            create_file(part.name, content, part.directory)
            _flush(part)
            os.rename(part.name, draft.name, src_dir_fd=part.directory, dst_dir_fd=draft.directory)
            yield draft

    @contextmanager
    def vacant(self, target: str, directory: int) -> Iterator[Draft]:
        """Hand out a free name for a file that is moved to or from ``target``; raises OSError."""
        with ExitStack() as stack:
            draft = self._draft(target, directory, stack)
            draft.remove()
            try:
                yield draft
            finally:
                draft.remove()

    def _draft(self, target: str, directory: int, stack: ExitStack) -> Draft:
        self._scratch.mkdir(parents=True, exist_ok=True)
        scratch = os.open(self._scratch, _DIRECTORY)
        stack.callback(os.close, scratch)
        here = Draft(f"draft-{os.getpid()}", scratch)
        if _is_one_disk(scratch, directory):
            return here
        return Draft(f".{target}.{os.getpid()}.tmp", directory)


def _is_one_disk(first: int, second: int) -> bool:
    """Tell whether a file can be renamed from one open directory to the other."""
    if os.fstat(first).st_dev != os.fstat(second).st_dev:
        return False
    return _mount(first) == _mount(second)


def _mount(descriptor: int) -> str | None:
    """Return the mount that a file was opened through: a bind mount has the disk's own number."""
    try:
        lines = Path(f"/proc/self/fdinfo/{descriptor}").read_text().splitlines()
    except OSError:
        return None
    return next((line for line in lines if line.startswith("mnt_id:")), None)


def _flush(draft: Draft) -> None:
    """Have the content on disk before its name is: a power cut must not leave an empty test."""
    descriptor = os.open(draft.name, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=draft.directory)
    try:
        with suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
