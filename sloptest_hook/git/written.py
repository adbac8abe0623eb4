"""Edge: remembers the hash of every file written, to tell our leftovers from the user's work.

A commit that is abandoned after the hook leaves our test behind, untracked or staged.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

_SCHEMA = 1
_MAX_FILES = 2000  # the newest are kept


class WrittenFiles:
    """The register of one working tree; a broken or newer one counts as empty."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def is_ours(self, path: PurePosixPath, content: bytes) -> bool:
        """Tell whether this very content was written there by us."""
        return self._read().get(str(path)) == _digest(content)

    def remember(self, files: Mapping[PurePosixPath, bytes]) -> None:
        """Add files, before they are written: a run may be killed at any moment.

        Raises OSError.
        """
        known = self._read()
        for path, content in files.items():
            known.pop(str(path), None)
            known[str(path)] = _digest(content)
        newest = dict(list(known.items())[-_MAX_FILES:])
        self._replace(json.dumps({"schema": _SCHEMA, "files": newest}, indent=1))

    def _read(self) -> dict[str, str]:
        try:
            document = json.loads(self._file.read_bytes())
        except (OSError, ValueError):
            return {}
        if not isinstance(document, dict) or document.get("schema") != _SCHEMA:
            return {}
        files = document.get("files")
        return dict(files) if isinstance(files, dict) else {}

    def _replace(self, text: str) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        draft = self._file.with_name(f"{self._file.name}.{os.getpid()}")
        try:
            draft.write_text(text, encoding="ascii")
            draft.replace(self._file)
        finally:
            draft.unlink(missing_ok=True)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
