"""From what is to be inserted to a merged file that has been checked once more."""

from collections.abc import Iterable, Sequence

from sloptest_hook.merging.check import verify_merge
from sloptest_hook.merging.document import Document, Insertion, splice
from sloptest_hook.merging.fit import Fitted
from sloptest_hook.merging.printing import grouped_imports
from sloptest_hook.merging.style import Style
from sloptest_hook.values.candidate import AddedTest, Candidate, MergedFile, Refused
from sloptest_hook.values.plan import TargetPlace
from sloptest_hook.values.records import replace


def spliced(
    place: TargetPlace,
    document: Document,
    insertions: Iterable[Insertion],
    added: Sequence[AddedTest],
) -> MergedFile | Refused:
    """Return the file with the insertions, or why the result would not be provably harmless."""
    try:
        after = splice(document, insertions)
    except UnicodeEncodeError as error:
        return Refused(place.path, f"cannot hold the tests in its encoding: {error}")
    reason = verify_merge(place.before, after)
    if reason is not None:
        return Refused(place.path, reason)
    return MergedFile(place.path, place.before, after, tuple(added))


def spaced(document: Document, position: int, codes: Iterable[str], *, blank: int) -> Insertion:
    """Return definitions as one insertion with ``blank`` blank lines around and between.

    Blank lines that are there already count.
    """
    text = ("\n" * (blank + 1)).join(code.rstrip("\n") for code in codes) + "\n"
    above = document.blanks_before(position)
    below = document.blanks_after(position)
    before = "" if above == position else "\n" * max(0, blank - above)
    after = "" if below is None else "\n" * max(0, blank - below)
    return Insertion(position, before + text + after)


def block_at_end(document: Document, fitted: Fitted, style: Style) -> Insertion:
    """Return imports, support and tests as one block for the end of the file; all of a new file."""
    imports = grouped_imports(fitted.imports, style)
    support = (piece.code for piece in fitted.support)
    codes = filter(None, [imports, *support, *(test.code for test in fitted.tests)])
    block = spaced(document, len(document.lines), codes, blank=2)
    if imports and not document.tree.body:  # a header of comments, no code: one line is enough
        return replace(block, text=block.text.removeprefix("\n"))
    return block


def first_party_of(place: TargetPlace, candidates: Iterable[Candidate]) -> frozenset[str]:
    """Return the top-level names that count as the project's own."""
    tops = {candidate.target.module.partition(".")[0] for candidate in candidates}
    return frozenset({*tops, place.path.parts[0], "conftest"})
