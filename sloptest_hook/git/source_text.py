"""Turns the bytes of a blob into Python source as the interpreter would read it."""

import re

from sloptest_hook.values.records import dataclass

# A file larger than this is generated or data; it is never read into memory on a commit.
MAX_SOURCE_BYTES = 1024 * 1024

_BOM = b"\xef\xbb\xbf"
_NEWLINE = re.compile(rb"\r\n?|\n")
# Both from PEP 263; written here because tokenize.detect_encoding wants a readline and turns an
# unknown encoding into a SyntaxError whose text is meant for a traceback.
_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_NO_CODE = re.compile(rb"^[ \t\f]*(?:#|$)")


@dataclass(frozen=True, slots=True)
class TooLarge:
    """A blob that was not read because of its size in bytes."""

    size: int


@dataclass(frozen=True, slots=True)
class Missing:
    """A blob that the object database does not hold, as in a partial clone."""


@dataclass(frozen=True, slots=True)
class Undecodable:
    """A blob that is no Python source, and why, for a person to read."""

    reason: str


BlobAnswer = bytes | TooLarge | Missing


def source_text(answer: BlobAnswer) -> str | Undecodable:
    """Return the source with its line ends made one, as ``importlib`` decodes it.

    A byte order mark and the encoding line of PEP 263 are honoured.
    """
    match answer:
        case TooLarge(size):
            limit = MAX_SOURCE_BYTES // 1024
            return Undecodable(f"is too large: {size // 1024} KB, the limit is {limit} KB")
        case Missing():
            return Undecodable("is not in this clone's object database")
        case bytes():
            return _decode(answer)


def _decode(data: bytes) -> str | Undecodable:
    body = data.removeprefix(_BOM)
    encoding = _declared_encoding(body)
    if len(body) < len(data) and encoding.lower().replace("_", "-") not in ("utf-8", "utf8"):
        return Undecodable(f"starts with a UTF-8 mark but declares the encoding {encoding}")
    try:
        text = body.decode(encoding)
    except LookupError:
        return Undecodable(f"declares the unknown encoding {encoding}")
    except UnicodeError:
        return Undecodable(f"is not valid {encoding}")
    if "\0" in text:
        return Undecodable("contains a null byte")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _declared_encoding(data: bytes) -> str:
    for line in _NEWLINE.split(data, maxsplit=2)[:2]:
        cookie = _COOKIE.match(line)
        if cookie:
            return cookie[1].decode("ascii", "replace")
        if not _NO_CODE.match(line):
            break
    return "utf-8"
