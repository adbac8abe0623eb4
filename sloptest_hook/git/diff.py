"""Reads ``git diff --cached --raw -z`` and makes staged changes of its Python files."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from sloptest_hook.git.listing import REGULAR, SUBMODULE, IndexEntry
from sloptest_hook.git.source_text import BlobAnswer, Missing, Undecodable, source_text
from sloptest_hook.values.records import dataclass
from sloptest_hook.values.source import ChangeKind, StagedChange, StagedDiff, Unreadable

_ABSENT = "000000"
_NOT_REGULAR = {"120000": "is a symbolic link", SUBMODULE: "is a submodule"}


@dataclass(frozen=True, slots=True)
class DiffEntry:
    """One line of the raw diff: modes are octal digits, blobs object names, ``status`` a letter."""

    old_mode: str
    new_mode: str
    old_blob: str
    new_blob: str
    status: str
    path: PurePosixPath

    @property
    def is_python(self) -> bool:
        return self.path.name.endswith(".py")


def parse_raw_diff(raw: str) -> tuple[DiffEntry, ...]:
    """Return the entries of ``git diff --raw -z --no-renames --no-abbrev``.

    ``raw`` is decoded as file names are, so that a name in any encoding survives.
    """
    fields = raw.split("\0")
    return tuple(_entry(meta, name) for meta, name in zip(fields[::2], fields[1::2], strict=False))


def blobs_to_read(entries: Sequence[DiffEntry]) -> tuple[str, ...]:
    """Return the object names that ``staged_changes`` needs, each once."""
    wanted: dict[str, None] = {}
    for entry in filter(_is_readable, entries):
        if entry.old_mode in REGULAR:
            wanted[entry.old_blob] = None
        if entry.new_mode in REGULAR:
            wanted[entry.new_blob] = None
    return tuple(wanted)


def staged_changes(entries: Sequence[DiffEntry], blobs: Mapping[str, BlobAnswer]) -> StagedDiff:
    """Return the Python side of the diff.

    An old version that cannot be read counts as empty: then every symbol of the file is new.
    """
    found = [change for entry in entries for change in _changes(entry, blobs)]
    return _diff(found, (entry.path for entry in entries if entry.is_python))


def whole_files(entries: Sequence[IndexEntry], blobs: Mapping[str, BlobAnswer]) -> StagedDiff:
    """Return Python files of the index as changes of kind WHOLE."""
    found = [_whole(entry, blobs) for entry in entries]
    return _diff(found, (PurePosixPath(entry.name) for entry in entries))


def _entry(meta: str, name: str) -> DiffEntry:
    old_mode, new_mode, old_blob, new_blob, status = meta.removeprefix(":").split(" ")
    return DiffEntry(old_mode, new_mode, old_blob, new_blob, status[:1], PurePosixPath(name))


def _is_readable(entry: DiffEntry) -> bool:
    """Tell whether there is text to compare: a changed mode alone changes no symbol."""
    if not entry.is_python or entry.status == "U" or entry.old_blob == entry.new_blob:
        return False
    if entry.new_mode == _ABSENT:
        return entry.old_mode in REGULAR
    return entry.new_mode in REGULAR


def _changes(
    entry: DiffEntry, blobs: Mapping[str, BlobAnswer]
) -> Iterator[StagedChange | Unreadable]:
    if not entry.is_python:
        return
    if entry.status == "U":
        yield Unreadable(entry.path, "has unresolved merge conflicts")
    elif entry.new_mode in _NOT_REGULAR:
        yield Unreadable(entry.path, _NOT_REGULAR[entry.new_mode])
    elif _is_readable(entry):
        yield _change(entry, blobs)


def _change(entry: DiffEntry, blobs: Mapping[str, BlobAnswer]) -> StagedChange | Unreadable:
    old = _old_text(entry, blobs)
    if entry.new_mode == _ABSENT:
        return StagedChange(entry.path, ChangeKind.DELETED, entry.new_blob, "", old)
    text = source_text(blobs.get(entry.new_blob, Missing()))
    if isinstance(text, Undecodable):
        return Unreadable(entry.path, text.reason)
    kind = ChangeKind.MODIFIED if entry.old_mode in REGULAR else ChangeKind.ADDED
    return StagedChange(entry.path, kind, entry.new_blob, text, old)


def _old_text(entry: DiffEntry, blobs: Mapping[str, BlobAnswer]) -> str:
    if entry.old_mode not in REGULAR:
        return ""
    text = source_text(blobs.get(entry.old_blob, Missing()))
    return "" if isinstance(text, Undecodable) else text


def _whole(entry: IndexEntry, blobs: Mapping[str, BlobAnswer]) -> StagedChange | Unreadable:
    path = PurePosixPath(entry.name)
    if entry.stage:
        return Unreadable(path, "has unresolved merge conflicts")
    if entry.mode in _NOT_REGULAR:
        return Unreadable(path, _NOT_REGULAR[entry.mode])
    text = source_text(blobs.get(entry.blob, Missing()))
    if isinstance(text, Undecodable):
        return Unreadable(path, text.reason)
    return StagedChange(path, ChangeKind.WHOLE, entry.blob, text)


def _diff(found: Sequence[StagedChange | Unreadable], paths: Iterable[PurePosixPath]) -> StagedDiff:
    # A path with conflicts is listed once for each of its stages.
    unique = tuple(dict.fromkeys(found))
    return StagedDiff(
        changes=tuple(each for each in unique if isinstance(each, StagedChange)),
        unreadable=tuple(each for each in unique if isinstance(each, Unreadable)),
        paths=frozenset(paths),
    )
