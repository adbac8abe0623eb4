"""The staged diff to the symbols in question: pure, and light enough for every commit."""

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from sloptest_hook.planning import Waived, is_test_file, screen
from sloptest_hook.symbols.changed import changed_symbols
from sloptest_hook.symbols.extract import extract_symbols
from sloptest_hook.symbols.parsing import ParseFailure
from sloptest_hook.symbols.waivers import waiver_comments
from sloptest_hook.values.outcome import Problem
from sloptest_hook.values.plan import Skipped
from sloptest_hook.values.records import dataclass, field
from sloptest_hook.values.settings import Settings
from sloptest_hook.values.source import ChangeKind, StagedChange, StagedDiff, Symbol


@dataclass(frozen=True, slots=True)
class InQuestion:
    """New and changed symbols with the sources they stand in, and what could not be read.

    ``before`` are the versions that the changed ones had, as far as names tell. ``remarks`` are on
    symbols whose waiver does not count.
    """

    symbols: tuple[Symbol, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    sources: Mapping[PurePosixPath, str] = field(default_factory=dict)
    staged_tests: tuple[PurePosixPath, ...] = ()
    problems: tuple[Problem, ...] = ()
    before: tuple[Symbol, ...] = ()
    remarks: Mapping[Symbol, str] = field(default_factory=dict)


def symbols_in_question(diff: StagedDiff, settings: Settings, today: str) -> InQuestion:
    """Return the symbols that are new or changed; a symbol moved between files is neither.

    ``today`` decides which waivers have ended.
    """
    tests, sources = _split(diff.changes, settings.tests_dir)
    gone = [c for c in sources if c.kind is ChangeKind.DELETED]
    moved = [symbol for change in gone for symbol in _symbols(change.path, change.old_text)]

    symbols: list[Symbol] = []
    comments: dict[Symbol, str] = {}
    earlier: list[Symbol] = []
    problems = [Problem(f"{u.path}: {u.reason}") for u in diff.unreadable]
    for change in sources:
        if change.kind is ChangeKind.DELETED:
            continue
        match extract_symbols(change.path, change.text):
            case ParseFailure() as failure:
                problems.append(_unparsable(change.path, failure))
            case new:
                old = _symbols(change.path, change.old_text)
                before = old if change.kind is ChangeKind.MODIFIED else (*old, *moved)
                changed = changed_symbols(new, before)
                symbols += changed
                comments.update(waiver_comments(change.text, changed))
                names = {symbol.qualname for symbol in changed}
                earlier += [symbol for symbol in before if symbol.qualname in names]

    screened = screen(symbols, settings, waived=Waived(comments, today))
    return InQuestion(
        screened.kept,
        screened.skipped,
        {c.path: c.text for c in sources if c.kind is not ChangeKind.DELETED},
        tuple(c.path for c in tests if c.kind is not ChangeKind.DELETED),
        tuple(problems),
        tuple(earlier),
        screened.remarks,
    )


def _split(
    changes: Iterable[StagedChange], tests_dir: PurePosixPath
) -> tuple[list[StagedChange], list[StagedChange]]:
    tests: list[StagedChange] = []
    sources: list[StagedChange] = []
    for change in changes:
        (tests if is_test_file(change.path, tests_dir) else sources).append(change)
    return tests, sources


def _symbols(path: PurePosixPath, text: str) -> tuple[Symbol, ...]:
    """Return the symbols of an old version; one that did not parse had none."""
    match extract_symbols(path, text):
        case ParseFailure():
            return ()
        case symbols:
            return symbols


def _unparsable(path: PurePosixPath, failure: ParseFailure) -> Problem:
    return Problem(
        f"{path}:{failure.line}: does not parse ({failure.message}); no tests are written for it. "
        "Mend the file, stage it and commit again."
    )
