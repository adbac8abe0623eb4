"""A comparison that had one outcome only is come closer to, and given up after a while."""

import random

import pytest

from sloptest_hook.running.harness.searching.approach import Approach
from sloptest_hook.running.harness.searching.edits import neighbour
from sloptest_hook.running.harness.searching.operands import Pair
from sloptest_hook.running.harness.searching.value import Bound, Trial, Value


def trial(source: str) -> Trial:
    return Trial((Bound("x", Value(source)),))


def test_the_closest_trial_is_the_next_to_be_changed() -> None:
    approach = Approach()
    for source, distance in (("far", 9), ("near", 2), ("middle", 5)):
        approach.learn(trial(source), [Pair("Eq", distance, 0, 3)])

    assert approach.next() == trial("near")


def test_a_comparison_with_both_outcomes_is_done() -> None:
    approach = Approach()

    assert approach.learn(trial("a"), [Pair("Lt", 1, 2, 3)])
    assert not approach.learn(trial("b"), [Pair("Lt", 1, 3, 3)])
    assert approach.learn(trial("c"), [Pair("Lt", 3, 2, 3)])
    assert approach.next() is None


def test_comparisons_take_turns_and_are_given_up() -> None:
    approach = Approach()
    approach.learn(trial("a"), [Pair("Eq", 1, 2, 3)])
    approach.learn(trial("b"), [Pair("Eq", 1, 2, 4)])

    turns = [approach.next() for _ in range(200)]

    assert turns[:3] == [trial("a"), trial("b"), trial("a")]
    assert turns[-1] is None


@pytest.mark.parametrize(
    "pair",
    [
        Pair("isinstance", 3, int, 1),
        Pair("In", "a", "b", 1),
        Pair("Lt", "a", 3, 1),
        Pair("startswith", "a", "b", 1),
    ],
)
def test_what_operands_do_not_tell_is_left_alone(pair: Pair) -> None:
    approach = Approach()

    assert not approach.learn(trial("a"), [pair])
    assert approach.next() is None


def test_numbers_too_far_apart_for_a_float_are_far() -> None:
    approach = Approach()
    approach.learn(trial("huge"), [Pair("Eq", 10**400, 0.5, 1)])
    approach.learn(trial("near"), [Pair("Eq", 1.0, 0.5, 1)])

    assert approach.next() == trial("near")


@pytest.mark.parametrize(
    ("source", "kind"),
    [("'12-ab'", str), ("[1, 2]", list), ("{'a': 1}", dict), ("3", int), ("(1.5,)", tuple)],
)
def test_a_neighbour_has_the_same_shape(source: str, kind: type) -> None:
    chance = random.Random(3)  # noqa: S311  the same each time
    near = [neighbour(Value(source), chance) for _ in range(40)]
    values = [eval(each.source) for each in near if each is not None]  # noqa: S307  literals of ours

    assert values
    assert all(type(each) is kind for each in values)
    if kind is not int:
        assert {len(each) for each in values} == {len(eval(source))}  # noqa: S307  as above


def test_letters_stay_letters_and_digits_digits() -> None:
    chance = random.Random(3)  # noqa: S311  the same each time
    for _ in range(60):
        made = neighbour(Value("'1aB'"), chance)
        if made is not None:
            assert made.source[1].isdigit()
            assert made.source[2].islower()
            assert made.source[3].isupper()
