"""Edge: complete files that wait for their place, outside of the user's tree where possible.

A draft that a killed run has left there is removed by the next one; see ``Room``.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from sloptest_hook.git.paths import create_file, open_regular, read_regular
from sloptest_hook.values.records import dataclass, replace

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


@dataclass(frozen=True, slots=True)
class Draft:
    """A name in an open directory, which was opened as ``place``."""

    name: str
    directory: int
    place: Path

    def holds(self, content: bytes) -> bool:
        """Tell whether this very content lies there; a link or a pipe holds none."""
        try:
            return read_regular(self.name, self.directory) == content
        except OSError:
            return False

    def rescue(self) -> str:
        """Keep what lies there under a name that nobody removes, and return where; OSError."""
        name = f"rescued-{os.getpid()}-{os.urandom(4).hex()}-{self.name.strip('.')}"
        os.rename(self.name, name, src_dir_fd=self.directory, dst_dir_fd=self.directory)
        return str(self.place / name)

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
            part = replace(draft, name=f"{draft.name}.part")
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
        if _is_one_disk(scratch, directory):
            return Draft(f"draft-{os.getpid()}", scratch, self._scratch)
        return Draft(f".{target}.{os.getpid()}.tmp", directory, Path())


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
    with open_regular(draft.name, draft.directory) as descriptor, suppress(OSError):
        os.fsync(descriptor)
