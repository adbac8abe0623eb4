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
    "before",
    [
        pytest.param((">>> f(1)", "1"), id="an example that is a claim of its own"),
        pytest.param((">>> f(1)", "<f object at 0x1>"), id="one that says nothing clear"),
        pytest.param((">>> f(1)",), id="one that shows nothing"),
    ],
)
def test_an_example_goes_on_from_all_before_it(before: tuple[str, ...]) -> None:
    claim = claims(*before, ">>> f(2)", "3")[-1]
    assert "    f(1)\n    assert (f(2)) == 3\n" in claim.test.code


def test_after_an_exception_a_docstring_goes_on() -> None:
    raises = (">>> f(-1)", "Traceback (most recent call last):", "ValueError: no")
    claim = claims(*raises, ">>> f(2)", "3")[-1]
    assert "        f(-1)\n    assert (f(2)) == 3\n" in claim.test.code


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("print(n)", id="it returns nothing"),
        pytest.param("print(n)\n    return None", id="it prints, and returns"),
        pytest.param("sys.stdout.write(n)\n    return n", id="it writes, and returns"),
        pytest.param("click.echo(n)\n    return n", id="it echoes"),
    ],
)
def test_what_an_example_shows_of_a_symbol_that_prints_may_be_printed(body: str) -> None:
    source = f'def f(n):\n    """Show it.\n\n    >>> f(1)\n    1\n    """\n    {body}\n'
    assert list(docstring_claims(replace(target_of("f"), source=source))) == []


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
