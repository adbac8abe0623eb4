"""Decides which symbols get tests, and says of every other one why it does not."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import PurePosixPath

from sloptest_hook.values.coverage import CoverageStatus, CoverageVerdict, Evidence
from sloptest_hook.values.plan import Plan, Skipped, Target
from sloptest_hook.values.records import dataclass, field
from sloptest_hook.values.settings import Settings
from sloptest_hook.values.source import Symbol

PYTHON_FILES = ("test_*.py", "*_test.py")  # pytest's own default for `python_files`

# Python calls these at odd moments; with two lines or fewer there is nothing in them to get wrong.
_CALLED_ODDLY = frozenset(
    {"__del__", "__init_subclass__", "__set_name__", "__class_getitem__", "__prepare__"}
    | {"__subclasshook__", "__instancecheck__", "__subclasscheck__", "__dir__", "__sizeof__"}
)
_LITTLE = 2


@dataclass(frozen=True, slots=True)
class SourceFile:
    """What planning must know of a file: its text, and what it is imported as.

    ``no_module`` is why it cannot be imported; then ``module`` is empty. ``call_sites`` are texts
    of files of the tree that import it.
    """

    text: str
    module: str
    no_module: str = ""
    call_sites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Screened:
    """Symbols of a commit parted by rules that need no measuring.

    ``remarks`` are on symbols that were kept though somebody meant to waive them: why it did not
    count.
    """

    kept: tuple[Symbol, ...]
    skipped: tuple[Skipped, ...]
    remarks: Mapping[Symbol, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Waived:
    """What is waived beside the settings: reasons that symbols give themselves, and today's date.

    ``today`` is ``2026-01-31``; empty: no waiver has ended.
    """

    comments: Mapping[Symbol, str] = field(default_factory=dict)
    today: str = ""


_NOTHING_WAIVED = Waived()


def screen(
    symbols: Iterable[Symbol],
    settings: Settings,
    python_files: Sequence[str] = PYTHON_FILES,
    waived: Waived = _NOTHING_WAIVED,
) -> Screened:
    """Part the symbols that may get tests from those that never do, before anything is run."""
    kept: list[Symbol] = []
    skipped: list[Skipped] = []
    remarks: dict[Symbol, str] = {}
    for symbol in symbols:
        reason = _never(symbol, settings, python_files)
        if reason is None:
            reason, remark = _waiver(symbol, settings, waived)
            if remark:
                remarks[symbol] = remark
        if reason is None:
            kept.append(symbol)
        else:
            skipped.append(Skipped(symbol, reason))
    return Screened(tuple(kept), tuple(skipped), remarks)


def make_plan(
    verdicts: Iterable[CoverageVerdict],
    settings: Settings,
    files: Mapping[PurePosixPath, SourceFile],
    python_files: Sequence[str] = PYTHON_FILES,
) -> Plan:
    """Return targets, those with the fewest missing lines first, and what is skipped.

    Small ones first: when the time budget ends, most symbols have their tests. Equal ones stay in
    the order of paths and lines, so that the same commit gives the same plan.
    """
    targets: list[Target] = []
    skipped: list[Skipped] = []
    for verdict in verdicts:
        symbol, file = verdict.symbol, files[verdict.symbol.path]
        reason = (
            _never(symbol, settings, python_files) or _not_needed(verdict) or file.no_module or None
        )
        if reason is None:
            targets.append(Target(verdict, file.module, file.text, file.call_sites))
        else:
            skipped.append(Skipped(symbol, reason))
    targets.sort(key=lambda target: _size(target.verdict))
    skipped.sort(key=lambda each: (str(each.symbol.path), each.symbol.lines.first))
    return Plan(tuple(targets), tuple(skipped))


def is_test_file(
    path: PurePosixPath, tests_dir: PurePosixPath, python_files: Sequence[str] = PYTHON_FILES
) -> bool:
    """Say whether a path belongs to the tests: helpers and ``conftest.py`` among them do."""
    if path.is_relative_to(tests_dir) or path.name == "conftest.py":
        return True
    # Further down `test` may be a package of the product, as `django.test` is.
    if "tests" in path.parts[:-1] or path.parts[0] == "test":
        return True
    return any(matches(path, pattern) for pattern in python_files)


def is_wanted(path: PurePosixPath, settings: Settings) -> bool:
    """Say whether ``include`` and ``exclude`` let a path through; exclude wins."""
    return _excluded(path, settings) is None


def matches(path: PurePosixPath, pattern: str) -> bool:
    """Say whether a glob of the configuration names a path or a directory above it.

    As in .gitignore and ruff: without a slash a pattern names any file or directory of that name
    (``migrations``, ``*_pb2.py``); with one it starts at the repository (``src/gen``,
    ``docs/**/*.py``). ``*`` stays within a name, ``**`` does not.
    """
    return _regex(pattern).match(str(path)) is not None


def _never(symbol: Symbol, settings: Settings, python_files: Sequence[str]) -> str | None:
    """Return why a symbol never gets tests, whatever covers it."""
    if is_test_file(symbol.path, settings.tests_dir, python_files):
        return "belongs to the tests"
    if symbol.path.name == "setup.py":
        return "setup.py is a build script: importing it runs it"
    if symbol.qualname.rpartition(".")[2] == "_":
        return "has no name of its own to be called by"
    return _excluded(symbol.path, settings)


def _waiver(symbol: Symbol, settings: Settings, waived: Waived) -> tuple[str | None, str]:
    """Return why a symbol is waived, None if it is not; and why a waiver of it does not count."""
    remark = ""
    reason = waived.comments.get(symbol)
    if reason:
        return f"waived by a comment: {reason}", ""
    if reason is not None:
        remark = "its `# sloptest: no test` counts only with a reason behind it"
    for waiver in settings.waive:
        if not _is_of(waiver.pattern, symbol):
            continue
        if not waiver.until or waived.today <= waiver.until:
            until = f" until {waiver.until}" if waiver.until else ""
            return f"waived{until} by '{waiver.pattern}': {waiver.reason}", ""
        remark = f"the waiver '{waiver.pattern}' of it ended on {waiver.until}"
    return None, remark


def _is_of(pattern: str, symbol: Symbol) -> bool:
    paths, _, names = pattern.partition("::")
    if paths and not matches(symbol.path, paths):
        return False
    return not names or _names_regex(names).match(symbol.qualname) is not None


def _excluded(path: PurePosixPath, settings: Settings) -> str | None:
    for pattern in settings.exclude:
        if matches(path, pattern):
            return f"excluded by exclude = '{pattern}'"
    if settings.include and not any(matches(path, each) for each in settings.include):
        return "not named by include"
    return None


def _not_needed(verdict: CoverageVerdict) -> str | None:
    if verdict.status is CoverageStatus.COVERED:
        return covered_reason(verdict)
    name = verdict.symbol.qualname.rpartition(".")[2]
    small = len(verdict.executable) <= _LITTLE and not verdict.missing_branches
    if name in _CALLED_ODDLY and small:
        return f"{name} is called by Python alone and is {_LITTLE} lines or fewer"
    return None


def covered_reason(verdict: CoverageVerdict) -> str:
    """Return how a covered symbol is known to be covered, for a person to read."""
    if not verdict.executable and verdict.evidence is Evidence.MEASURED:
        return "has no executable line"
    if verdict.evidence is Evidence.ESTIMATED:
        named = named_and_count([str(path) for path in verdict.relied_on])
        return f"estimated as covered, nothing was measured: it is mentioned in {named}"
    if verdict.evidence is Evidence.STALE:
        named = named_and_count(verdict.tests)
        return f"covered by {named} when it was last measured, in another state of things"
    return f"covered by {named_and_count(verdict.tests)}" if verdict.tests else "covered"


def named_and_count(names: Sequence[str], shown: int = 1) -> str:
    """Return ``a, b and 3 more``: the first names, and how many there are beside."""
    more = f" and {len(names) - shown} more" if len(names) > shown else ""
    return f"{', '.join(names[:shown])}{more}"


def _size(verdict: CoverageVerdict) -> tuple[int, str, int]:
    missing = len(verdict.missing_lines) + len(verdict.missing_branches)
    return missing, str(verdict.symbol.path), verdict.symbol.lines.first


@lru_cache
def _regex(pattern: str) -> re.Pattern[str]:
    bare = pattern.removeprefix("./").strip("/")
    if bare in ("", "."):
        return re.compile("")
    anchored = "/" in bare or pattern.startswith(("/", "./"))
    start = "" if anchored else "(?:.*/)?"
    # What is below a directory that is named is named too.
    return re.compile(f"{start}{_translated(bare)}(?:/.*)?\\Z", re.DOTALL)


@lru_cache
def _names_regex(pattern: str) -> re.Pattern[str]:
    """Return what matches a qualname, and what is below one that is named."""
    parts = (re.escape(part) for part in pattern.split("*"))
    return re.compile(f"{'.*'.join(parts)}(?:\\..*)?\\Z")


def _translated(glob: str) -> str:
    pieces = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    tokens = re.findall(r"\*\*/|\*\*|\*|\?|\[[!^]?\]?[^\]/]*\]|.", glob, re.DOTALL)
    return "".join(pieces.get(token) or _one(token) for token in tokens)


def _one(token: str) -> str:
    inner = token[1:-1].replace("\\", "\\\\").replace("[", "\\[")
    if inner in ("", "!", "^"):
        return re.escape(token)
    characters = f"[^{inner[1:]}/]" if inner[0] in "!^" else f"[{inner}]"
    try:
        re.compile(characters)
    except re.error:  # [z-a]: names itself, as a shell has it
        return re.escape(token)
    return characters
