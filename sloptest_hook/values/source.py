"""What is staged and what it is called: staged changes, symbols, their lines."""

from enum import StrEnum
from pathlib import PurePosixPath

from sloptest_hook.values.records import dataclass


@dataclass(frozen=True, slots=True)
class LineRange:
    """First and last line, counted from 1, both included, as git and coverage.py count."""

    first: int
    last: int

    def __contains__(self, line: int) -> bool:
        return self.first <= line <= self.last


class ChangeKind(StrEnum):
    """What the staged diff does to a path; a path given for backfill is ``WHOLE``."""

    ADDED = "added"
    MODIFIED = "modified"
    DELETED = "deleted"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class StagedChange:
    """One Python file of the staged diff, as text, on both sides.

    ``text`` is the blob in the index, ``old_text`` the one in HEAD; a missing side is empty.
    ``blob`` is the object name of the new side, all zeros for a deletion.
    """

    path: PurePosixPath
    kind: ChangeKind
    blob: str
    text: str
    old_text: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A staged Python file whose symbols cannot be known, and why, for a person to read."""

    path: PurePosixPath
    reason: str


@dataclass(frozen=True, slots=True)
class StagedDiff:
    """The Python side of the staged diff; ``paths`` is all of it, also where no text changed."""

    changes: tuple[StagedChange, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    paths: frozenset[PurePosixPath] = frozenset()


class SymbolKind(StrEnum):
    """How a symbol is reached."""

    FUNCTION = "function"
    METHOD = "method"
    CLASS = "class"  # for mutants of its fields alone: tests are written for functions and methods


@dataclass(frozen=True, slots=True)
class Symbol:
    """A function or method of one version of a file.

    ``lines`` runs from the first decorator to the last line of the body. ``fingerprint`` is equal
    for two versions that differ only in comments, formatting, docstring or place in the file.
    """

    path: PurePosixPath
    qualname: str
    kind: SymbolKind
    lines: LineRange
    fingerprint: str
    is_async: bool = False

    def __str__(self) -> str:
        return f"{self.path}::{self.qualname}"
