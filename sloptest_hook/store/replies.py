"""Edge: replies that were complete, so that a commit that is tried again pays nothing."""

import contextlib
import os
from pathlib import Path

_MOST = 200  # replies; the oldest go first
_OWNER_ALONE = 0o600


class ReplyFiles:
    """One file a reply, under the hash of all that was asked; for its owner alone."""

    def __init__(self, room: Path) -> None:
        self._room = room

    def get(self, key: str) -> str | None:
        """Return the text of a complete reply to the very same question."""
        with contextlib.suppress(OSError, UnicodeDecodeError):
            return (self._room / f"{key}.json").read_text(encoding="utf-8")
        return None

    def put(self, key: str, text: str) -> None:
        """Keep it; what cannot be kept is no failure."""
        with contextlib.suppress(OSError):
            write_private(self._room / f"{key}.json", text)
            self._sweep()

    def _sweep(self) -> None:
        files = sorted(self._room.glob("*.json"), key=lambda file: file.stat().st_mtime_ns)
        for file in files[:-_MOST]:
            file.unlink(missing_ok=True)


def write_private(file: Path, text: str) -> None:
    """Write a file that its owner alone can read, whole or not at all; raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    with os.fdopen(os.open(draft, flags, _OWNER_ALONE), "w", encoding="utf-8") as opened:
        opened.write(text)
    draft.replace(file)
