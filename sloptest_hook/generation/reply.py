"""Reads a reply that holds whole test files: an object of paths and contents.

The older of two shapes; models that nothing holds to a schema fall back into it.

What comes out has the right shape and plain text, and may still be hostile: it is for the guard to
judge, and for confinement to run.
"""

from collections.abc import Iterator
from pathlib import PurePosixPath

from sloptest_hook.generation.file_parts import FileParts, parts_of
from sloptest_hook.generation.reply_paths import collision, path_fault
from sloptest_hook.generation.strict_json import BadReply, JsonValue, read_json
from sloptest_hook.values.plain_text import flaws
from sloptest_hook.values.records import dataclass

MOST_FILES = 8


@dataclass(frozen=True, slots=True)
class ReplyFile:
    """One test file of a reply; its path is a proposal, where tests go is decided by merging."""

    path: PurePosixPath
    parts: FileParts


def are_files(value: JsonValue) -> bool:
    """Say whether a reply is meant to be paths and contents, however wrong they may be."""
    return isinstance(value, dict) and bool(value) and all(key.endswith(".py") for key in value)


def read_files(body: bytes | str, root: str = "tests") -> tuple[ReplyFile, ...] | BadReply:
    """Return the files of a reply that maps paths to contents: ``{"tests/test_a.py": "..."}``.

    One bad file and the whole reply is refused: a reply is one piece of work. ``root`` is the
    project's tests directory.
    """
    value = read_json(body)
    if isinstance(value, BadReply):
        return value
    shape = _mapping(value)
    if isinstance(shape, BadReply):
        return shape
    for path in shape:
        fault = path_fault(path, root)
        if fault:
            return BadReply(f"the path {ascii(path)[:100]} {fault}")
    twice = collision(shape)
    if twice:
        return BadReply(
            f"the path {ascii(twice)[:100]} is another one of the reply on some systems"
        )
    return _files(shape)


def _mapping(value: JsonValue) -> dict[str, str] | BadReply:
    if not isinstance(value, dict) or not value:
        return BadReply("the reply is not an object of paths and contents")
    if len(value) > MOST_FILES:
        return BadReply(f"the reply has {len(value)} files, at most {MOST_FILES}")
    texts = {path: text for path, text in value.items() if isinstance(text, str)}
    if len(texts) != len(value):
        wrong = min(value.keys() - texts.keys())
        return BadReply(f"the content of {ascii(wrong)[:100]} is not a text")
    return texts


def _files(texts: dict[str, str]) -> tuple[ReplyFile, ...] | BadReply:
    files: list[ReplyFile] = []
    for path, text in texts.items():
        for fault in _faults(text):
            return BadReply(f"{path}: {fault}")
        parts = parts_of(text)
        if isinstance(parts, BadReply):
            return BadReply(f"{path}: {parts.reason}")
        files.append(ReplyFile(PurePosixPath(path), parts))
    return tuple(files)


def _faults(text: str) -> Iterator[str]:
    for flaw in flaws(text):
        yield f"line {flaw.line} has a fault of its text ({flaw.kind}): {flaw.shown}"
