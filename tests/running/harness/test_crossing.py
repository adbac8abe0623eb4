"""Constructor calls are edited inside, and two of them become one."""

import random

import pytest

from sloptest_hook.running.harness.searching.crossing import crossed
from sloptest_hook.running.harness.searching.edits import mutated, neighbour, with_operand
from sloptest_hook.running.harness.searching.value import Bound, Trial, Value

CROSSED = [
    ("Timer(name='Ada')", "Timer(text='hi')", "Timer(name='Ada', text='hi')"),
    ("Timer()", "Timer(text='hi')", "Timer(text='hi')"),
    ("a.Timer(3)", "a.Timer(4, on=True)", "a.Timer(3, on=True)"),
]
NOT_CROSSED = [
    pytest.param("Timer(name='Ada')", "Timer(name='Bob')", id="nothing is lacking"),
    pytest.param("Timer()", "Clock(name='Bob')", id="of two classes"),
    pytest.param("Timer()", "Timer()", id="the same"),
    pytest.param("3", "Timer(on=True)", id="no call"),
    pytest.param("Timer(**options)", "Timer(on=True)", id="keywords that cannot be told"),
    pytest.param("Timer(", "Timer(on=True)", id="no expression"),
]


@pytest.mark.parametrize(("one", "other", "both"), CROSSED)
def test_the_second_gives_what_the_first_lacks(one: str, other: str, both: str) -> None:
    made = crossed(Value(one, imports=("import a",)), Value(other, imports=("import b",)))

    assert made is not None
    assert made.source == both
    assert made.imports == ("import a", "import b")


@pytest.mark.parametrize(("one", "other"), NOT_CROSSED)
def test_two_that_do_not_fit_stay_two(one: str, other: str) -> None:
    assert crossed(Value(one), Value(other)) is None


def test_an_operand_is_replaced_at_one_place_after_the_other() -> None:
    made = with_operand(Value("Version(1, 0, 1)"), 1, 7)

    assert [each.source for each in made] == ["Version(7, 0, 1)", "Version(1, 0, 7)"]


def test_a_text_with_letters_of_several_bytes_is_replaced_where_it_stands() -> None:
    made = with_operand(Value("Name('\u00e9t\u00e9', 'a')"), "a", "b")

    assert [each.source for each in made] == ["Name('\u00e9t\u00e9', 'b')"]


def test_true_is_not_the_number_one() -> None:
    assert with_operand(Value("Flag(True)"), 1, 7) == []


def test_constants_inside_a_call_are_edited_and_nothing_else() -> None:
    chance = random.Random(5)  # noqa: S311  the same each time
    value = Value("Version(1, 0, label='a')")
    for edit in (neighbour, mutated):
        made = [edit(value, chance) for _ in range(30)]
        sources = {each.source for each in made if each is not None}
        assert len(sources) > 3
        assert all(each.startswith("Version(") and "label=" in each for each in sources)
        assert all(each.edited for each in made if each is not None)


def test_a_call_without_constants_cannot_be_edited() -> None:
    chance = random.Random(5)  # noqa: S311  the same each time

    assert neighbour(Value("Version()"), chance) is None


def test_the_receiver_is_one_of_the_values_that_are_edited() -> None:
    chance = random.Random(5)  # noqa: S311  the same each time
    trial = Trial((Bound("x", Value("3")),), receiver=Value("Version(1)"), seed=True)
    made = [trial.edited(chance, neighbour) for _ in range(40)]

    edited = [each for each in made if each is not None]
    assert {each.receiver == trial.receiver for each in edited} == {True, False}
    assert {each.arguments == trial.arguments for each in edited} == {True, False}
    assert not any(each.seed for each in edited)


def test_a_trial_without_arguments_has_its_receiver_edited() -> None:
    chance = random.Random(5)  # noqa: S311  the same each time
    made = [Trial(receiver=Value("Version(1)")).edited(chance, neighbour) for _ in range(9)]

    assert any(each is not None for each in made)
