"""Names in printed tests: every one imported, none hidden."""

import sys
import types
from collections.abc import Iterator
from pathlib import PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sloptest_hook.generation.offline.render import rendered
from sloptest_hook.values.candidate import Candidate
from sloptest_hook.values.coverage import CoverageStatus, CoverageVerdict, Evidence
from sloptest_hook.values.observed import Argument, Check, Observations, ObservedCase, Relation
from sloptest_hook.values.plan import Target
from sloptest_hook.values.source import LineRange, Symbol, SymbolKind

MODULE = """
from decimal import Decimal
from .lines import Line
import os.path as osp
try:
    import tomllib
except ImportError:
    tomllib = None
def money(n): ...
class Cart: ...
"""


def candidate_of(*cases: ObservedCase, source: str = MODULE) -> Candidate:
    symbol = Symbol(
        PurePosixPath("shop/cart.py"), "money", SymbolKind.FUNCTION, LineRange(1, 1), "f"
    )
    verdict = CoverageVerdict(symbol, CoverageStatus.UNCOVERED, Evidence.MEASURED)
    return rendered(Target(verdict, "shop.cart", source), Observations("money", cases), "offline")


def case(argument: str, expected: str = "1", **more: tuple[str, ...]) -> ObservedCase:
    arguments = (Argument("n", argument, keyword=False),)
    return ObservedCase("money", arguments, Check("result", Relation.EQUALS, expected), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("argument", "imports"),
    [
        ("Decimal(1)", ("from decimal import Decimal", "from shop.cart import money")),
        ("Cart()", ("from shop.cart import Cart, money",)),
        ("Line()", ("from shop.cart import money", "from shop.lines import Line")),
        ("osp.sep", ("import os.path as osp", "from shop.cart import money")),
        ("tomllib", ("from shop.cart import money, tomllib",)),
        ("math.pi", ("import math", "from shop.cart import money")),
        ("len('a')", ("from shop.cart import money",)),
    ],
)
def test_a_name_is_imported_from_where_the_module_has_it(
    argument: str, imports: tuple[str, ...]
) -> None:
    assert candidate_of(case(argument)).imports == imports


def test_the_imports_of_a_case_come_first_and_unused_ones_are_left_out() -> None:
    observed = case("Decimal(1)", imports=("from cdecimal import Decimal", "import json"))

    assert candidate_of(observed).imports == (
        "from cdecimal import Decimal",
        "from shop.cart import money",
    )


def test_a_case_with_a_name_from_nowhere_is_left_out_with_a_note() -> None:
    candidate = candidate_of(case("nowhere"), case("1"))

    assert [test.name for test in candidate.tests] == ["test_money"]
    assert candidate.notes == ("a call of money left out: nothing says where nowhere comes from",)


def test_two_meanings_of_a_name_get_two_names() -> None:
    first = case("datetime(2024, 1, 2)", imports=("from datetime import datetime",))
    second = case("datetime.date(2024, 1, 2)", "2", imports=("import datetime",))

    candidate = candidate_of(first, second)

    assert candidate.imports == (
        "import datetime as datetime_module",
        "import pytest",
        "from datetime import datetime",
        "from shop.cart import money",
    )
    assert "datetime_module.date(2024, 1, 2), 2" in candidate.tests[0].code


def test_a_variable_does_not_hide_the_function() -> None:
    observed = ObservedCase(
        "money.add",
        (Argument("n", "1", keyword=False),),
        Check("result", Relation.EQUALS, "4"),
        arrange=("money = money(3)",),
    )

    (test,) = candidate_of(observed).tests

    assert test.code.splitlines()[1:] == [
        "    money_value = money(3)",
        "",
        "    assert money_value.add(1) == 4",
    ]


def test_a_function_called_result_is_not_hidden_by_its_result() -> None:
    check = Check("result.name", Relation.EQUALS, "'a'")
    observed = ObservedCase("result", (), None, after=(check, check))

    (test,) = candidate_of(observed, source="def result(): ...").tests

    assert "    outcome = result()" in test.code
    assert '    assert outcome.name == "a"' in test.code


def test_a_parameter_called_like_the_function_is_renamed() -> None:
    cases = [
        ObservedCase(
            "money",
            (Argument("money", number, keyword=True),),
            Check("result", Relation.EQUALS, number),
        )
        for number in "12"
    ]

    (test,) = candidate_of(*cases).tests

    assert "    assert money(money=money_value) == expected" in test.code


def test_six_checks_are_enough_and_the_type_goes_first() -> None:
    weak = Check("result", Relation.INSTANCE, "Cart")
    checks = [Check(f"result.a{number}", Relation.EQUALS, "1") for number in range(6)]
    observed = ObservedCase("money", (), None, after=(weak, *checks))

    (test,) = candidate_of(observed).tests

    assert test.code.count("assert ") == 6
    assert "isinstance" not in test.code


literals = st.recursive(
    st.integers()
    | st.booleans()
    | st.none()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=100),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=8,
)


@pytest.fixture(scope="module", autouse=True)
def identity_module() -> Iterator[None]:
    module = types.ModuleType("identity")
    exec("def same(value): return value", module.__dict__)  # noqa: S102
    sys.modules["identity"] = module
    yield
    del sys.modules["identity"]


@settings(deadline=None)
@given(st.lists(literals, min_size=1, max_size=5))
def test_printed_tests_of_the_identity_pass(values: list[object]) -> None:
    cases = [
        ObservedCase(
            "same",
            (Argument("value", repr(value), keyword=False),),
            Check("result", Relation.EQUALS, repr(value)),
            imports=("from identity import same",),
        )
        for value in values
    ]
    candidate = candidate_of(*cases)
    namespace: dict[str, object] = {}

    exec("\n".join([*candidate.imports, *(test.code for test in candidate.tests)]), namespace)  # noqa: S102

    assert sum(_run(namespace[test.name]) for test in candidate.tests) == len(
        set(map(repr, values))
    )


def _run(test: object) -> int:
    """Call a test function once for each of its rows; return how many there were."""
    assert callable(test)
    marks = getattr(test, "pytestmark", [])
    if not marks:
        test()
        return 1
    names, rows = marks[0].args
    for row in rows:
        cells = getattr(row, "values", row)
        if isinstance(names, str):
            cells = (cells,) if cells is row else cells
            names_of_cells = [names]
        else:
            names_of_cells = list(names)
        test(**dict(zip(names_of_cells, cells, strict=True)))
    return len(rows)
