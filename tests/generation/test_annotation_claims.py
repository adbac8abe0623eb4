"""A result that the return annotation rules out; only what can mean one thing is taken."""

import pytest

from sloptest_hook.generation.annotation_claims import annotation_claims
from sloptest_hook.values.observed import Argument, Check, ObservedCase, Relation
from sloptest_hook.values.records import replace
from tests.generation.test_engine import target_of


def case(expected: str, argument: str = "3", relation: Relation = Relation.EQUALS) -> ObservedCase:
    given = (Argument("n", argument, keyword=False),)
    return ObservedCase("f", given, Check("result", relation, expected))


def claimed(signature: str, *cases: ObservedCase, body: str = "return n") -> list[str]:
    """Return the tests of the claims, for a function ``f`` of this signature."""
    source = f"{signature}\n    {body}\n"
    claims, _ = annotation_claims(replace(target_of("f"), source=source), cases)
    return [each.test.code for each in claims]


CONTRADICTORY = [
    pytest.param("def f(n: int) -> str:", "None", "type(f(3)).__name__ in ['str']", id="nothing"),
    pytest.param("def f(n: int) -> list[int]:", "(1,)", "['list']", id="a container"),
    pytest.param("def f(n: int) -> bool:", "1", "['bool']", id="a number for a truth"),
    pytest.param("def f(n: int) -> 'str':", "3", "['str']", id="as a text"),
    pytest.param(
        "def f(n: int) -> int | None:", "'a'", "['NoneType', 'bool', 'int']", id="one of two"
    ),
    pytest.param("def f(n: float) -> Optional[str]:", "3", "['NoneType', 'str']", id="optional"),
    pytest.param("async def f(n: int) -> str:", "3", "", id="of a coroutine"),
]


@pytest.mark.parametrize(("signature", "expected", "asserted"), CONTRADICTORY)
def test_a_result_of_another_type_is_a_claim(signature: str, expected: str, asserted: str) -> None:
    if not asserted:
        waits = replace(case(expected), is_async=True)
        assert claimed(signature, waits) == []  # an event loop is no shortest call
        return
    (code,) = claimed(signature, case(expected))
    assert code.endswith(f"{asserted}\n")


FINE = [
    pytest.param("def f(n: int) -> str:", "'a'", id="the type itself"),
    pytest.param("def f(n: int) -> float:", "3", id="a whole number for a float"),
    pytest.param("def f(n: int) -> int:", "True", id="a truth for a number"),
    pytest.param("def f(n: int) -> str | None:", "None", id="nothing, where it may be"),
    pytest.param("def f(n: int) -> Money:", "3", id="a type that is not plain"),
    pytest.param("def f(n: int) -> str | Money:", "3", id="one of two is not plain"),
    pytest.param("def f(n: int):", "3", id="no annotation"),
    pytest.param("def f(n: int) -> str:", "Money(3)", id="a result that is not plain"),
    pytest.param("@cached\ndef f(n: int) -> str:", "3", id="a decorator may make another of it"),
    pytest.param("def f(n) -> str:", "3", id="an argument without annotation"),
    pytest.param("def f(n: str) -> str:", "3", id="called with another type itself"),
    pytest.param("def f(n: Money) -> str:", "3", id="called with what cannot be told"),
]


@pytest.mark.parametrize(("signature", "expected"), FINE)
def test_what_is_not_clear_is_no_claim(signature: str, expected: str) -> None:
    assert claimed(signature, case(expected)) == []


def test_a_generator_gives_an_iterator_whatever_it_yields() -> None:
    assert claimed("def f(n: int) -> str:", case("[3]"), body="yield n") == []


def test_an_exception_says_nothing_of_the_result() -> None:
    raised = case("ValueError", relation=Relation.RAISES)
    assert claimed("def f(n: int) -> str:", raised) == []


def test_one_claim_is_enough_and_no_case_bends_to_it() -> None:
    source = "def f(n: int) -> str:\n    return n\n"
    cases = (case("None"), case("'a'"), case("4"))
    claims, left = annotation_claims(replace(target_of("f"), source=source), cases)

    assert len(claims) == 1
    assert left == (cases[1],)
    assert (claims[0].expected, claims[0].actual, claims[0].call) == ("str", "None", "f(3)")
