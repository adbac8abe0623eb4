"""Calls found in modules, call sites and docstrings."""

import textwrap
from pathlib import PurePosixPath

import pytest

from sloptest_hook.generation.offline.seeds import seed_calls
from sloptest_hook.values.coverage import CoverageStatus, CoverageVerdict, Evidence
from sloptest_hook.values.observed import SeedCall
from sloptest_hook.values.plan import Target
from sloptest_hook.values.source import LineRange, Symbol, SymbolKind

FUNCTION = "def total(prices, discount=0): ...\n"
CLASS = "class Cart:\n    def __init__(self, owner): ...\n    def add(self, name): ...\n"


def target_of(qualname: str, source: str, *call_sites: str) -> Target:
    path = PurePosixPath("shop/cart.py")
    symbol = Symbol(path, qualname, SymbolKind.FUNCTION, LineRange(1, 1), "f")
    verdict = CoverageVerdict(symbol, CoverageStatus.UNCOVERED, Evidence.MEASURED)
    return Target(verdict, "shop.cart", source, call_sites)


def found(qualname: str, source: str, *call_sites: str) -> list[tuple[tuple[str, ...], str]]:
    target = target_of(qualname, source, *map(textwrap.dedent, call_sites))
    return [(seed.arrange, seed.call) for seed in seed_calls(target)]


@pytest.mark.parametrize(
    "call_site",
    [
        pytest.param("from shop.cart import total\ntotal([1, 2])", id="from import"),
        pytest.param("from shop.cart import total as t\nt([1, 2])", id="alias"),
        pytest.param("from shop import cart as c\nc.total([1, 2])", id="module alias"),
        pytest.param("import shop.cart\nshop.cart.total([1, 2])", id="dotted module"),
        pytest.param("import shop.cart as c\nc.total([1, 2])", id="dotted alias"),
        pytest.param("from .cart import total\ntotal([1, 2])", id="relative module"),
        pytest.param("from . import cart\ncart.total([1, 2])", id="relative package"),
        pytest.param("from shop import total\ntotal([1, 2])", id="passed on by the package"),
        pytest.param("from shop.cart import *\ntotal([1, 2])", id="star"),
        pytest.param(
            "def f():\n    from shop.cart import total\n    return total([1, 2])", id="local"
        ),
    ],
)
def test_a_call_is_found_under_every_spelling(call_site: str) -> None:
    assert found("total", FUNCTION, call_site) == [((), "total([1, 2])")]


@pytest.mark.parametrize(
    "call_site",
    [
        pytest.param("from other import total\ntotal([1])", id="another total"),
        pytest.param("total([1])", id="imported from nowhere"),
        pytest.param("from shop.cart import total\ndef f(x): total(x)", id="parameter"),
        pytest.param("from shop.cart import total\nfor x in y: total(x)", id="loop variable"),
        pytest.param("from shop.cart import total\nwith f() as x: total(x)", id="with"),
        pytest.param("from shop.cart import total\na, b = f()\ntotal(a)", id="unpacked"),
        pytest.param("from shop.cart import total\nasync def f(): total(await g())", id="await"),
        pytest.param(
            "from shop.cart import total\ndef helper(): ...\ntotal(helper())", id="helper"
        ),
        pytest.param("from shop.cart import total\ntotal([", id="syntax error"),
    ],
)
def test_a_call_with_unknown_values_is_left_alone(call_site: str) -> None:
    assert found("total", FUNCTION, call_site) == []


def test_assignments_before_the_call_are_taken_along() -> None:
    call_site = """
        from shop.cart import total

        BASE = [1, 2]

        def test_total():
            unused = 3
            prices = BASE + [3]
            prices.append(4)
            assert total(prices, discount=10) == 9
    """

    assert found("total", FUNCTION, call_site) == [
        (("BASE = [1, 2]", "prices = BASE + [3]", "prices.append(4)"), "total(prices, discount=10)")
    ]


def test_imports_that_values_need_are_taken_along() -> None:
    call_site = "from decimal import Decimal\nfrom shop import cart\ncart.total([Decimal('1')])"

    assert seed_calls(target_of("total", FUNCTION, call_site)) == (
        SeedCall(
            (),
            ("from decimal import Decimal", "from shop.cart import total"),
            'total([Decimal("1")])',
            "call site",
        ),
    )


def test_names_of_the_module_are_imported_from_it() -> None:
    source = FUNCTION + "PRICES = [1]\ndef main():\n    print(total(PRICES))\n"

    (seed,) = seed_calls(target_of("total", source))

    assert (seed.arrange, seed.call) == ((), "total(PRICES)")
    assert seed.imports == ("from shop.cart import PRICES, total",)


@pytest.mark.parametrize(
    ("qualname", "call_site", "expected"),
    [
        pytest.param(
            "Cart.add",
            "cart = Cart('Ann')\ncart.add('tea')\ncart.add('milk')",
            [
                (('cart = Cart("Ann")',), 'cart.add("tea")'),
                (('cart = Cart("Ann")', 'cart.add("tea")'), 'cart.add("milk")'),
            ],
            id="method with its state",
        ),
        pytest.param(
            "Cart.add", "Cart('Ann').add('tea')", [((), 'Cart("Ann").add("tea")')], id="on the fly"
        ),
        pytest.param("Cart.parse", "Cart.parse('Ann:')", [((), 'Cart.parse("Ann:")')], id="class"),
        pytest.param("Cart.__init__", "Cart('Ann')", [((), 'Cart("Ann")')], id="constructor"),
        pytest.param(
            "Cart.add",
            "cart = Cart.parse('Ann:')\ncart.add('tea')",
            [(('cart = Cart.parse("Ann:")',), 'cart.add("tea")')],
            id="made by a class method",
        ),
        pytest.param("Cart.add", "basket = Other()\nbasket.add('tea')", [], id="another class"),
    ],
)
def test_methods_are_found_by_their_receiver(
    qualname: str, call_site: str, expected: list[tuple[tuple[str, ...], str]]
) -> None:
    assert found(qualname, CLASS, f"from shop.cart import Cart\n{call_site}") == expected


def test_doctests_come_first_whatever_they_print() -> None:
    source = '''
def total(prices, discount=0):
    """Add up.

    >>> prices = [1,
    ...     2]
    >>> total(prices)
    3
    >>> total(
    oops
    >>> total(None)
    Traceback (most recent call last):
    """

def main():
    total([9])
'''

    seeds = seed_calls(target_of("total", source))

    assert [(seed.arrange, seed.call, seed.origin) for seed in seeds] == [
        (("prices = [1, 2]",), "total(prices)", "doctest"),
        ((), "total(None)", "doctest"),
        ((), "total([9])", "call site"),
    ]


def test_a_fenced_block_of_a_docstring_counts_as_a_doctest() -> None:
    source = (
        f'"""Use it:\n\n```python\nfrom shop.cart import total\ntotal([5])\n```\n"""\n{FUNCTION}'
    )

    (seed,) = seed_calls(target_of("total", source))

    assert (seed.call, seed.origin) == ("total([5])", "doctest")


def test_a_call_is_given_once_and_twenty_are_enough() -> None:
    twice = "from shop.cart import total\ntotal([0])\ntotal([0])\n"
    many = "".join(f"total([{number}])\n" for number in range(50))

    assert len(found("total", FUNCTION, twice)) == 1
    assert len(found("total", FUNCTION, twice + many)) == 20


@pytest.mark.parametrize("place", ["os.environ", "sys.path", "sys.modules"])
def test_a_call_with_what_differs_between_machines_is_left_alone(place: str) -> None:
    call_site = f"import os, sys\nfrom shop.cart import total\ntotal({place})\ntotal([1, 2])"

    assert found("total", FUNCTION, call_site) == [((), "total([1, 2])")]
