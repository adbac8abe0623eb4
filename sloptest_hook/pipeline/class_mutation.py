"""Which tests could notice that the fields of a class are others: no line of theirs tells."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from sloptest_hook.pipeline.mutation import Exercise
from sloptest_hook.quality.mutants import breakable_classes
from sloptest_hook.quality.text import SourceText
from sloptest_hook.values.coverage import FileCoverage
from sloptest_hook.values.source import Symbol


def class_exercises(
    sources: Mapping[PurePosixPath, str],
    wanted: Iterable[PurePosixPath],
    coverage: Iterable[FileCoverage],
    tests: Mapping[PurePosixPath, str],
) -> Iterator[Exercise]:
    """Yield the classes of these files whose fields can be broken, with tests that may notice.

    Importing alone executes a field. So these are the tests of files that name the class, and those
    that execute code of files that name it.
    """
    seen = [(each, _tests_of(each)) for each in coverage]
    known = frozenset(test for _, found in seen for test in found)
    for symbol in (each for path in wanted for each in _classes(path, sources)):
        word = re.compile(rf"\b{re.escape(symbol.qualname)}\b")
        naming = {str(path) for path, text in tests.items() if word.search(text)}
        found = {test for test in known if test.partition("::")[0] in naming}
        for each, executing in seen:
            if each.path in sources and word.search(sources[each.path]):
                found |= executing
        yield Exercise(symbol, {symbol.lines.first: tuple(sorted(found))} if found else {})


def _classes(path: PurePosixPath, sources: Mapping[PurePosixPath, str]) -> Iterator[Symbol]:
    try:
        yield from breakable_classes(SourceText(sources[path]), path)
    except (SyntaxError, ValueError, RecursionError):
        return


def _tests_of(coverage: FileCoverage) -> frozenset[str]:
    return frozenset(test for tests in coverage.tests.values() for test in tests)
