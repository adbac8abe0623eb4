"""Edge: exchanges two files in one step, so that neither name is ever without a file.

What was there before is then at hand: it can be compared, and put back. Linux (3.15) and macOS can
do it, not every file system; no module of the standard library offers it.
"""

import ctypes
import errno
import os
import sys
from functools import cache

_EXCHANGE = 2  # RENAME_EXCHANGE of Linux, RENAME_SWAP of macOS
_NAME = "renameatx_np" if sys.platform == "darwin" else "renameat2"
_UNABLE = (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP)


def swap(first: str, first_directory: int, second: str, second_directory: int) -> bool:
    """Exchange two names, each relative to an open directory; raises OSError.

    Returns False when this system cannot; then nothing was done. FileNotFoundError when one of them
    is missing: it is never made.
    """
    rename = _renamer()
    if rename is None:
        return False
    words = (first_directory, os.fsencode(first), second_directory, os.fsencode(second), _EXCHANGE)
    if rename(*words) == 0:
        return True
    number = ctypes.get_errno()
    if number in _UNABLE:
        return False
    raise OSError(number, os.strerror(number), second)


@cache
def _renamer() -> "ctypes._NamedFuncPointer | None":
    library = ctypes.CDLL(None, use_errno=True)
    rename: ctypes._NamedFuncPointer | None = getattr(library, _NAME, None)
    if rename is not None:
        number, text = ctypes.c_int, ctypes.c_char_p
        rename.argtypes = (number, text, number, text, ctypes.c_uint)
    return rename
