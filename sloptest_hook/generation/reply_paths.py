"""Which paths a reply may name: lower-case ASCII test files below the tests directory.

A list of what is allowed, and nothing is repaired: a path that needs repair comes from somebody who
tries, and two paths may well be repaired to one.
"""

import re
import unicodedata
from collections.abc import Collection

MOST_CHARACTERS = 200
MOST_FOLDERS = 6
_FOLDER = re.compile(r"[a-z0-9_]{1,60}\Z")
_FILE = re.compile(r"test_[a-z0-9_]{1,80}\.py\Z")
_WORD = "of lower-case letters, digits and _"
# Names that Windows gives to devices, with any extension: a checkout there would open the device.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9]|lpt[0-9])(?:\.|\Z)")


def path_fault(path: str, root: str = "tests") -> str:
    """Return why a reply may not name a path; empty when it may.

    ``root`` is the tests directory, ``/`` between its parts.
    """
    parts, above = path.split("/"), root.split("/")
    below = parts[len(above) :] if parts[: len(above)] == above else []
    faults = (
        (not 0 < len(path) <= MOST_CHARACTERS, f"does not have 1 to {MOST_CHARACTERS} characters"),
        (not (path.isascii() and path.isprintable()), "holds more than printable ASCII"),
        (not below, f"is not below {root}/"),
        (len(below) > MOST_FOLDERS + 1, "is nested too deeply"),
        (any(map(_DEVICE.match, parts)), "names a device of Windows"),
        (not all(map(_FOLDER.match, below[:-1])), f"has a folder that is not {_WORD}"),
        (not _FILE.match(below[-1] if below else ""), f"is not called test_*.py, * being {_WORD}"),
    )
    return next((fault for is_so, fault in faults if is_so), "")


def collision(paths: Collection[str]) -> str:
    """Return a path that some file system takes for another one of the reply; empty: none."""
    seen: set[str] = set()
    for path in paths:
        folded = unicodedata.normalize("NFC", path).casefold()
        if folded in seen:
            return path
        seen.add(folded)
    return ""
