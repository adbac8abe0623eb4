"""How calls and checks are spelt: as a person writes them, and true when they run."""

import pytest

from sloptest_hook.generation.offline.bodies import body_lines
from sloptest_hook.generation.offline.checks import assertion
from sloptest_hook.generation.offline.grouping import Table, grouped
from sloptest_hook.values.observed import Argument, Check, ObservedCase, Relation


def arguments(*sources: str) -> tuple[Argument, ...]:
    return tuple(
        Argument(f"given_{at}", source, keyword=False) for at, source in enumerate(sources)
    )


def after(actual: str, expected: str) -> tuple[Check, ...]:
    return (Check(actual, Relation.EQUALS, expected),)


@pytest.mark.parametrize(
    ("call", "given", "line"),
    [
        pytest.param("cart.__setitem__", ('"a"', "3"), 'cart["a"] = 3', id="an item is set"),
        pytest.param("cart.__delitem__", ('"a"',), 'del cart["a"]', id="an item is deleted"),
        pytest.param("cart.__setitem__", ('"a"',), 'cart.__setitem__("a")', id="too few arguments"),
        pytest.param(
            "setattr", ("cart", '"limit"', "3"), "cart.limit = 3", id="an attribute is set"
        ),
        pytest.param("cart.pop", ('"a"',), 'cart.pop("a")', id="any other method"),
    ],
)
def test_a_special_method_is_called_by_its_statement(
    call: str, given: tuple[str, ...], line: str
) -> None:
    case = ObservedCase(call, arguments(*given), None, after("len(cart)", "1"))
    assert body_lines(case) == [f"    {line}", "", "    assert len(cart) == 1"]


def test_a_statement_that_raises_stands_in_the_block() -> None:
    check = Check("result", Relation.RAISES, "KeyError")
    lines = body_lines(ObservedCase("cart.__delitem__", arguments('"a"'), check))
    assert lines == ["    with pytest.raises(KeyError):", '        del cart["a"]']


def test_a_special_method_whose_result_is_checked_is_called_by_name() -> None:
    case = ObservedCase("cart.__delitem__", arguments('"a"'), Check("result", Relation.IS, "None"))
    assert body_lines(case) == ['    assert cart.__delitem__("a") is None']


@pytest.mark.parametrize(
    ("actual", "expected", "line"),
    [
        ('"a" in cart', "True", 'assert "a" in cart'),
        ('"a" in cart', "False", 'assert "a" not in cart'),
        ("hash(a) == hash(b)", "True", "assert hash(a) == hash(b)"),
        ("a == b", "False", "assert (a == b) is False"),
        ("cart.is_empty", "False", "assert cart.is_empty is False"),
        ('"a" in cart', "None", 'assert ("a" in cart) is None'),
    ],
)
def test_a_comparison_is_asserted_as_it_is_said(actual: str, expected: str, line: str) -> None:
    assert assertion(Check(actual, Relation.IS, expected)) == line


@pytest.mark.parametrize(
    "source",
    ["iter([1, 2])", "reversed([1])", "enumerate([1])", "itertools.count(1)", "[iter([1])]"],
)
def test_what_can_be_used_once_is_no_row(source: str) -> None:
    cases = [
        ObservedCase("total", arguments(given), Check("result", Relation.EQUALS, "3"))
        for given in (source, source.replace("1", "3"))
    ]
    assert not any(isinstance(unit, Table) for unit in grouped(cases))
