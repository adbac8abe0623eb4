"""Strategy ``ast-merge``: tests next to their like, imports in the import block.

Nothing but insertions of whole lines: the user's bytes before, between and after are not touched.
Positions come from ``ast``, which is there anyway; importing libcst takes 200 ms.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from sloptest_hook.merging.document import Document, Insertion, Unusable, read_document
from sloptest_hook.merging.fit import Fitted, NewTest, fit
from sloptest_hook.merging.import_lines import import_insertions
from sloptest_hook.merging.methods import as_method
from sloptest_hook.merging.positions import (
    before_tests,
    class_for,
    end_of_tests,
    method_position,
    tests_position,
)
from sloptest_hook.merging.splicing import (
    block_at_end,
    first_party_of,
    spaced,
    spliced,
)
from sloptest_hook.merging.style import Style
from sloptest_hook.values.candidate import AddedTest, Candidate, MergedFile, Refused
from sloptest_hook.values.plan import TargetPlace
from sloptest_hook.values.records import dataclass, replace

_USUAL = Style()
_IN_CLASS, _IN_MODULE = 1, 2  # blank lines around a definition


def merge(
    place: TargetPlace, candidates: Sequence[Candidate], *, style: Style = _USUAL
) -> MergedFile | Refused:
    """Return the file with the candidates' tests in it; those it already has are not added.

    A test that becomes a method is named ``TestCart::test_add`` in ``added``. Refused when the
    file cannot be parsed or the result would not be provably harmless: use a fresh sibling.
    """
    document = read_document(place.before or b"")
    if isinstance(document, Unusable):
        return Refused(place.path, document.reason)
    fitted = fit(document, candidates)
    if isinstance(fitted, Unusable):
        return Refused(place.path, fitted.reason)
    style = style.knowing(first_party_of(place, candidates))
    if not fitted.tests or not document.tree.body:
        block = [block_at_end(document, fitted, style)] if fitted.tests else []
        return spliced(place, document, block, [test.added for test in fitted.tests])
    imports = import_insertions(document, fitted.imports, style)
    placed = list(_placed(document, fitted, imports, style.line_length))
    added = [test.added for test in placed]
    # At one line methods come first: they belong to the class above.
    methods = _insertions(document, (test for test in placed if test.blank == _IN_CLASS))
    others = _insertions(document, (test for test in placed if test.blank != _IN_CLASS))
    support = _support(document, fitted, imports)
    return spliced(place, document, [*imports, *methods, *support, *others], added)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A test as text, the line after which it goes, and the blank lines it keeps around itself."""

    position: int
    blank: int
    code: str
    added: AddedTest


def _placed(
    document: Document, fitted: Fitted, imports: Iterable[Insertion], line_length: int
) -> Iterator[_Placed]:
    # A decorator may need an import: no test goes above the imports.
    earliest = max((insertion.after for insertion in imports), default=0)
    for test in fitted.tests:
        method = _placed_in_class(document, test, line_length)
        if method is not None and method.position > earliest:
            yield method
        else:
            yield _placed_in_module(document, test, earliest)


def _placed_in_class(document: Document, test: NewTest, line_length: int) -> _Placed | None:
    owner = class_for(document, test.symbol)
    code = as_method(document, owner, test.code, line_length) if owner is not None else None
    if owner is None or code is None:
        return None
    position = method_position(document, owner, test.symbol)
    added = replace(test.added, name=f"{owner.name}::{test.name}")
    return _Placed(position, _IN_CLASS, code, added)


def _placed_in_module(document: Document, test: NewTest, earliest: int) -> _Placed:
    position = tests_position(document, test.symbol)
    if position < earliest:
        position = max(earliest, end_of_tests(document))
    return _Placed(position, _IN_MODULE, test.code, test.added)


def _support(
    document: Document, fitted: Fitted, imports: Iterable[Insertion]
) -> Iterator[Insertion]:
    """Yield what the tests share, above all of them and below the imports."""
    if fitted.support:
        earliest = max((insertion.after for insertion in imports), default=0)
        # A new member of an import goes into the middle of a statement; this goes behind it.
        cut = (n for n in document.tree.body if n.lineno <= earliest < (n.end_lineno or 0))
        position = max(before_tests(document), earliest, *map(document.end_of, cut))
        yield spaced(document, position, [piece.code for piece in fitted.support], blank=2)


def _insertions(document: Document, placed: Iterable[_Placed]) -> Iterator[Insertion]:
    """Yield one insertion a place."""

    def where(test: _Placed) -> tuple[int, int]:
        return test.position, test.blank

    for (position, blank), tests in groupby(sorted(placed, key=where), key=where):
        yield spaced(document, position, [test.code for test in tests], blank=blank)
