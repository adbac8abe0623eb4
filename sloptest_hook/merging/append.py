"""Strategy ``append``: imports that are missing, then the tests, at the end of the file."""

from collections.abc import Sequence

from sloptest_hook.merging.document import Unusable, read_document
from sloptest_hook.merging.fit import fit
from sloptest_hook.merging.splicing import LINE_LENGTH, block_at_end, first_party_of, spliced
from sloptest_hook.values.candidate import Candidate, MergedFile, Refused
from sloptest_hook.values.plan import TargetPlace


def append(
    place: TargetPlace, candidates: Sequence[Candidate], *, line_length: int = LINE_LENGTH
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
    first_party = first_party_of(place, candidates)
    insertions = [block_at_end(document, fitted, first_party, line_length)] if fitted.tests else []
    return spliced(place, document, insertions, [test.added for test in fitted.tests])
