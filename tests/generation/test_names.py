"""Names of tests: the behaviour in words, all different, none too long."""

import pytest

from sloptest_hook.generation.offline.grouping import grouped
from sloptest_hook.generation.offline.names import LONGEST_NAME, free_word, names_of, subject_words
from sloptest_hook.generation.offline.shapes import shape_of
from sloptest_hook.values.observed import Argument, Check, ObservedCase, Relation

EQUALS, IS, RAISES = Relation.EQUALS, Relation.IS, Relation.RAISES


def case(
    relation: Relation, expected: str, message: str | None = None, **given: str
) -> ObservedCase:
    arguments = tuple(Argument(name, source, keyword=False) for name, source in given.items())
    return ObservedCase("f", arguments, Check("result", relation, expected, message))


@pytest.mark.parametrize(
    ("qualname", "words"),
    [
        ("slugify", "slugify"),
        ("_private", "private"),
        ("Cart.addItem", "cart_add_item"),
        ("HTTPServer.Handler.run", "http_server_handler_run"),
        ("Cart.__init__", "cart"),
        ("Cart.__eq__", "cart_equality"),
        ("Cart.__hidden", "cart_hidden"),
        ("größe", "gr_e"),
        ("__", "module"),
    ],
)
def test_a_symbol_is_named_in_snake_case(qualname: str, words: str) -> None:
    assert subject_words(qualname) == words


@pytest.mark.parametrize(
    ("observed", "name"),
    [
        (case(EQUALS, "''", text="''"), "test_f_of_empty_string"),
        (case(EQUALS, "1", n="0"), "test_f_of_zero"),
        (case(EQUALS, "1", n="5"), "test_f"),
        (case(EQUALS, "1", items="[]", start="5"), "test_f_with_empty_items"),
        (case(EQUALS, "1", text="'a\\nb'", start="5"), "test_f_with_multiline_text"),
        (case(IS, "False", text="''"), "test_f_returns_false_for_empty_string"),
        (case(IS, "None", text="'a'"), "test_f_returns_none"),
        (case(IS, "Color.RED", text="'a'"), "test_f_returns_red"),
        (case(RAISES, "ValueError", "no", n="-1"), "test_f_rejects_negative"),
        (case(RAISES, "ValueError", "no", n="-1", m="2"), "test_f_rejects_negative_n"),
        (case(RAISES, "TypeError", "no", value="None"), "test_f_rejects_none"),
        (case(RAISES, "KeyError", "'a'", names="{}"), "test_f_raises_key_error_for_empty_dict"),
        (case(RAISES, "CartError", "full", n="5"), "test_f_raises_cart_error"),
        (case(RAISES, "IndexError", "pop from empty list"), "test_f_raises_index_error"),
    ],
    ids=lambda value: value.removeprefix("test_f") if isinstance(value, str) else "",
)
def test_a_case_is_named_after_what_is_special_about_it(observed: ObservedCase, name: str) -> None:
    assert names_of([observed], "f") == (name,)


def test_the_special_case_is_called_special_and_the_plain_one_plain() -> None:
    units = [case(EQUALS, "0", n="0"), case(EQUALS, "1", n="5"), case(EQUALS, "1", n="7", m="2")]

    assert names_of(units, "f") == ("test_f_of_zero", "test_f", "test_f_with_n_7")


def test_a_keyword_is_named_with_its_value() -> None:
    def cased(source: str) -> ObservedCase:
        return ObservedCase(
            "f", (Argument("token", source, keyword=True),), Check("result", EQUALS, source)
        )

    units = [cased("None"), cased("''"), cased("'rc'"), case(EQUALS, "1")]

    assert names_of(units, "C.f") == (
        "test_c_f_without_token",
        "test_c_f_with_empty_token",
        "test_c_f_with_token_rc",
        "test_c_f",
    )


def test_a_method_is_named_after_what_its_receiver_was_made_with() -> None:
    units = [
        ObservedCase("v.size", (), Check("result", EQUALS, size), arrange=(f"v = V({made})",))
        for made, size in [("3", "8"), ("0", "9"), ("3, unit=''", "7")]
    ]

    assert names_of(units, "V.size") == (
        "test_v_size",
        "test_v_size_of_zero",
        "test_v_size_with_empty_unit",
    )


def test_errors_with_one_name_are_told_apart_by_their_messages() -> None:
    units = [
        case(RAISES, "IndexError", message) for message in ("part undefined", "negative index")
    ]

    assert names_of(units, "f") == (
        "test_f_raises_index_error_part_undefined",
        "test_f_raises_index_error_negative_index",
    )


def test_a_table_takes_the_plain_name() -> None:
    plain = (case(EQUALS, number, n=number) for number in "123")
    units = grouped([case(EQUALS, "2", n="1", m="1"), *plain])

    assert names_of(units, "f") == ("test_f_with_n_1", "test_f")


def test_names_differ_even_where_words_fail() -> None:
    odd = "lambda: 0"
    units = [
        ObservedCase("f", (), Check("result", EQUALS, odd), arrange=(f"x = {n}",)) for n in "abc"
    ]

    names = names_of(units, "f")

    assert names == ("test_f", "test_f_second", "test_f_third")


def test_names_are_not_too_long() -> None:
    words = "one two three"
    observed = case(EQUALS, "1", a_very_long_name_of_a_parameter_indeed=repr(words), b="2")
    special = case(EQUALS, "1", a_very_long_name_of_a_parameter_indeed="''", b="2")

    names = names_of([observed, special], "a_function_with_a_long_name")

    assert all(len(name) <= LONGEST_NAME for name in names)


@pytest.mark.parametrize(
    ("wanted", "avoided", "word"),
    [
        ("text", (), "text"),
        ("text", ("text",), "text_value"),
        ("request", (), "request_value"),
        ("class", (), "value"),
        ("_private", (), "private"),
        ("*", (), "value"),
        ("n", ("n", "n_value", "given_n"), "second_n"),
    ],
)
def test_a_parameter_hides_nothing(wanted: str, avoided: tuple[str, ...], word: str) -> None:
    assert free_word(wanted, avoided) == word


@pytest.mark.parametrize(
    ("source", "phrase"),
    [
        ("''", "empty string"),
        ("' '", "blank string"),
        ("' x '", "padded text"),
        ("'a\\nb\\n'", "several lines"),
        ("'Hello World'", "hello world"),
        ("'-1s'", None),
        ("'...'", "punctuation"),
        ("'größe'", "non-ASCII text"),
        ("'2024-01-02'", "2024 01 02"),
        ("b''", "empty bytes"),
        ("0", "zero"),
        ("-0.5", "negative"),
        ("0.5", "fraction"),
        ("2.0", "2"),
        ("5000", "large number"),
        ("True", "true"),
        ("None", "none"),
        ("[]", "empty list"),
        ("{}", "empty dict"),
        ("set()", "empty set"),
        ("(1,)", "single item"),
        ("{'a': 1, 'b': 2}", "two items"),
        ("[1, 2, 3, 4, 5]", "several items"),
        ("float('nan')", "nan"),
        ("Decimal('1')", "decimal"),
        ("Color.DARK_RED", "dark red"),
        ("a + b", None),
        ("not code at all", None),
    ],
)
def test_a_value_has_words(source: str, phrase: str | None) -> None:
    shape = shape_of(source)

    assert (shape.phrase if shape else None) == phrase
