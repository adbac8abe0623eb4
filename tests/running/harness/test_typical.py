"""Values that a person would pass: by the name of a parameter, by its docstring, by calls."""

import collections.abc
import decimal

import pytest

from sloptest_hook.running.harness.searching.told import by_kind, seeded_hints, told_hint
from sloptest_hook.running.harness.searching.typical import typical, typical_for
from sloptest_hook.running.harness.searching.value import STRAY, Bound, Trial, Value


@pytest.mark.parametrize(
    ("name", "hint", "first"),
    [
        ("price", float, "9.99"),
        ("unit_price", float, "9.99"),
        ("price", int, "100"),
        ("price", decimal.Decimal, 'Decimal("9.99")'),
        ("price", float | None, "9.99"),
        ("prices", list[float], "[9.99, 20.0]"),
        ("prices", tuple[float, ...], "(9.99, 20.0)"),
        ("prices", collections.abc.Iterable[float], "[9.99, 20.0]"),
        ("prices", dict[str, float], "{'apple': 9.99, 'pear': 20.0}"),
        ("ages", set[int], "{36, 17}"),
        ("count", int, "3"),
        ("first_name", str, "'Ada'"),
        ("names", list[str], "['Ada', 'Bob']"),
        ("name_prefix", str, "'pre'"),
        ("categories", list[str], "['books', 'toys']"),
        ("_url", str, "'https://example.com/a?b=1'"),
    ],
)
def test_a_value_fits_name_and_annotation(name: str, hint: object, first: str) -> None:
    value = typical_for(name, hint)[0]

    assert value.source == first
    assert value.origin == "name"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("price", str),
        ("frobnication", str),
        ("name", int),
        ("price", list[float]),
        ("class", list[float]),
        ("address", list[str]),
        ("prices", dict[int, float]),
        ("pairs", tuple[int, str]),
        ("price", object()),
    ],
)
def test_a_name_that_says_nothing_of_such_a_type_gives_nothing(name: str, hint: object) -> None:
    assert typical_for(name, hint) == []


@pytest.mark.parametrize(
    ("name", "first"),
    [("price", "9.99"), ("email", "'ann@example.com'"), ("names", "['Ada', 'Bob']")],
)
def test_without_a_type_the_name_alone_decides(name: str, first: str) -> None:
    assert typical(name)[0].source == first


@pytest.mark.parametrize(
    ("docstring", "hint"),
    [
        ("Args:\n    items (list of str): what to buy", list[str]),
        ("Args:\n    items (str, optional): what to buy", str),
        (":param str items: what to buy", str),
        (":param items: what to buy\n:type items: int or None", int),
        ("Parameters\n----------\nitems : dict\n    what to buy", dict),
        ("Args:\n    items (Basket): what to buy", None),
        ("Returns the items (str): all of them", None),
        ("", None),
    ],
)
def test_a_docstring_tells_the_type(docstring: str, hint: object) -> None:
    assert told_hint("items", docstring) == hint


def called_with(*sources: str) -> list[Trial]:
    return [Trial((Bound("x", Value(source)),)) for source in sources]


@pytest.mark.parametrize(
    ("sources", "hints"),
    [
        (("'a'", "'b'"), {"x": str}),
        (("1", "2.5"), {"x": float}),
        (("1", "'b'"), {}),
        (("range(3)",), {}),
        (("None",), {}),
    ],
)
def test_calls_tell_the_type_where_they_agree(
    sources: tuple[str, ...], hints: dict[str, object]
) -> None:
    assert seeded_hints(called_with(*sources)) == hints


def test_values_of_another_type_are_strays() -> None:
    values = [Value("'a'"), Value("3"), Value("compute()"), Value("None")]

    fitting, strays = by_kind(values, str)

    assert [value.source for value in fitting] == ["'a'", "compute()", "None"]
    assert [(value.source, value.origin) for value in strays] == [("3", STRAY)]
