"""Strategy ``append``: imports that are missing, then the tests, at the end of the file."""

from collections.abc import Sequence

from sloptest_hook.merging.document import Unusable, read_document
from sloptest_hook.merging.fit import fit
from sloptest_hook.merging.splicing import block_at_end, first_party_of, spliced
from sloptest_hook.merging.style import Style
from sloptest_hook.values.candidate import Candidate, MergedFile, Refused
from sloptest_hook.values.plan import TargetPlace

_USUAL = Style()


def append(
    place: TargetPlace, candidates: Sequence[Candidate], *, style: Style = _USUAL
) -> MergedFile | Refused:
    """Return the file with the candidates' tests at its end; those it already has are not added.

    Refused as in the other strategy: use a fresh sibling.
    """
    document = read_document(place.before or b"")
    if isinstance(document, Unusable):
        return Refused(place.path, document.reason)
    fitted = fit(document, candidates)
    if isinstance(fitted, Unusable):
        return Refused(place.path, fitted.reason)
    style = style.knowing(first_party_of(place, candidates))
    insertions = [block_at_end(document, fitted, style)] if fitted.tests else []
    return spliced(place, document, insertions, [test.added for test in fitted.tests])
