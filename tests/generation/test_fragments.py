"""Fragments of source: one line, black's quotes, substitution."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sloptest_hook.generation.offline.fragments import (
    normal_expression,
    normal_statement,
    quoted,
    substituted,
)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("'a'", '"a"', id="double quotes"),
        pytest.param("'say \"hi\"'", "'say \"hi\"'", id="single quotes save escapes"),
        pytest.param("'both \" and \\''", '"both \\" and \'"', id="as many of both"),
        pytest.param("b'\\x00'", 'b"\\x00"', id="bytes"),
        pytest.param("'back\\\\slash'", '"back\\\\slash"', id="backslash"),
        pytest.param("f( a,b = 1 )", "f(a, b=1)", id="spaces"),
        pytest.param("2 ** 10", "2**10", id="simple power"),
        pytest.param("f(2) ** 10", "f(2) ** 10", id="power of a call"),
        pytest.param("'2 ** 10'", '"2 ** 10"', id="power inside a string"),
        pytest.param("{'a': ('b',)}", '{"a": ("b",)}', id="nested"),
        pytest.param("x = 1", "x = 1", id="no expression"),
    ],
)
def test_an_expression_is_written_as_black_writes_it(source: str, expected: str) -> None:
    assert normal_expression(source) == expected


def test_a_statement_that_does_not_parse_is_left_as_it_is() -> None:
    assert normal_statement("x = = 1") == "x = = 1"


@given(st.text() | st.binary())
def test_a_quoted_literal_is_the_value(value: str | bytes) -> None:
    assert ast.literal_eval(quoted(value)) == value


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("cart.add(item)", "basket.add(item)", id="receiver"),
        pytest.param("cart = Cart()", "basket = Cart()", id="bound"),
        pytest.param("f('cart', x.cart)", 'f("cart", x.cart)', id="neither string nor attribute"),
        pytest.param("*cart", "*basket", id="starred"),
        pytest.param("cart +", "cart +", id="no code"),
    ],
)
def test_names_are_substituted(source: str, expected: str) -> None:
    assert substituted(source, {"cart": "basket"}) == expected


def test_a_bound_name_is_not_replaced_by_an_attribute() -> None:
    assert substituted("f = f(1)", {"f": "shop.f"}) == "f = shop.f(1)"
