"""The drawings of ``insertions.txt``, and the candidates that they merge."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sloptest_hook.values.candidate import Candidate

TABLE = Path(__file__).with_name("insertions.txt").read_text("utf-8")
TOTAL = "from shop.cart import total"
TWO = "def test_total_of_two():\n    assert total([1, 2]) == 3\n"
NONE = "def test_total_of_none():\n    assert total([]) == 0\n"
PI = "def test_total_of_pi():\n    with pytest.raises(ValueError):\n        total([math.pi])\n"

# name -> symbol, imports, code
CANDIDATES = {
    "total": ("shop.cart:total", (TOTAL,), TWO),
    "two tests": ("shop.cart:total", (TOTAL,), f"{TWO}\n\n{NONE}"),
    "unused imports": ("shop.cart:total", ("import pytest", "import math", TOTAL), TWO),
    "future": ("shop.cart:total", ("from __future__ import annotations", TOTAL), TWO),
    "raises": ("shop.cart:total", ("import math", "import pytest", TOTAL), PI),
    "many imports": (
        "shop.cart:total",
        ("import math", "import numpy", "import pytest", TOTAL),
        PI.replace("math.pi", "math.pi, numpy.nan"),
    ),
    "pytest is missing": (
        "shop.cart:total",
        (TOTAL,),
        "def test_total_of_none():\n    with pytest.raises(TypeError):\n        total(None)\n",
    ),
    "math": (
        "shop.cart:total",
        ("import math", TOTAL),
        "def test_total_of_pi():\n    assert total([math.pi]) > 3\n",
    ),
    "local": (
        "shop.cart:total",
        ("import math", TOTAL),
        "def test_total_of_m():\n    m = 3\n    assert total([math.floor(m)]) == 3\n",
    ),
    "text": (
        "shop.cart:total",
        (TOTAL,),
        'def test_total_of_text():\n    assert total("""1\n2""") == 3\n',
    ),
    "json": (
        "shop.cart:total",
        ("import json", TOTAL),
        "def test_total_of_json():\n    assert total(json.dumps([1])) == 1\n",
    ),
    "dotted": (
        "shop.cart:total",
        ("import shop.cart",),
        TWO.replace("total([", "shop.cart.total(["),
    ),
    "sum": (
        "shop.cart:sum",
        ("from shop.cart import sum",),
        "def test_sum_of_two():\n    assert sum([1, 2]) == 4\n",
    ),
    "limit": (
        "shop.cart:total",
        ("from shop.cart import LIMIT",),
        "def test_limit():\n    assert LIMIT == 3\n",
    ),
    "basket": (
        "shop.basket:Cart.total",
        ("from shop.basket import Cart",),
        "def test_cart_is_empty():\n    assert Cart().total() == 0\n",
    ),
    "method": (
        "shop.cart:Cart.add",
        ("from shop.cart import Cart",),
        "def test_cart_add(tmp_path):\n    assert Cart().add(1) is None\n",
    ),
    "collected": (
        "shop.cart:test_total",
        ("from shop.cart import test_total",),
        "def test_test_total_of_two():\n    assert test_total([1, 2]) == 3\n",
    ),
}

CART = "def filled():\n    return [1, 2]\n"
FIXTURE = "@pytest.fixture\ndef cart():\n    return filled()\n"
OF_CART = "def test_total_of_cart(cart):\n    assert total(cart) == 3\n"
USING = '@pytest.mark.usefixtures("cart")\ndef test_total_of_none():\n    assert total([]) == 0\n'

# What the tests of a candidate share, with the tests.
SHARED = {
    "helper": (CART, "def test_total_of_filled():\n    assert total(filled()) == 3\n"),
    "fixture": (f"{CART}\n\n{FIXTURE}", OF_CART),
    "fixture by string": (f"{CART}\n\n{FIXTURE}", USING),
    "constant": ("PRICES = [1, 2]\n", "def test_prices():\n    assert total(PRICES) == 3\n"),
    "parameters": (
        "PRICES = [1, 2]\n",
        '@pytest.mark.parametrize("n", PRICES)\ndef test_price(n):\n    assert total([n]) == n\n',
    ),
    "class": (
        "class Cart(list):\n    def pay(self):\n        return Cart()\n",
        "def test_total_of_a_paid_cart():\n    assert total(Cart([1]).pay()) == 0\n",
    ),
    "unused": (CART, TWO),
    "recursive": (
        "def filled(n=2):\n    return [n, *filled(n - 1)] if n else []\n",
        "def test_total_of_filled():\n    assert total(filled()) == 3\n",
    ),
}
CANDIDATES |= {name: ("shop.cart:total", (TOTAL,), code) for name, (_, code) in SHARED.items()}


def drawn_candidate(make: Callable[..., Candidate], name: str) -> Candidate:
    """Return one of the candidates above."""
    of, imports, code = CANDIDATES[name]
    return make(code, *imports, of=of, support=SHARED.get(name, ("", ""))[0])


def drawn_cases() -> Iterator[object]:
    """Yield candidate, bytes before, bytes after."""
    for name, candidate, drawing in re.findall(
        r"^=== (.+) / (.+)\n((?:[|+].*\n)+)", TABLE, re.MULTILINE
    ):
        before = "".join(line[1:] for line in drawing.splitlines(keepends=True) if line[0] == "|")
        after = "".join(line[1:] for line in drawing.splitlines(keepends=True))
        yield pytest.param(candidate, before.encode(), after.encode(), id=name)
