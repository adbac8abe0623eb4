"""Test code that an engine wrote and nobody has run yet, and the file it is merged into."""

from pathlib import PurePosixPath

from sloptest_hook.values.plan import Target
from sloptest_hook.values.records import dataclass
from sloptest_hook.values.source import Symbol


@dataclass(frozen=True, slots=True)
class WrittenTest:
    """One test function as source: decorators and ``def`` at column 0, ends with one newline."""

    name: str
    code: str


@dataclass(frozen=True, slots=True)
class SupportCode:
    """What tests of one candidate share: a fixture, helper, class or constant, as source.

    One statement at column 0 that defines ``name``; ends with one newline.
    """

    name: str
    code: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody holds for a bug, with a test that is to fail because of it.

    ``expected`` and ``why`` are for a person to read, ``call`` is the shortest way to see it.
    ``actual`` is what is said to happen; empty where the test is to tell.
    """

    symbol: Symbol
    test: WrittenTest
    imports: tuple[str, ...]
    expected: str
    call: str = ""
    actual: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """The tests an engine wrote for one target.

    ``imports`` holds one import statement each. ``notes`` say what was not reached and why, for a
    person to read: ``line 12 not reached: never saw kind == 'x'``.
    """

    target: Target
    engine: str
    imports: tuple[str, ...]
    tests: tuple[WrittenTest, ...]
    notes: tuple[str, ...] = ()
    support: tuple[SupportCode, ...] = ()
    claims: tuple[Claim, ...] = ()

    @property
    def pieces(self) -> tuple[SupportCode | WrittenTest, ...]:
        """Return all definitions in the order in which they stand in a file."""
        return (*self.support, *self.tests)


@dataclass(frozen=True, slots=True)
class NoCandidate:
    """An engine's expected no: nothing worth proposing for this target, and why.

    ``untestable``: not by this target's fault, nothing can be done under confinement.
    ``refused``: no code was run, there being too little confinement.
    """

    target: Target
    reason: str
    out_of_time: bool = False
    not_importable: bool = False
    untestable: bool = False
    refused: bool = False
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class AddedTest:
    """A written test under the name that it has in the merged file."""

    symbol: Symbol
    name: str
    written: WrittenTest


@dataclass(frozen=True, slots=True)
class MergedFile:
    """A test file before and after candidates were merged into it; ``before`` None: a new file.

    ``instead`` is why the tests are not in the file that they belong in, empty where they are.
    """

    path: PurePosixPath
    before: bytes | None
    after: bytes
    added: tuple[AddedTest, ...]
    instead: str = ""

    def node_id(self, added: AddedTest) -> str:
        return f"{self.path}::{added.name}"


@dataclass(frozen=True, slots=True)
class Refused:
    """A merge's expected no: the file cannot take new tests as it is, and why, for a person."""

    path: PurePosixPath
    reason: str
