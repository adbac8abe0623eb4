"""A record is a frozen, slotted dataclass in every way that somebody can see."""

import copy
import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from sloptest_hook.values import records


@records.dataclass(frozen=True, slots=True)
class Fast:
    first: int
    second: str = "two"
    third: list[int] = records.field(default_factory=list)

    @property
    def length(self) -> int:
        return len(self.third)

    def __contains__(self, number: int) -> bool:
        return number in self.third


@dataclasses.dataclass(frozen=True, slots=True)
class Plain:
    first: int
    second: str = "two"
    third: list[int] = dataclasses.field(default_factory=list)

    @property
    def length(self) -> int:
        return len(self.third)

    def __contains__(self, number: int) -> bool:
        return number in self.third


@records.dataclass(frozen=True, slots=True)
class FastOne:
    only: int


@dataclasses.dataclass(frozen=True, slots=True)
class PlainOne:
    only: int


@records.dataclass(frozen=True, slots=True)
class FastNone:
    pass


@dataclasses.dataclass(frozen=True, slots=True)
class PlainNone:
    pass


PAIRS: list[tuple[Any, Any, tuple[object, ...]]] = [
    (Fast, Plain, (1, "b", (3,))),
    (FastOne, PlainOne, (7,)),
    (FastNone, PlainNone, ()),
]


@pytest.mark.parametrize(("fast", "plain", "values"), PAIRS)
@pytest.mark.parametrize(
    "seen",
    [
        lambda of, values: repr(of(*values)).replace("Plain", "Fast"),
        lambda of, values: of(*values) == of(*values),
        lambda of, values: of(*values) != of(*values),
        lambda of, values: hash(of(*values)) == hash(of(*values)),
        lambda of, values: of(*values) == values,
        lambda of, _: of.__match_args__,
        lambda of, _: of.__slots__,
        lambda of, values: dataclasses.asdict(of(*values)),
        lambda of, values: dataclasses.astuple(of(*values)),
        lambda of, values: dataclasses.replace(of(*values)) == of(*values),
        lambda of, values: records.replace(of(*values)) == of(*values),
        lambda of, values: copy.deepcopy(of(*values)) == of(*values),
        lambda of, values: copy.copy(of(*values)) == of(*values),
        lambda of, _: [(each.name, each.default) for each in dataclasses.fields(of)],
        lambda of, values: hasattr(of(*values), "__dict__"),
    ],
)
def test_a_record_looks_like_a_dataclass(
    seen: Callable[[Any, tuple[object, ...]], object],
    fast: Any,
    plain: Any,
    values: tuple[object, ...],
) -> None:
    assert seen(fast, values) == seen(plain, values)


@pytest.mark.parametrize("of", [Fast, Plain])
def test_values_come_by_place_by_name_or_by_default(of: Any) -> None:
    assert of(1) == of(first=1, second="two", third=[])
    assert of(1, third=[4]).third == [4]
    assert of(1).third is not of(1).third
    assert 4 in of(1, third=[4])
    assert of(1, third=[4, 5]).length == 2


@pytest.mark.parametrize(
    ("of", "replace"),
    [(Fast, records.replace), (Fast, dataclasses.replace), (Plain, dataclasses.replace)],
)
def test_replace_changes_what_is_named_alone(of: Any, replace: Callable[..., Any]) -> None:
    assert replace(of(1, "b", [2]), second="c") == of(1, "c", [2])
    with pytest.raises(TypeError):
        replace(of(1), fourth=4)


@pytest.mark.parametrize("of", [Fast, Plain])
@pytest.mark.parametrize(
    "call",
    [
        lambda of: of(),
        lambda of: of(1, "b", [], 4),
        lambda of: of(1, first=2),
        lambda of: of(1, fourth=4),
    ],
    ids=["missing", "too many", "twice", "unknown"],
)
def test_wrong_values_are_a_type_error(call: Callable[[Any], object], of: Any) -> None:
    with pytest.raises(TypeError):
        call(of)


@pytest.mark.parametrize("of", [Fast, Plain])
def test_nothing_changes_it(of: Any) -> None:
    record = of(1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        record.first = 2
    with pytest.raises(dataclasses.FrozenInstanceError):
        del record.first
    assert record.first == 1


@pytest.mark.parametrize("of", [Fast, Plain])
def test_a_pattern_takes_it_apart(of: Any) -> None:
    match of(1, "b"):
        case of(1, second):
            assert second == "b"
        case _:
            pytest.fail("no match")


def test_records_of_two_classes_are_never_equal() -> None:
    other: object = PlainOne(1)
    assert other != FastOne(1)
    assert Fast(1, third=[1]) != Fast(1, third=[2])


def test_only_frozen_ones_with_slots_can_be_had() -> None:
    with pytest.raises(TypeError, match="frozen"):
        records.dataclass(frozen=False, slots=True)
