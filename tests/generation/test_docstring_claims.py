"""What a docstring shows, as tests; only what can mean one thing."""

import pytest

from sloptest_hook.generation.docstring_claims import docstring_claims
from sloptest_hook.values.candidate import Claim
from sloptest_hook.values.records import replace
from tests.generation.test_engine import target_of

SOURCE = 'def f(n=0):\n    """Return it.\n\n{}\n    """\n    return n\n'


def claims(*lines: str) -> list[Claim]:
    text = "\n".join(f"    {line}" for line in lines)
    return list(docstring_claims(replace(target_of("f"), source=SOURCE.format(text))))


def test_an_expression_and_a_literal_are_an_assertion() -> None:
    (claim,) = claims(">>> f(1)", "1")
    assert "assert (f(1)) == 1" in claim.test.code
    assert (claim.expected, claim.call) == ("1", "f(1)")
    assert "from shop import f" in claim.imports


def test_what_comes_before_is_arranged() -> None:
    (claim,) = claims(">>> n = 2", ">>> f(n)", "2")
    assert "    n = 2\n    assert (f(n)) == 2\n" in claim.test.code


def test_an_exception_is_expected_by_its_kind() -> None:
    (claim,) = claims(">>> f(-1)", "Traceback (most recent call last):", "ValueError: no")
    assert "with pytest.raises(ValueError):\n        f(-1)" in claim.test.code
    assert claim.expected == "raises ValueError: no"


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param((">>> print(f(1))", "one"), id="printed text"),
        pytest.param((">>> f(1)  # doctest: +SKIP", "1"), id="a directive"),
        pytest.param((">>> f(1)", "[1, ...]"), id="an ellipsis"),
        pytest.param((">>> f(1)", "<f object at 0x1>"), id="no literal"),
        pytest.param(("f(1) is 1",), id="no example"),
        pytest.param((">>>f(1)", "1"), id="no doctest"),
    ],
)
def test_what_may_mean_something_else_is_no_claim(lines: tuple[str, ...]) -> None:
    assert claims(*lines) == []


def test_of_a_long_docstring_the_first_examples_count() -> None:
    assert len(claims(*[line for n in range(9) for line in (f">>> f({n})", str(n))])) == 5
