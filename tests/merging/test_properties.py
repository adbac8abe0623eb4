"""What must hold for every file, however odd: nothing of the user's is lost, nothing twice."""

import ast
import warnings
from collections.abc import Callable
from pathlib import PurePosixPath

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sloptest_hook.merging.append import append
from sloptest_hook.merging.structural import merge
from sloptest_hook.values.candidate import Candidate, MergedFile, Refused
from sloptest_hook.values.plan import TargetPlace

PATH = PurePosixPath("tests/test_cart.py")
HEADS = (
    "",
    "#!/usr/bin/env python\n",
    "# coding: utf-8\n",
    "# MIT\n\n",
    "'''Doc.\n\n'''\n",
    "\f\n",
)
PIECES = (
    "import os\n",
    "import os; import sys\n",
    "import os, \\\n    sys\n",
    "from shop.cart import Cart\n",
    "from shop.cart import total\n",
    "from shop.money import total\n",
    "from shop.cart import (\n    total,  # the sum\n)\n",
    "from shop.cart import (\n    Cart,\n    add,\n)\n",
    "from shop.cart import (  # all of it\n\tadd,\n\t# why\n\tzero,\n)\n",
    "import pytest as pt, json as j\n",
    "from helpers import *\n",
    "try:\n    import numpy\nexcept ImportError:\n    numpy = None\n",
    "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from shop.cart import total\n",
    "total = 3\n",
    "__all__ = ['test_a']\n",
    "if total: del total\n",
    "def filled():\n    return [1, 2]\n",
    "def filled(n=3):\n    return [n]\n",
    "filled_for_pay = 1\n",
    "cart = filled = None\n",
    "@pytest.fixture\ndef cart():\n    return filled()\n",
    "def test_a_cart(cart, filled):\n    assert cart\n",
    "@pytest.mark.usefixtures('cart')\ndef test_b():\n    filled()\n",
    "def set_up():\n    global total, Cart\n    total = Cart = 1\n",
    "def check():\n    assert total([1, 2]) == 3\n",
    "pytest = None; math = 1\n",
    "X = '''\n\ndef test_in_a_string():\n\n'''; y = 1\n",
    "def test_total():\n    assert 1\n",
    "def test_total_of_two():\n    assert total([1, 2]) == 3\n    # done\n",
    "def test_cart_add(): pass\n",
    "@pytest.mark.slow\n@other\ndef test_total_slowly(a, *, b=1):\n\treturn a\n",
    "async def test_total_later():\n    await x\n",
    "class TestTotal:\n    def test_none(self):\n        assert 1\n",
    "class TestCart(Base):\n\tdef test_none(self): pass\n",
    "class TestCartAdd:\n\n    x = 1\n\n    def test_total_of_two(self): pass\n    # end\n",
    "class TestTotal:\n  __test__ = False\n  def test_none(self): pass\n",
    "class TestTotal:\n  def test_none(self):\n    pass\n\n  # end\n",
    "class TestCart:\n\tdef test_none(self):\n\t\tpass\n",
    "if __name__ == '__main__':\n    main()\n",
    "if '__main__' == __name__: main()\n",
    "# a comment\n",
    "    # an indented comment\n",
    "\n",
    "\n\n\n",
    "   \n",
    "\f\n",
    "x = 1  # \\\n",
    "with open(__file__) as file: import json\n",
    "# fmt: off\n",
    "'text \u2028 \x85 \\d'\n",
)


@st.composite
def user_files(draw: st.DrawFn) -> bytes:
    """Return a file that parses, in an odd mixture of what test files hold."""
    text = draw(st.sampled_from(HEADS)) + "".join(draw(st.lists(st.sampled_from(PIECES))))
    if draw(st.booleans()):
        text = text.rstrip("\n")
    end = draw(st.sampled_from(("\n", "\r\n", "\r")))
    mark = draw(st.sampled_from((b"", b"\xef\xbb\xbf")))
    return mark + text.replace("\n", end).encode()


@pytest.fixture(scope="session")
def candidates(make_candidate: Callable[..., Candidate]) -> list[Candidate]:
    functions = make_candidate(
        "@pytest.mark.parametrize('n', [math.pi, 2])\n"
        "def test_total_of(n):\n    assert total([n]) == n\n\n\n"
        "def test_total_of_two():\n    assert total([1, 2]) == 3\n",
        "import math",
        "import pytest",
        "from shop.cart import total",
    )
    method = make_candidate(
        "def test_cart_add(tmp_path):\n    assert Cart(tmp_path).add('\u20ac') == json.loads\n",
        "import json",
        "from shop.cart import Cart",
        of="shop.cart:Cart.add",
    )
    shared = make_candidate(
        "def test_pay(cart):\n    assert pay(cart) == pay(filled())\n",
        "import pytest",
        "from shop.cart import pay",
        of="shop.cart:pay",
        support="def filled():\n    return [1, 2]\n\n\n"
        "@pytest.fixture\ndef cart():\n    return filled()\n",
    )
    return [functions, method, shared]


def without(after: bytes, before: bytes) -> bool:
    """Return whether taking lines out of ``after`` can give ``before``."""
    rest = iter(after.replace(b"\r", b"\n").removeprefix(b"\xef\xbb\xbf").split(b"\n"))
    old = before.replace(b"\r", b"\n").removeprefix(b"\xef\xbb\xbf").split(b"\n")
    return all(line in rest for line in old[:-1]) and (not old[-1] or old[-1] in rest)


def parsed(data: bytes) -> ast.Module:
    """Parse as the oldest Python that a project may have; later ones take what it takes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(data, feature_version=(3, 9))


def functions_of(data: bytes) -> list[tuple[str, str]]:
    functions = (
        n for n in ast.walk(parsed(data)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    return [(function.name, ast.dump(function)) for function in functions]


# No blank line between two classes: methods of the first and what tests share meet at one line.
TOUCHING = (
    b"class TestTotal:\n    def test_none(self):\n        assert 1\n"
    b"class TestCart(Base):\n\tdef test_none(self): pass\n"
)


@pytest.mark.parametrize("strategy", [merge, append])
@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@example(before=TOUCHING)
@given(before=user_files())
def test_a_merge_only_inserts_and_only_once(
    strategy: Callable[[TargetPlace, list[Candidate]], MergedFile | Refused],
    candidates: list[Candidate],
    before: bytes,
) -> None:
    merged = strategy(TargetPlace(PATH, before), candidates)
    assert isinstance(merged, MergedFile), merged
    assert without(merged.after, before)
    assert merged.after.count(b"\r") >= before.count(b"\r")
    assert merged.after.startswith(b"\xef\xbb\xbf") == before.startswith(b"\xef\xbb\xbf")
    assert strategy(TargetPlace(PATH, merged.after), candidates) == MergedFile(
        PATH, merged.after, merged.after, ()
    )


@pytest.mark.parametrize("strategy", [merge, append])
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(before=user_files())
def test_every_old_test_is_still_there_and_no_new_one_hides_it(
    strategy: Callable[[TargetPlace, list[Candidate]], MergedFile | Refused],
    candidates: list[Candidate],
    before: bytes,
) -> None:
    merged = strategy(TargetPlace(PATH, before), candidates)
    assert isinstance(merged, MergedFile), merged
    old, new = functions_of(before), functions_of(merged.after)
    for function in old:
        assert old.count(function) == new.count(function)
    names = [name for name, _ in old]
    for added in merged.added:
        assert added.name.rpartition("::")[2] not in names
    helpers = [name for name, _ in new if name not in names and not name.startswith("test")]
    assert len(new) == len(old) + len(merged.added) + len(helpers)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(before=st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_no_bytes_make_a_merge_fail_otherwise_than_by_refusing(
    candidates: list[Candidate], before: bytes
) -> None:
    merged = merge(TargetPlace(PATH, before), candidates)
    assert not isinstance(merged, MergedFile) or without(merged.after, before)
