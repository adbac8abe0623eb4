"""Merged files as a unified diff that ``git apply`` takes."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from sloptest_hook.values.candidate import MergedFile
from sloptest_hook.values.records import dataclass

_CONTEXT = 3
_UNFINISHED = b"\n\\ No newline at end of file\n"
_EMPTY = b"diff --git %s %s\nnew file mode 100644\nindex 0000000..e69de29\n"
_ODD = frozenset(b'"\\') | frozenset(range(ord(" ")))


def patch_of(files: Iterable[MergedFile]) -> bytes:
    """Return the diff of all files; empty where none changes.

    A merge only inserts lines: none is shown as taken out but a last one that gets its line end.
    """
    return b"".join(map(_file_patch, sorted(files, key=lambda file: str(file.path))))


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of both files (a space), or of one (plus, minus)."""

    mark: bytes
    line: bytes

    @property
    def text(self) -> bytes:
        return self.mark + (self.line if self.line.endswith(b"\n") else self.line + _UNFINISHED)


def _file_patch(file: MergedFile) -> bytes:
    rows = list(_rows(_lines(file.before or b""), _lines(file.after)))
    hunks = b"".join(_hunk(rows, span) for span in _spans(rows))
    if not hunks:
        # Only git's own form can tell of a new file without a line.
        names = tuple(_name(side, file.path).rstrip(b"\t") for side in (b"a/", b"b/"))
        return b"" if file.before is not None else _EMPTY % names
    old = b"/dev/null" if file.before is None else _name(b"a/", file.path)
    return b"--- %s\n+++ %s\n%s" % (old, _name(b"b/", file.path), hunks)


def _lines(data: bytes) -> list[bytes]:
    """Split as git does: a lone carriage return ends no line."""
    *finished, rest = data.split(b"\n")
    return [line + b"\n" for line in finished] + ([rest] if rest else [])


def _rows(old: Sequence[bytes], new: Sequence[bytes]) -> Iterator[_Row]:
    done = 0
    for number, line in enumerate(old):
        place = next((n for n in range(done, len(new)) if new[n] == line), None)
        if place is None:
            yield from (_Row(b"-", gone) for gone in old[number:])
            break
        yield from (_Row(b"+", added) for added in new[done:place])
        yield _Row(b" ", line)
        done = place + 1
    yield from (_Row(b"+", added) for added in new[done:])


def _spans(rows: Sequence[_Row]) -> list[range]:
    """Return which rows are shown: those that changed and some around them."""
    spans: list[range] = []
    for number, row in enumerate(rows):
        if row.mark == b" ":
            continue
        first, end = max(0, number - _CONTEXT), min(len(rows), number + _CONTEXT + 1)
        if spans and first <= spans[-1].stop:
            spans[-1] = range(spans[-1].start, end)
        else:
            spans.append(range(first, end))
    return spans


def _hunk(rows: Sequence[_Row], span: range) -> bytes:
    above, shown = rows[: span.start], rows[span.start : span.stop]
    head = b"@@ -%s +%s @@\n" % (_extent(above, shown, b"+"), _extent(above, shown, b"-"))
    return head + b"".join(row.text for row in shown)


def _extent(above: Sequence[_Row], shown: Sequence[_Row], foreign: bytes) -> bytes:
    """Return first line and length of a hunk in the file that has no ``foreign`` rows."""
    first = sum(row.mark != foreign for row in above)
    length = sum(row.mark != foreign for row in shown)
    return b"%d,%d" % (first + 1 if length else first, length)


def _name(side: bytes, path: PurePosixPath) -> bytes:
    """Return the path as git writes it: quoted if it is odd, a tab behind it if it has a space."""
    name = side + str(path).encode("utf-8", "surrogateescape")
    if _ODD.isdisjoint(name):
        return name + b"\t" if b" " in name else name
    return b'"%s"' % b"".join(b"\\%03o" % byte if byte in _ODD else b"%c" % byte for byte in name)
