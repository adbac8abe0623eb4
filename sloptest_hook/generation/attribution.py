"""Says which target each test of a reply is for, by the names that the test uses."""

import re
from collections.abc import Iterator, Sequence

from sloptest_hook.generation.file_parts import FileParts
from sloptest_hook.generation.reply import ReplyFile
from sloptest_hook.values.candidate import Candidate, NoCandidate, WrittenTest
from sloptest_hook.values.plan import Target

_NONE_FOR_IT = "the reply holds no test for it"


def candidates_of(
    files: Sequence[ReplyFile], targets: Sequence[Target], engine: str
) -> Iterator[Candidate | NoCandidate]:
    """Yield an answer for every target; a candidate for each file that has tests of it.

    A test that names no target goes to the first one, where the guard says what is wrong with it.
    """
    for target in targets:
        found = list(_for_target(target, files, targets, engine))
        yield from found
        if not found:
            yield NoCandidate(target, _NONE_FOR_IT)


def _for_target(
    target: Target, files: Sequence[ReplyFile], targets: Sequence[Target], engine: str
) -> Iterator[Candidate]:
    for file in files:
        parts = file.parts
        tests = [test for test in parts.tests if _target_of(test, parts, targets) is target]
        if tests:
            yield Candidate(target, engine, parts.imports, tuple(tests), support=parts.support)


def _target_of(test: WrittenTest, parts: FileParts, targets: Sequence[Target]) -> Target:
    words = _words(test.code)
    for piece in parts.support:
        if piece.name in words:
            words |= _words(piece.code)
    return max(targets, key=lambda target: _closeness(target, words))  # the first of equals


def _closeness(target: Target, words: frozenset[str]) -> int:
    """Return 3 when a test names a function, or a method and its class; less for a part."""
    *owners, name = target.symbol.qualname.split(".")
    own = 2 if name in words else 0
    return own + (1 if not owners or owners[-1] in words else 0) if own or owners else 0


def _words(code: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", code))
