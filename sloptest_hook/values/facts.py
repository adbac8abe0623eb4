"""What is remembered of symbol versions: who executed what of them, in which environment.

Nothing here holds a line number. A line is the ordinal of an *anchor*: of a place in the
normalised definition where an executable line may begin (``coverage.anchors``), counted from 0 in
the order of the tree. So a fact outlives reformatting, comments and moves. A branch is a pair of
anchors; the negative ``-1 - n`` stands for leaving the definition that begins at anchor ``n``.
"""

from collections.abc import Mapping
from pathlib import PurePosixPath

from sloptest_hook.values.coverage import Evidence
from sloptest_hook.values.digests import digest_of
from sloptest_hook.values.records import dataclass, field
from sloptest_hook.values.source import Symbol

Branch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class RecordedTest:
    """A test that ran, in exactly this version.

    ``fingerprint`` stands for the test and for all that it uses of the test files (fixtures,
    helpers, tables); ``without`` gives, for each project module that these import, the fingerprint
    with that module's name left out, which a renamed module does not change. ``relies_on`` are the
    files that the fingerprint was made of, with their blobs in the index: None where there was no
    file, as for a ``conftest.py`` that may appear. ``seconds`` is what it took.
    """

    node_id: str
    fingerprint: str
    without: Mapping[str, str]
    relies_on: Mapping[PurePosixPath, str | None]
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Share:
    """What some tests executed of a symbol, all of them exactly this.

    ``tests`` are positions: in a ``Measured`` those of its ``tests``, in a ``Fact`` row ids of the
    store.
    """

    tests: tuple[int, ...]
    lines: frozenset[int]
    branches: frozenset[Branch]


@dataclass(frozen=True, slots=True)
class Fact:
    """What was seen of one symbol version in one environment.

    ``module`` is the dotted name that the file was imported as. ``anchors`` is how many the
    definition has. ``executable`` and ``branches`` are all that there are, executed or not.
    """

    path: PurePosixPath
    module: str
    qualname: str
    fingerprint: str
    environment: str
    anchors: int
    executable: frozenset[int]
    branches: frozenset[Branch]
    shares: tuple[Share, ...]
    evidence: Evidence = Evidence.MEASURED


@dataclass(frozen=True, slots=True)
class Measured:
    """One run to be remembered.

    ``facts`` holds every symbol of the traced files, also those that no test executed: what a test
    of this run was remembered to execute, and did not execute now, is forgotten. ``uses`` gives for
    a position in ``tests`` the keys (``symbol_key``) of all symbol versions that it executed, where
    the run traced the whole project; a test that is missing in it was traced in part. ``files``
    gives for a source, with its blob, the keys of all that is in it.
    """

    environment: str
    tests: tuple[RecordedTest, ...]
    facts: tuple[Fact, ...]
    uses: Mapping[int, frozenset[bytes]]
    files: Mapping[tuple[PurePosixPath, str], frozenset[bytes]] = field(default_factory=dict)


def key_of(version: "Symbol | Fact") -> bytes:
    """Return the 16 bytes that identify the version of a symbol, or the one that a fact is of."""
    return symbol_key(version.path, version.qualname, version.fingerprint)


def symbol_key(path: PurePosixPath, qualname: str, fingerprint: str) -> bytes:
    """Return the 16 bytes that identify a symbol version; a file name need not be text."""
    return digest_of(f"{path}\0{qualname}\0{fingerprint}".encode("utf-8", "surrogateescape"))
