from collections.abc import Callable
from pathlib import PurePosixPath

import pytest

from sloptest_hook.merging.append import append
from sloptest_hook.values.candidate import Candidate, MergedFile, Refused
from sloptest_hook.values.plan import TargetPlace
from tests.merging.drawings import drawn_candidate, drawn_cases

PATH = PurePosixPath("tests/test_cart.py")
IMPORT = b"from shop.cart import total\n"
TWO = b"def test_total_of_two():\n    assert total([1, 2]) == 3\n"
MAIN = b"if __name__ == '__main__':\n    main()\n"

CASES = [
    pytest.param(None, IMPORT + b"\n\n" + TWO, id="a new file"),
    pytest.param(b"x = 1\n", b"x = 1\n\n\n" + IMPORT + b"\n\n" + TWO, id="imports at its head"),
    pytest.param(b"x = 1", b"x = 1\n\n\n" + IMPORT + b"\n\n" + TWO, id="no final newline"),
    pytest.param(b"x = 1\n\n", b"x = 1\n\n\n" + IMPORT + b"\n\n" + TWO, id="a blank line"),
    pytest.param(IMPORT, IMPORT + b"\n\n" + TWO, id="the import is there"),
    pytest.param(MAIN, MAIN + b"\n\n" + IMPORT + b"\n\n" + TWO, id="after a main guard"),
    pytest.param(
        b"total = 1\n",
        b"total = 1\n\n\nfrom shop.cart import total as cart_total\n\n\n"
        + TWO.replace(b"total(", b"cart_total("),
        id="the name is taken",
    ),
    pytest.param(
        b"x = 1\r\n",
        (b"x = 1\n\n\n" + IMPORT + b"\n\n" + TWO).replace(b"\n", b"\r\n"),
        id="Windows line ends",
    ),
]


@pytest.mark.parametrize(("before", "after"), CASES)
def test_tests_go_to_the_end_with_what_they_import(
    before: bytes | None, after: bytes, make_candidate: Callable[..., Candidate]
) -> None:
    candidate = make_candidate(TWO.decode(), IMPORT.decode())
    merged = append(TargetPlace(PATH, before), [candidate])
    assert isinstance(merged, MergedFile), merged
    assert merged.after == after
    assert append(TargetPlace(PATH, after), [candidate]) == MergedFile(PATH, after, after, ())


@pytest.mark.parametrize(("name", "before", "_after"), list(drawn_cases()))
def test_whatever_a_file_holds_stays_before_what_is_appended(
    name: str, before: bytes, _after: bytes, make_candidate: Callable[..., Candidate]
) -> None:
    candidate = drawn_candidate(make_candidate, name)
    merged = append(TargetPlace(PATH, before), [candidate])
    assert isinstance(merged, MergedFile), merged
    assert merged.after.startswith(before)
    again = append(TargetPlace(PATH, merged.after), [candidate])
    assert again == MergedFile(PATH, merged.after, merged.after, ())


def test_a_file_that_does_not_parse_is_refused(make_candidate: Callable[..., Candidate]) -> None:
    refused = append(TargetPlace(PATH, b"def (\n"), [make_candidate(TWO.decode())])
    assert isinstance(refused, Refused)
    assert "does not parse" in refused.reason


def test_a_candidate_with_a_star_import_is_refused(
    make_candidate: Callable[..., Candidate],
) -> None:
    candidate = make_candidate(TWO.decode(), "from shop.cart import *")
    assert isinstance(append(TargetPlace(PATH, None), [candidate]), Refused)
