"""Edge: remembers the hash of every file written, to tell our leftovers from the user's work.

A commit that is abandoned after the hook leaves our test behind: untracked, unstaged or staged.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

from sloptest_hook.values.records import dataclass

_SCHEMA = 3
_MAX_FILES = 2000  # the newest are kept
# A run may be killed after it has announced a content and before it has written it: then an older
# one lies there.
_MAX_VERSIONS = 3
_MAX_BASES = 8
_DRAFT = re.compile(r"draft-\d+")


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file about to be written: its bytes on disk, its blob, and the blob it was made from.

    ``base`` is None for a file that was not in the index, ``before`` are the bytes that lie there.
    """

    path: PurePosixPath
    content: bytes
    blob: str
    base: str | None
    before: bytes | None = None


@dataclass(frozen=True, slots=True)
class _Version:
    """What was written once: the hash of its bytes, its blob, all blobs that it descends from.

    ``before`` is the hash of the bytes that it took the place of, empty for none.
    """

    content: str
    blob: str
    bases: tuple[str | None, ...]
    before: str


class WrittenFiles:
    """The register of one working tree; a broken or newer one counts as empty."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def is_ours(self, path: PurePosixPath, content: bytes, base: str | None) -> bool:
        """Tell whether this very content is ``base`` with nothing added but by us.

        Content that was made from another blob may hold the only copy of the user's work: what
        he had staged at that time and has taken out of the index since.
        """
        wanted = digest(content)
        versions = _versions(self._read().get(str(path)))
        return any(each.content == wanted and base in each.bases for each in versions)

    def is_our_blob(self, path: PurePosixPath, blob: str, base: str | None) -> bool:
        """Tell whether this very blob is ``base`` with nothing added but by us."""
        versions = _versions(self._read().get(str(path)))
        return any(each.blob == blob and base in each.bases for each in versions)

    def sweep(self, room: Path) -> None:
        """Remove from ``room`` the files that killed runs have left on their way; raises OSError.

        Only those that are known to the byte: when two versions are exchanged, the user's own may
        have been the one that was taken out.
        """
        drafts = [each for each in room.glob("draft-*") if _DRAFT.fullmatch(each.name)]
        if not drafts:
            return
        versions = [each for found in self._read().values() for each in _versions(found)]
        known = {one for each in versions for one in (each.content, each.before)}
        for draft in drafts:
            if digest(draft.read_bytes()) in known:
                draft.unlink()

    def remember(self, files: Iterable[WrittenFile]) -> None:
        """Add files, before they are written: a run may be killed at any moment.

        Raises OSError.
        """
        known = self._read()
        for file in files:
            versions = _versions(known.pop(str(file.path), None))
            newest = [*versions, _version(file, versions)][-_MAX_VERSIONS:]
            known[str(file.path)] = [_as_json(each) for each in newest]
        kept = dict(list(known.items())[-_MAX_FILES:])
        replace_file(self._file, json.dumps({"schema": _SCHEMA, "files": kept}, indent=1))

    def _read(self) -> dict[str, object]:
        try:
            document = json.loads(self._file.read_bytes())
        except (OSError, ValueError):
            return {}
        if not isinstance(document, dict) or document.get("schema") != _SCHEMA:
            return {}
        files = document.get("files")
        return dict(files) if isinstance(files, dict) else {}


def replace_file(file: Path, text: str) -> None:
    """Put ASCII text into a file below the git dir in one step; raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"draft-{os.getpid()}.{file.name}")
    try:
        draft.write_text(text, encoding="ascii")
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def digest(content: bytes) -> str:
    """Return the hash by which a content is known again."""
    return hashlib.sha256(content).hexdigest()


def _version(file: WrittenFile, versions: Sequence[_Version]) -> _Version:
    older = [base for each in versions if each.blob == file.base for base in each.bases]
    bases = tuple(dict.fromkeys([file.base, *older]))
    before = "" if file.before is None else digest(file.before)
    return _Version(digest(file.content), file.blob, bases[:_MAX_BASES], before)


def _versions(document: object) -> list[_Version]:
    if not isinstance(document, list):
        return []
    return [
        _Version(each["content"], each["blob"], tuple(each["bases"]), each["before"])
        for each in document
        if isinstance(each, dict) and _is_version(each)
    ]


def _is_version(document: dict[str, object]) -> bool:
    texts = (document.get("content"), document.get("blob"), document.get("before"))
    return all(isinstance(each, str) for each in texts) and isinstance(document.get("bases"), list)


def _as_json(version: _Version) -> dict[str, object]:
    return {
        "content": version.content,
        "blob": version.blob,
        "bases": list(version.bases),
        "before": version.before,
    }
