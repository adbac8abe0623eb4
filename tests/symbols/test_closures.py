"""A test's own fingerprint: what it uses of the test files, and nothing else."""

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sloptest_hook.symbols.closures import Closure, Closures

NODE = "tests/test_cart.py::test_total"
TEST = """\
import os

import pytest

from shop.cart import discount, total
from tests.helpers import make_cart

LIMIT = 3


@pytest.fixture
def cart():
    return make_cart(LIMIT)


@pytest.mark.parametrize("sum_", [1, 2])
def test_total(cart, sum_):
    assert total(cart) == sum_


def test_other():
    assert discount(1, "x") == 1
"""
FILES = {
    "shop/__init__.py": "",
    "shop/cart.py": "def total(c): return 1\n",
    "tests/__init__.py": "",
    "tests/helpers.py": (
        "SIZE = 2\n\n\ndef make_cart(n):\n    return [n] * SIZE\n\n\ndef unused():\n    return 1\n"
    ),
    "tests/conftest.py": (
        "import pytest\n\n\n@pytest.fixture\ndef db():\n    return 1\n\n\n"
        "@pytest.fixture(autouse=True)\ndef clean():\n    yield\n"
    ),
    "tests/test_cart.py": TEST,
}


def closure(changes: dict[str, str] | None = None, node: str = NODE) -> Closure:
    files = {**FILES, **(changes or {})}
    paths = {PurePosixPath(name): text for name, text in files.items()}
    tests = {path: text for path, text in paths.items() if path.parts[0] == "tests"}
    found = Closures(tests, paths.keys()).of(node)
    assert found is not None
    return found


def changed(path: str, old: str, new: str) -> dict[str, str]:
    assert old in FILES[path]
    return {path: FILES[path].replace(old, new)}


IN_TEST = "tests/test_cart.py"
SAME = {
    "a comment": changed(IN_TEST, "LIMIT = 3", "# three\nLIMIT = 3"),
    "formatting": changed(IN_TEST, "total(cart) == sum_", "(\n        total( cart )==sum_\n    )"),
    "a docstring": changed(IN_TEST, "    assert total", "    '''Adds.'''\n    assert total"),
    "another test": changed(IN_TEST, 'discount(1, "x") == 1', 'discount(2, "x") == 2'),
    "another import": changed(IN_TEST, "discount, total", "total, discount"),
    "an unused helper": changed("tests/helpers.py", "    return 1", "    return 2"),
    "a fixture of others": changed("tests/conftest.py", "return 1", "return 2"),
    "the code under test": changed("shop/cart.py", "return 1", "return 2"),
    "an unused import": changed(IN_TEST, "import os", "import sys"),
    "a new test": changed(
        IN_TEST, "def test_other", "def test_new():\n    pass\n\n\ndef test_other"
    ),
}
OTHER = {
    "the body": changed(IN_TEST, "== sum_", "!= sum_"),
    "its table": changed(IN_TEST, "[1, 2]", "[1, 3]"),
    "its fixture": changed(IN_TEST, "make_cart(LIMIT)", "make_cart(LIMIT + 1)"),
    "a constant of its fixture": changed(IN_TEST, "LIMIT = 3", "LIMIT = 4"),
    "a helper in another file": changed("tests/helpers.py", "[n] * SIZE", "[n] + SIZE"),
    "a constant of the helper": changed("tests/helpers.py", "SIZE = 2", "SIZE = 3"),
    "an autouse fixture": changed("tests/conftest.py", "    yield", "    yield 1"),
    "where a name comes from": changed(IN_TEST, "from shop.cart import", "from shop.till import"),
    "a call at module level": changed(IN_TEST, "LIMIT = 3", 'LIMIT = 3\nos.chdir("/")'),
    "an environment variable": changed(IN_TEST, "LIMIT = 3", 'LIMIT = 3\nos.environ["A"] = "1"'),
    "a setup_module": changed(IN_TEST, "LIMIT = 3", "LIMIT = 3\n\n\ndef setup_module():\n    pass"),
    "a mark of the module": changed(IN_TEST, "LIMIT = 3", "LIMIT = 3\npytestmark = pytest.mark.x"),
    "an overriding fixture nearer": {
        "tests/conftest.py": FILES["tests/conftest.py"]
        + "\n\n@pytest.fixture(autouse=True)\ndef more():\n    yield\n"
    },
    "a hook in a conftest": {
        "tests/conftest.py": FILES["tests/conftest.py"]
        + "\n\ndef pytest_runtest_setup(item):\n    pass\n"
    },
}


def test_a_renamed_file_of_tests_keeps_the_fingerprint_unless_they_know_its_name() -> None:
    def renamed(text: str) -> bool:
        files = {name: each for name, each in FILES.items() if name != IN_TEST}
        paths = {PurePosixPath(name): each for name, each in files.items()}
        found = []
        for name in ("tests/test_cart.py", "tests/test_basket.py"):
            tree = {**paths, PurePosixPath(name): text}
            tests = {path: each for path, each in tree.items() if path.parts[0] == "tests"}
            one = Closures(tests, tree.keys()).of(f"{name}::test_total")
            assert one is not None
            found.append(one.fingerprint)
        return found[0] == found[1]

    assert renamed(TEST)
    assert not renamed(TEST.replace("LIMIT = 3", "LIMIT = len(__file__)"))


@pytest.mark.parametrize("changes", SAME.values(), ids=SAME)
def test_what_the_test_does_not_use_changes_nothing(changes: dict[str, str]) -> None:
    assert closure(changes).fingerprint == closure().fingerprint


@pytest.mark.parametrize("changes", OTHER.values(), ids=OTHER)
def test_what_the_test_uses_is_part_of_it(changes: dict[str, str]) -> None:
    assert closure(changes).fingerprint != closure().fingerprint


def test_a_test_relies_on_the_files_that_it_uses() -> None:
    there = {str(path) for path in closure().relies_on} & FILES.keys()
    # What the project's own file is like is remembered of its symbols.
    assert there == FILES.keys() - {"shop/__init__.py", "shop/cart.py"}


NOT_THERE = {
    "a conftest": "conftest.py",
    "a package around the tests": "__init__.py",
    "a package in place of a helper": "tests/helpers/__init__.py",
    "a package in place of the module under test": "shop/cart/__init__.py",
    "a module in place of the project's package": "tests/shop.py",
    "a package in place of the project's": "tests/shop/__init__.py",
    "a module in place of a library": "tests/pytest.py",
}


@pytest.mark.parametrize("path", NOT_THERE.values(), ids=NOT_THERE)
def test_a_test_relies_on_what_is_not_there(path: str) -> None:
    assert PurePosixPath(path) in closure().relies_on


def test_a_test_does_not_rely_on_what_could_shadow_a_module_that_pytest_itself_needs() -> None:
    assert not {"tests/os.py", "os.py"} & {str(path) for path in closure().relies_on}


def test_the_variants_of_a_test_share_its_closure() -> None:
    assert closure(node=f"{NODE}[1]") == closure(node=f"{NODE}[2]") == closure()


def test_a_renamed_module_changes_the_fingerprint_but_not_the_one_without_it() -> None:
    before = closure()
    files = {name: text for name, text in FILES.items() if name != "shop/cart.py"}
    files["shop/basket.py"] = FILES["shop/cart.py"]
    files[IN_TEST] = TEST.replace("shop.cart", "shop.basket")
    paths = {PurePosixPath(name): text for name, text in files.items()}
    tests = {path: text for path, text in paths.items() if path.parts[0] == "tests"}
    after = Closures(tests, paths.keys()).of(NODE)

    assert after is not None
    assert after.fingerprint != before.fingerprint
    assert after.without["shop.basket"] == before.without["shop.cart"]


CLASS = """\
import unittest

from shop.cart import total


class TestCart(unittest.TestCase):
    size = 3

    def setUp(self):
        self.cart = self.make()

    def make(self):
        return [1] * self.size

    def test_total(self):
        assert total(self.cart) == 3

    def test_other(self):
        assert total([]) == 0
"""
IN_CLASS = {
    "set-up": ("self.cart = self.make()", "self.cart = []", True),
    "a method that set-up calls": ("[1] * self.size", "[2] * self.size", True),
    "an attribute": ("size = 3", "size = 4", True),
    "the base": ("unittest.TestCase", "unittest.IsolatedAsyncioTestCase", True),
    "another test": ("total([]) == 0", "total([]) == 1", False),
}


@pytest.mark.parametrize(("old", "new", "matters"), IN_CLASS.values(), ids=IN_CLASS)
def test_of_a_class_the_test_uses_what_runs_for_it(old: str, new: str, *, matters: bool) -> None:
    node = "tests/test_class.py::TestCart::test_total"
    before = closure({"tests/test_class.py": CLASS}, node)
    after = closure({"tests/test_class.py": CLASS.replace(old, new)}, node)

    assert (before.fingerprint != after.fingerprint) is matters


@pytest.mark.parametrize(
    "node",
    ["tests/test_cart.py::test_gone", "tests/gone.py::test_a", "tests/test_cart.py", "README.md"],
)
def test_what_is_no_test_has_no_closure(node: str) -> None:
    paths = {PurePosixPath(name): text for name, text in FILES.items()}
    assert Closures(paths, paths.keys()).of(node) is None


ODD = {
    "does not parse": "def test_total(:\n",
    "null bytes": "def test_total(): pass\0\n",
    "deep": "x = " + "(" * 300 + ")" * 300 + "\ndef test_total(): pass\n",
    "star imports in a circle": "from tests.helpers import *\ndef test_total(): pass\n",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_an_odd_file_raises_nothing(text: str) -> None:
    files = {**FILES, IN_TEST: text, "tests/helpers.py": "from tests.test_cart import *\n"}
    paths = {PurePosixPath(name): each for name, each in files.items()}
    Closures(paths, paths.keys()).of(NODE)


@given(st.lists(st.integers(0, TEST.count("\n\n\n")), max_size=6), st.text("# abc", max_size=9))
def test_comments_and_blank_lines_between_statements_change_nothing(
    places: list[int], comment: str
) -> None:
    parts = TEST.split("\n\n\n")
    for place in places:
        parts[min(place, len(parts) - 1)] += f"\n\n# {comment}"

    assert closure({IN_TEST: "\n\n\n".join(parts)}).fingerprint == closure().fingerprint
