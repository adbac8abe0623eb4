"""Edge: the key that placeholders for secrets are made with, one for each repository."""

import os
from contextlib import suppress
from pathlib import Path

_NAME = "placeholder.key"
_LENGTH = 32
_OWNER_ALONE = 0o600


def placeholder_key(common_dir: Path) -> bytes:
    """Return the key of the repository; it is made at its first use, readable for its owner alone.

    Where none can be kept (a read-only disk) the key is one for this process: placeholders are
    then others in every run, and nothing is worse.
    """
    room = common_dir / "sloptest"
    made = os.urandom(_LENGTH)
    try:
        room.mkdir(exist_ok=True)
        return _kept(room / _NAME) or _created(room / _NAME, made)
    except OSError:
        return made


def _kept(file: Path) -> bytes | None:
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return None
    with os.fdopen(descriptor, "rb") as opened:
        key = opened.read(_LENGTH)
    return key if len(key) == _LENGTH else None


def _created(file: Path, key: bytes) -> bytes:
    """Make the file complete under another name: two runs may come here at once, one is first."""
    draft = file.with_name(f"draft-{os.getpid()}.{file.name}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    with suppress(FileNotFoundError):
        draft.unlink()
    try:
        with os.fdopen(os.open(draft, flags, _OWNER_ALONE), "wb") as opened:
            opened.write(key)
        if file.exists():  # of another length
            file.unlink()
        os.link(draft, file)
    except FileExistsError:
        return _kept(file) or key
    finally:
        draft.unlink(missing_ok=True)
    return key
