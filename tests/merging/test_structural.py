from collections.abc import Callable
from pathlib import PurePosixPath

import pytest

from sloptest_hook.merging.structural import merge
from sloptest_hook.merging.style import Style
from sloptest_hook.values.candidate import Candidate, MergedFile, Refused, SupportCode
from sloptest_hook.values.plan import TargetPlace
from sloptest_hook.values.records import replace
from tests.merging.drawings import NONE, SHARED, TABLE, TOTAL, TWO, drawn_candidate, drawn_cases

PATH = PurePosixPath("tests/test_cart.py")
DRAWN = list(drawn_cases())

_TEST = b"def test_total_of_two():\n    assert total([1, 2]) == 3\n"
_IMPORT = b"from shop.cart import total\n"
_TAIL = b"\n\n" + _TEST
_OS = b"import os\n\n" + _IMPORT

ODD = [
    pytest.param(b"", _IMPORT + b"\n\n" + _TEST, id="nothing"),
    pytest.param(b"\n\n", b"\n\n" + _IMPORT + b"\n\n" + _TEST, id="blank lines"),
    pytest.param(
        b'"""Doc."""', b'"""Doc."""\n\n' + _IMPORT + _TAIL, id="a docstring without final newline"
    ),
    pytest.param(b"\xef\xbb\xbf", b"\xef\xbb\xbf" + _IMPORT + _TAIL, id="a byte order mark alone"),
    pytest.param(b"\xef\xbb\xbfimport os\n", b"\xef\xbb\xbf" + _OS + _TAIL, id="a byte order mark"),
    pytest.param(
        b"import os\r\n\r\n\r\ndef test_a():\r\n    pass\r\n",
        (_OS + b"\n\ndef test_a():\n    pass\n" + _TAIL).replace(b"\n", b"\r\n"),
        id="Windows line ends",
    ),
    pytest.param(
        b"import os\r\n\r\n\r\ndef test_a():\n    pass\r\n",
        (_OS + b"\n\ndef test_a():\n    pass\n" + _TAIL)
        .replace(b"\n", b"\r\n")
        .replace(b"a():\r\n", b"a():\n"),
        id="mixed line ends",
    ),
    pytest.param(
        b"import os\r\rdef test_a():\r    pass\r",
        (_OS + b"\ndef test_a():\n    pass\n" + _TAIL).replace(b"\n", b"\r"),
        id="old Macintosh line ends",
    ),
    pytest.param(
        b"# coding: latin-1\nCITY = 'K\xf6ln'\n",
        b"# coding: latin-1\n\n" + _IMPORT + b"\nCITY = 'K\xf6ln'\n" + _TAIL,
        id="a Latin-1 cookie",
    ),
    pytest.param(
        b"def test_a():\n    pass",
        _IMPORT + b"\n\ndef test_a():\n    pass\n" + _TAIL,
        id="no final newline",
    ),
    pytest.param(b"import os\n# end", _OS + b"# end\n" + _TAIL, id="a comment without newline"),
    pytest.param(b"import os\n    ", _OS + b"    \n\n" + _TEST, id="spaces at the end"),
    pytest.param(
        b"import os\n\x0c\ndef test_a():\n    pass\n\x0c\n",
        _OS + b"\x0c\ndef test_a():\n    pass\n\x0c\n\n" + _TEST,
        id="form feeds",
    ),
    pytest.param(
        "import os\nX = 'a\u2028b\x85c\x1c'\n".encode(),
        _OS + "X = 'a\u2028b\x85c\x1c'\n".encode() + _TAIL,
        id="separators that are no line ends to Python",
    ),
]


@pytest.fixture
def candidate_of(make_candidate: Callable[..., Candidate]) -> Callable[[str], Candidate]:
    return lambda name: drawn_candidate(make_candidate, name)


def test_every_drawing_is_read() -> None:
    assert len(DRAWN) == TABLE.count("\n=== ") >= 80


@pytest.mark.parametrize(("name", "before", "after"), DRAWN)
def test_a_candidate_goes_where_a_person_would_put_it(
    name: str, before: bytes, after: bytes, candidate_of: Callable[[str], Candidate]
) -> None:
    merged = merge(TargetPlace(PATH, before), [candidate_of(name)])
    assert isinstance(merged, MergedFile), merged
    assert merged.after.decode() == after.decode()


@pytest.mark.parametrize(("before", "after"), ODD)
def test_odd_bytes_stay_as_they_are(
    before: bytes, after: bytes, candidate_of: Callable[[str], Candidate]
) -> None:
    merged = merge(TargetPlace(PATH, before), [candidate_of("total")])
    assert isinstance(merged, MergedFile), merged
    assert merged.after == after


@pytest.mark.parametrize(("name", "before", "after"), DRAWN)
def test_merging_twice_changes_nothing(
    name: str, before: bytes, after: bytes, candidate_of: Callable[[str], Candidate]
) -> None:
    assert merge(TargetPlace(PATH, after), [candidate_of(name)]) == MergedFile(
        PATH, after, after, ()
    )


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        pytest.param(b"def test_a(:\n", "does not parse", id="a syntax error"),
        pytest.param(b"x = 'K\xf6ln'\n", "declared encoding", id="Latin-1 without a cookie"),
        pytest.param(b"# coding: nonsense\n", "declared encoding", id="an unknown encoding"),
        pytest.param(b"# coding: rot13\n", "declared encoding", id="an encoding that is no text"),
        pytest.param(b"x = 1\0\n", "does not parse", id="a null byte"),
        pytest.param(b"def f(a, a): pass\n", "does not parse", id="an error only scopes show"),
        pytest.param(b"return 1\n", "does not compile", id="an error only compiling shows"),
        pytest.param(
            b"<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> topic\n", "conflict", id="a conflict"
        ),
    ],
)
def test_a_file_that_cannot_take_tests_is_refused_with_a_reason(
    before: bytes, reason: str, candidate_of: Callable[[str], Candidate]
) -> None:
    refused = merge(TargetPlace(PATH, before), [candidate_of("total")])
    assert isinstance(refused, Refused)
    assert refused.path == PATH
    assert reason in refused.reason


def test_code_that_the_encoding_cannot_hold_is_refused(
    make_candidate: Callable[..., Candidate],
) -> None:
    candidate = make_candidate("def test_total():\n    assert total('\u20ac') == 1\n", TOTAL)
    refused = merge(TargetPlace(PATH, b"# coding: latin-1\n"), [candidate])
    assert isinstance(refused, Refused)
    assert "encoding" in refused.reason


@pytest.mark.parametrize(
    ("code", "imports", "reason"),
    [
        pytest.param(TWO, ("from shop.cart import *",), "star import", id="a star import"),
        pytest.param(TWO, ("from shop import",), "import that does not parse", id="half an import"),
        pytest.param(f"{TWO}x = 1\n", (TOTAL,), "not one function", id="more than a function"),
        pytest.param(
            "def test_total():\n    x = [total for total in [1]]\n    assert total(x) == 1\n",
            (TOTAL,),
            "uses the name total for something else",
            id="the name is local in the new code",
        ),
    ],
)
def test_a_candidate_that_cannot_be_fitted_is_refused(
    code: str, imports: tuple[str, ...], reason: str, make_candidate: Callable[..., Candidate]
) -> None:
    refused = merge(TargetPlace(PATH, b"total = 1\n"), [make_candidate(code, *imports)])
    assert isinstance(refused, Refused)
    assert reason in refused.reason


def test_a_new_file_has_sorted_imports_and_one_final_newline(
    candidate_of: Callable[[str], Candidate],
) -> None:
    names = ("many imports", "method", "two tests", "limit")
    merged = merge(TargetPlace(PATH, None), [candidate_of(name) for name in names])
    assert isinstance(merged, MergedFile)
    assert merged.before is None
    assert merged.after.decode() == (
        "import math\n\nimport numpy\nimport pytest\n\n"
        "from shop.cart import LIMIT, Cart, total\n\n\n"
        "def test_total_of_pi():\n    with pytest.raises(ValueError):\n"
        "        total([math.pi, numpy.nan])\n\n\n"
        "def test_cart_add(tmp_path):\n    assert Cart().add(1) is None\n\n\n"
        f"{TWO}\n\n{NONE}\n\n"
        "def test_limit():\n    assert LIMIT == 3\n"
    )


def test_two_candidates_may_import_one_name_from_two_modules(
    make_candidate: Callable[..., Candidate],
) -> None:
    other = make_candidate(
        "def test_money_total():\n    assert total([1]) == 1\n",
        "from shop.money import total",
        of="shop.money:total",
    )
    cart = make_candidate(TWO, TOTAL)
    merged = merge(TargetPlace(PATH, None), [cart, other])
    assert isinstance(merged, MergedFile)
    assert b"from shop.money import total as money_total\n" in merged.after
    assert b"assert money_total([1]) == 1\n" in merged.after
    assert merge(TargetPlace(PATH, merged.after), [cart, other]) == MergedFile(
        PATH, merged.after, merged.after, ()
    )


def test_a_long_import_is_broken_at_the_line_length(
    make_candidate: Callable[..., Candidate],
) -> None:
    names = [f"a_name_that_is_rather_long_{letter}" for letter in "abc"]
    code = f"def test_total():\n    assert {' '.join(names).replace(' ', ' or ')}\n"
    candidate = make_candidate(code, f"from shop.cart import {', '.join(names)}")
    narrow = merge(TargetPlace(PATH, None), [candidate])
    wide = merge(TargetPlace(PATH, None), [candidate], style=Style(line_length=120))
    assert isinstance(narrow, MergedFile)
    assert isinstance(wide, MergedFile)
    assert narrow.after.startswith(b"from shop.cart import (\n    a_name_that")
    assert wide.after.startswith(f"from shop.cart import {', '.join(names)}\n".encode())


@pytest.mark.parametrize(
    ("name", "before", "node_id"),
    [
        pytest.param("total", b"", f"{PATH}::test_total_of_two", id="a new function"),
        pytest.param(
            "total",
            b"def test_total_of_two(): pass\n",
            f"{PATH}::test_total_of_two_as_observed",
            id="a renamed function",
        ),
        pytest.param(
            "total",
            b"class TestTotal:\n    def test_none(self): pass\n",
            f"{PATH}::TestTotal::test_total_of_two",
            id="a method",
        ),
    ],
)
def test_the_node_id_is_that_of_the_merged_file(
    name: str, before: bytes, node_id: str, candidate_of: Callable[[str], Candidate]
) -> None:
    candidate = candidate_of(name)
    merged = merge(TargetPlace(PATH, before), [candidate])
    assert isinstance(merged, MergedFile)
    (added,) = merged.added
    assert merged.node_id(added) == node_id
    assert added.symbol == candidate.target.symbol
    assert added.written == candidate.tests[0]


@pytest.mark.parametrize(
    ("support", "reason"),
    [
        pytest.param(
            "@pytest.fixture(autouse=True)\ndef cart():\n    return []\n",
            "autouse",
            id="a fixture for every test of the file",
        ),
        pytest.param(
            '@pytest.fixture(name="basket")\ndef cart():\n    return []\n',
            "second name",
            id="a fixture under another name",
        ),
        pytest.param("def test_cart():\n    return []\n", "takes for a test", id="a test"),
        pytest.param("cart, basket = [], []\n", "not one definition", id="two names"),
        pytest.param("def cart(:\n", "does not parse", id="no code"),
    ],
)
def test_what_cannot_be_shared_safely_is_refused(
    support: str, reason: str, make_candidate: Callable[..., Candidate]
) -> None:
    shared = SupportCode("cart" if "test_" not in support else "test_cart", support)
    candidate = replace(make_candidate(TWO, TOTAL), support=(shared,))
    refused = merge(TargetPlace(PATH, b"def test_a():\n    pass\n"), [candidate])
    assert isinstance(refused, Refused)
    assert reason in refused.reason


def test_a_name_in_two_meanings_is_not_renamed(make_candidate: Callable[..., Candidate]) -> None:
    code = "def test_total():\n    filled = 3\n    assert total([filled]) == 3\n"
    used = "def test_filled():\n    assert total(filled()) == 3\n"
    candidate = make_candidate(f"{code}\n\n{used}", TOTAL, support=SHARED["helper"][0])
    before = b"def filled():\n    return [3]\n\n\ndef test_a():\n    assert filled()\n"
    refused = merge(TargetPlace(PATH, before), [candidate])
    assert isinstance(refused, Refused)
    assert "uses the name filled for something else" in refused.reason


def test_two_candidates_with_helpers_of_one_name_get_one_each_or_share_it(
    make_candidate: Callable[..., Candidate],
) -> None:
    first = make_candidate(SHARED["helper"][1], TOTAL, support=SHARED["helper"][0])
    same = make_candidate(SHARED["fixture"][1], TOTAL, support=SHARED["fixture"][0])
    other = make_candidate(
        "def test_pay():\n    assert pay(filled()) == 3\n",
        "from shop.cart import pay",
        of="shop.cart:pay",
        support="def filled():\n    return [3]\n",
    )
    merged = merge(TargetPlace(PATH, b""), [first, same, other])
    assert isinstance(merged, MergedFile), merged
    text = merged.after.decode()
    assert text.count("def filled():") == 1
    assert "def filled_for_pay():\n    return [3]\n" in text
    assert "assert pay(filled_for_pay()) == 3" in text
    assert "def cart():\n    return filled()\n" in text
