import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sloptest_hook.generation.loose_json import complete_items, json_in
from sloptest_hook.generation.strict_json import BadReply

VALUE = {"tests": [{"code": "def test_a():\n    assert f('}') == \"{\"\n"}, {"code": "x"}]}
TEXT = json.dumps(VALUE)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(TEXT, id="alone"),
        pytest.param(f"```json\n{TEXT}\n```", id="a fence"),
        pytest.param(f"Here:\n```\n{TEXT}\n```\nBye.", id="a fence among words"),
        pytest.param(f"Sure! {TEXT} I hope that helps.", id="words"),
    ],
)
def test_the_one_object_is_found(text: str) -> None:
    assert json_in(text) == VALUE


@pytest.mark.parametrize(
    "text",
    ["", "no", "{", "}{", '{"a": 1, "a": 2}', 'see {"a": NaN} here', "[" * 5000, "{" * 5000],
    ids=ascii,
)
def test_what_is_no_object_stays_refused(text: str) -> None:
    assert isinstance(json_in(text[:300_000]), BadReply)


@given(cut=st.integers(0, len(TEXT)))
def test_of_a_text_that_was_cut_off_the_complete_items_are_kept(cut: int) -> None:
    found = list(complete_items(TEXT[:cut], "tests"))
    assert found == VALUE["tests"][: len(found)]
    first_ends = TEXT.index("}, {") + 1
    assert len(found) >= (cut >= first_ends)


def test_prose_with_many_braces_is_read_in_time() -> None:
    assert list(complete_items('{"tests": [' + "{" * 100_000, "tests")) == []
