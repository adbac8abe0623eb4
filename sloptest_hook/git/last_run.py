"""Edge: remembers which files the last run has written, and what they were made from."""

import json
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from sloptest_hook.git.plumbing import Plumbing
from sloptest_hook.git.written import replace_file
from sloptest_hook.values.records import dataclass

_SCHEMA = 1


@dataclass(frozen=True, slots=True)
class LastFile:
    """One written file: the hash of its bytes on disk, its blob, the blob that it was made from.

    ``base`` is None for a file that was not in the index.
    """

    path: PurePosixPath
    content: str
    blob: str
    base: str | None


class LastRun:
    """The tests of one commit, of however many runs; a broken or newer file counts as empty."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def files(self) -> tuple[LastFile, ...]:
        """Return what was written, in the order of writing."""
        return _files(self._read())

    def files_since(self, head: str) -> tuple[LastFile, ...]:
        """Return what was written since this HEAD; nothing when HEAD is another one by now."""
        document = self._read()
        return _files(document) if document.get("head") == head else ()

    def remember(self, head: str, files: Iterable[LastFile]) -> None:
        """Add the files of a run to those written since the same HEAD, or begin anew.

        pre-commit runs a hook several times when it has many files to pass. Raises OSError.
        """
        known = {each.path: each for each in self.files_since(head)}
        for file in files:
            first = known.pop(file.path, None)
            is_continued = first is not None and first.blob == file.base
            base = first.base if first is not None and is_continued else file.base
            known[file.path] = LastFile(file.path, file.content, file.blob, base)
        self._write(head, known.values())

    def keep(self, files: Iterable[LastFile]) -> None:
        """Forget all but these; raises OSError."""
        self._write(str(self._read().get("head", "")), files)

    def _read(self) -> dict[str, object]:
        try:
            document = json.loads(self._file.read_bytes())
        except (OSError, ValueError):
            return {}
        is_known = isinstance(document, dict) and document.get("schema") == _SCHEMA
        return document if is_known else {}

    def _write(self, head: str, files: Iterable[LastFile]) -> None:
        listed = [
            {"path": str(each.path), "content": each.content, "blob": each.blob, "base": each.base}
            for each in files
        ]
        document = {"schema": _SCHEMA, "head": head, "files": listed}
        replace_file(self._file, json.dumps(document, indent=1))


def head_of(git: Plumbing) -> str:
    """Return the commit that HEAD is, empty before the first one."""
    return git.ask("rev-parse", "-q", "--verify", "HEAD").text.strip()


def _files(document: dict[str, object]) -> tuple[LastFile, ...]:
    listed = document.get("files")
    if not isinstance(listed, list):
        return ()
    return tuple(_file(each) for each in listed if _is_file(each))


def _file(document: dict[str, str]) -> LastFile:
    return LastFile(
        PurePosixPath(document["path"]),
        document["content"],
        document["blob"],
        document.get("base"),
    )


def _is_file(document: object) -> bool:
    if not isinstance(document, dict):
        return False
    texts = [document.get(name) for name in ("path", "content", "blob")]
    base = document.get("base")
    return all(isinstance(each, str) for each in texts) and isinstance(base, str | None)
