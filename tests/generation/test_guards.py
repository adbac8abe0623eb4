"""The condition under which a case ended is found in the code of the function."""

import pytest

from sloptest_hook.generation.offline.guards import guards_of
from sloptest_hook.generation.offline.names import names_of
from sloptest_hook.values.observed import Argument, Check, ObservedCase, Relation

SOURCE = """
def share(x, y=1):
    if y < 0:
        raise ValueError("y is negative")
    elif y == 0:
        raise ValueError(f"{y} is no divisor")
    if x is None or x == "":
        return None
    if x > 100:
        return 100
    return x / y


class Cart:
    def add(self, item):
        if not item:
            raise ValueError("empty")
        try:
            self.items.append(item)
        except AttributeError:
            raise ValueError("broken") from None
"""
PARAMETERS = {"share": ("x", "y"), "Cart.add": ("item",)}


def case(
    check: Check, *sources: str, qualname: str = "share", lines: tuple[int, ...] = ()
) -> ObservedCase:
    named = zip(PARAMETERS[qualname], sources, strict=False)
    arguments = tuple(Argument(name, source, keyword=False) for name, source in named)
    return ObservedCase(qualname.replace("Cart", "cart"), arguments, check, lines=lines)


def raised(message: str | None = None) -> Check:
    return Check("result", Relation.RAISES, "ValueError", message)


NONE = Check("result", Relation.IS, "None")


@pytest.mark.parametrize(
    ("observed", "expected"),
    [
        pytest.param(case(raised("y is negative"), "1", "-1"), "y_is_negative", id="by its text"),
        pytest.param(case(raised("0 is no divisor"), "1", "0"), "y_is_zero", id="by an f-string"),
        pytest.param(case(raised(), "1", "0", lines=(3, 6)), "y_is_zero", id="by its line"),
        pytest.param(case(raised(), "1", "0"), "", id="two statements it may have been"),
        pytest.param(case(NONE, "None", lines=(7, 8)), "x_is_none", id="which half: the first"),
        pytest.param(case(NONE, "''", lines=(7, 8)), "x_is_empty", id="which half: the second"),
        pytest.param(
            case(Check("result", Relation.EQUALS, "2"), "2", lines=(11,)), "", id="no condition"
        ),
    ],
)
def test_the_condition_of_a_case_is_found(observed: ObservedCase, expected: str) -> None:
    assert guards_of(SOURCE, "share").words(observed) == expected


@pytest.mark.parametrize(("message", "expected"), [("empty", "item_is_empty"), ("broken", "")])
def test_a_method_is_looked_into_and_a_handler_is_no_condition(message: str, expected: str) -> None:
    observed = case(raised(message), "''", qualname="Cart.add")

    assert guards_of(SOURCE, "Cart.add").words(observed) == expected


@pytest.mark.parametrize("source", ["", "def other(): pass", "def share(:", "class share: pass"])
def test_a_function_that_is_not_there_has_no_conditions(source: str) -> None:
    assert guards_of(source, "share").words(case(raised(), "1")) == ""


def test_tests_are_named_after_the_condition() -> None:
    units = [
        case(raised("y is negative"), "1", "-1"),
        case(raised("0 is no divisor"), "1", "0"),
        case(NONE, "None", lines=(8,)),
        case(Check("result", Relation.EQUALS, "100"), "200", lines=(10,)),
    ]

    assert names_of(units, "share", guards_of(SOURCE, "share")) == (
        "test_share_raises_value_error_when_y_is_negative",
        "test_share_raises_value_error_when_y_is_zero",
        "test_share_returns_none_when_x_is_none",
        "test_share",
    )


def test_a_result_that_is_the_argument_is_called_unchanged() -> None:
    unchanged = case(Check("result", Relation.EQUALS, "9.99"), "9.99", "0")
    plain = case(Check("result", Relation.EQUALS, "5"), "10", "2")

    assert names_of([unchanged, plain], "share") == (
        "test_share_with_zero_y_returns_x_unchanged",
        "test_share",
    )


def test_a_call_that_does_not_end_is_said_to_wait() -> None:
    scenario = (
        "async def scenario():\n    waiting = asyncio.ensure_future(gate.enter())\n"
        "    await asyncio.sleep(0)\n    return waiting.done()"
    )
    check = Check("result", Relation.IS, "False")
    unit = ObservedCase(
        "asyncio.run(scenario())",
        (),
        check,
        arrange=("gate = Gate()", scenario),
        is_property=True,
    )

    assert names_of([unit], "Gate.enter") == ("test_gate_enter_waits",)


def test_cases_that_differ_in_what_the_result_holds_are_named_after_it() -> None:
    def built(kind: str) -> ObservedCase:
        argument = Argument("section", f"SECTIONS[{len(kind)}]", keyword=False)
        check = Check("result.kind", Relation.EQUALS, repr(kind))
        return ObservedCase("build", (argument,), None, after=(check,))

    names = names_of([built("raises"), built("returns")], "build")

    assert names[1] == "test_build_gives_kind_returns"
