"""Conditions in words: what a person would say after "when"."""

import ast
from collections.abc import Mapping

import pytest

from sloptest_hook.generation.offline.conditions import condition_words
from sloptest_hook.generation.offline.evaluation import UNKNOWN, value_of


def words(condition: str, known: Mapping[str, object] | None = None, *, holds: bool = True) -> str:
    return condition_words(ast.parse(condition, mode="eval").body, known or {}, holds=holds)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("y < 0", "y_is_negative"),
        ("0 <= y", ""),
        ("y <= 0", "y_is_not_positive"),
        ("y == 0", "y_is_zero"),
        ("prices == 0", "prices_are_zero"),
        ("age < 18", "age_is_below_18"),
        ("total >= limit", "total_is_at_least_limit"),
        ("kind == 'gold'", "kind_is_gold"),
        ("name == ''", "name_is_empty"),
        ("x is None", "x_is_none"),
        ("x is not None", "x_is_not_none"),
        ("kind not in RATES", "kind_is_not_in_rates"),
        ("kind not in ('a', 'b')", "kind_is_unknown"),
        ("len(items) == 0", "items_are_empty"),
        ("len(word) < 3", "word_is_shorter_than_3"),
        ("len(rows) != 2", "rows_have_not_length_2"),
        ("self.balance < amount", "balance_is_below_amount"),
        ("not isinstance(text, str)", "text_is_not_str"),
        ("isinstance(x, (int, float))", "x_is_int_or_float"),
        ("not callable(hook)", "hook_is_not_callable"),
        ("not hasattr(x, 'read')", "x_has_no_read"),
        ("not path.exists()", "path_does_not_exist"),
        ("not text.isdigit()", "text_is_not_digit"),
        ("not url.startswith('http')", "url_does_not_start_with_http"),
        ("not 0 <= share <= 1", "share_is_out_of_range"),
        ("not 0 <= amount <= self.limit", "amount_is_out_of_range"),
        ("not items", "items_are_missing"),
        ("x < 0 and y < 0", "x_is_negative_and_y_is_negative"),
        ("f(x) > g(y)", ""),
        ("x.a.b < 0", ""),
        ("x @ y", ""),
    ],
)
def test_a_condition_is_said_in_words(condition: str, expected: str) -> None:
    assert words(condition) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("y < 0", "y_is_not_negative"),
        ("x is None", "x_is_not_none"),
        ("not text", "text_is_given"),
        ("x < 0 or y < 0", "x_is_not_negative_and_y_is_not_negative"),
    ],
)
def test_the_opposite_is_said_of_what_did_not_hold(condition: str, expected: str) -> None:
    assert words(condition, holds=False) == expected


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"x": -1, "y": 3}, "x_is_negative"),
        ({"x": 1, "y": 13}, "y_is_above_12"),
        ({"x": 1}, "y_is_above_12"),
        ({}, ""),
    ],
)
def test_of_several_conditions_the_one_that_held_is_said(
    known: dict[str, int], expected: str
) -> None:
    assert words("x < 0 or y > 12", known) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("", "x_is_empty"), ([], "x_is_empty"), (0, "x_is_zero"), (None, "x_is_none")],
)
def test_a_name_alone_is_said_to_be_what_it_is(value: object, expected: str) -> None:
    assert words("not x", {"x": value}) == expected


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("x < 3", True),
        ("1 < x < 2", False),
        ("x in (1, 2)", True),
        ("not x", False),
        ("len(name) == 3", True),
        ("x == -2", False),
        ("x < name", UNKNOWN),
        ("x < y", UNKNOWN),
        ("x > 5 and y", False),
        ("x < 5 or y", True),
        ("x < 5 and y", UNKNOWN),
        ("f(x)", UNKNOWN),
    ],
)
def test_only_what_is_known_is_evaluated(expression: str, value: object) -> None:
    assert value_of(ast.parse(expression, mode="eval").body, {"x": 2, "name": "Ada"}) == value
