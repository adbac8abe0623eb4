from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

import pytest

from sloptest_hook.merging.place import fresh_sibling, place_of
from sloptest_hook.merging.suite import PYTHON_FILES, read_suite


def placed(
    target: str,
    module: str,
    tests: Mapping[str, str],
    *,
    files: Sequence[str] = (),
    tests_dir: str = "tests",
    patterns: tuple[str, ...] = PYTHON_FILES,
) -> str:
    paths = {PurePosixPath(path): text for path, text in tests.items()}
    suite = read_suite(
        [PurePosixPath(target), *paths, *map(PurePosixPath, files)],
        paths,
        tests_dir=PurePosixPath(tests_dir),
        import_roots=[PurePosixPath("src"), PurePosixPath()],
        python_files=patterns,
    )
    return str(place_of(PurePosixPath(target), module, suite))


CART = ("src/shop/cart.py", "shop.cart")
BY_NAME = "from shop.cart import total\n"
MONEY = "from shop.money import Money\n"
MONEY_FILE = "src/shop/money.py"

WITHOUT_TESTS = [
    pytest.param(*CART, "tests/shop/test_cart.py", id="a source layout"),
    pytest.param("shop/cart.py", "shop.cart", "tests/shop/test_cart.py", id="a flat layout"),
    pytest.param("cart.py", "cart", "tests/test_cart.py", id="a module at the root"),
    pytest.param("shop/__init__.py", "shop", "tests/test_shop.py", id="a package"),
    pytest.param("shop/a/__init__.py", "shop.a", "tests/shop/test_a.py", id="a package inside"),
    pytest.param(
        "shop/__main__.py", "shop.__main__", "tests/shop/test_main.py", id="a main module"
    ),
    pytest.param("shop/_cart.py", "shop._cart", "tests/shop/test_cart.py", id="a private module"),
    pytest.param("src/a/b/c.py", "a.b.c", "tests/a/b/test_c.py", id="a deep module"),
]


@pytest.mark.parametrize(("target", "module", "expected"), WITHOUT_TESTS)
def test_without_tests_the_packages_are_mirrored(target: str, module: str, expected: str) -> None:
    assert placed(target, module, {}) == expected


OF_ONE_PACKAGE = [
    pytest.param(*CART, "tests/test_cart.py", id="a module"),
    pytest.param("src/shop/__init__.py", "shop", "tests/test_shop.py", id="the package"),
    pytest.param("src/shop/a/b.py", "shop.a.b", "tests/a/test_b.py", id="a package inside"),
    pytest.param("setup_tool.py", "setup_tool", "tests/test_setup_tool.py", id="beside it"),
]


@pytest.mark.parametrize(("target", "module", "expected"), OF_ONE_PACKAGE)
def test_without_tests_a_project_of_one_package_does_not_repeat_its_name(
    target: str, module: str, expected: str
) -> None:
    assert placed(target, module, {}, files=["src/shop/__init__.py", "setup.py"]) == expected


def test_without_tests_a_project_of_two_packages_repeats_their_names() -> None:
    files = ["src/shop/__init__.py", "src/bank/__init__.py"]
    assert placed(*CART, {}, files=files) == "tests/shop/test_cart.py"


EXISTING = [
    pytest.param({"tests/test_cart.py": BY_NAME}, "tests/test_cart.py", id="by prefix"),
    pytest.param({"tests/cart_test.py": BY_NAME}, "tests/cart_test.py", id="by suffix"),
    pytest.param({"src/shop/test_cart.py": BY_NAME}, "src/shop/test_cart.py", id="beside"),
    pytest.param(
        {"src/shop/tests/test_cart.py": "from ..cart import total\n"},
        "src/shop/tests/test_cart.py",
        id="by a relative import",
    ),
    pytest.param(
        {"tests/unit/shop/test_cart.py": "import shop.cart\n"},
        "tests/unit/shop/test_cart.py",
        id="in a deeper directory",
    ),
    pytest.param(
        {"tests/test_shop_cart.py": "from shop import cart\n"},
        "tests/test_shop_cart.py",
        id="by the dotted name",
    ),
    pytest.param(
        {"tests/test_cart.py": "from shop import Cart\n"},
        "tests/test_cart.py",
        id="through the package",
    ),
    pytest.param(
        {"tests/test_cart.py": "import importlib\nm = importlib.import_module('shop.cart')\n"},
        "tests/test_cart.py",
        id="by import_module",
    ),
    pytest.param(
        {"tests/test_cart.py": f"def test_a():\n    {BY_NAME}"},
        "tests/test_cart.py",
        id="within a function",
    ),
    pytest.param(
        {"tests/test_cart.py": BY_NAME, "tests/test_all.py": BY_NAME},
        "tests/test_cart.py",
        id="the name before the devotion",
    ),
    pytest.param(
        {"tests/test_cart.py": "from shop import x\n", "tests/shop/test_cart.py": BY_NAME},
        "tests/shop/test_cart.py",
        id="the module before the package",
    ),
    pytest.param({"tests/test_sums.py": BY_NAME}, "tests/test_sums.py", id="by devotion"),
    pytest.param(
        {"tests/test_sums.py": BY_NAME + MONEY}, "tests/test_sums.py", id="by near devotion"
    ),
    pytest.param(
        {"tests/test_money.py": MONEY + BY_NAME, "tests/test_sums.py": BY_NAME},
        "tests/test_sums.py",
        id="not what is named after another module",
    ),
    pytest.param(
        {"tests/test_cart.py": "<<<<<<< HEAD\n"}, "tests/test_cart.py", id="one that does not parse"
    ),
    pytest.param(
        {"tests/test_cart.py": "def test_a(client): pass\n"},
        "tests/test_cart.py",
        id="one that imports nothing",
    ),
]


@pytest.mark.parametrize(("tests", "expected"), EXISTING)
def test_an_existing_file_of_the_module_is_found(tests: Mapping[str, str], expected: str) -> None:
    assert placed(*CART, tests, files=[MONEY_FILE]) == expected


CONVENTIONS = [
    pytest.param({"tests/test_money.py": MONEY}, "tests/test_cart.py", id="flat"),
    pytest.param({"tests/unit/test_money.py": MONEY}, "tests/unit/test_cart.py", id="flat, deeper"),
    pytest.param({"tests/shop/test_money.py": MONEY}, "tests/shop/test_cart.py", id="mirrored"),
    pytest.param(
        {"tests/unit/shop/test_money.py": MONEY},
        "tests/unit/shop/test_cart.py",
        id="mirrored, deeper",
    ),
    pytest.param({"src/shop/test_money.py": MONEY}, "src/shop/test_cart.py", id="beside"),
    pytest.param(
        {"src/shop/tests/test_money.py": MONEY}, "src/shop/tests/test_cart.py", id="under"
    ),
    pytest.param({"tests/money_test.py": MONEY}, "tests/cart_test.py", id="suffixed"),
    pytest.param({"tests/test_story.py": "x = 1\n"}, "tests/test_cart.py", id="flat by looks"),
    pytest.param(
        {"tests/api/test_story.py": "x = 1\n"}, "tests/shop/test_cart.py", id="nothing to learn"
    ),
    pytest.param({"test/test_money.py": MONEY}, "test/test_cart.py", id="another directory"),
    pytest.param(
        {"tests/test_money.py": MONEY, "scripts/test_money.py": MONEY, "scripts/test_a.py": ""},
        "tests/test_cart.py",
        id="the tests' directory before another",
    ),
]


@pytest.mark.parametrize(("tests", "expected"), CONVENTIONS)
def test_a_new_file_follows_the_convention_in_use(tests: Mapping[str, str], expected: str) -> None:
    assert placed(*CART, tests, files=[MONEY_FILE]) == expected


def test_packages_below_the_top_one_are_mirrored_where_the_project_does_so() -> None:
    tests = {
        "tests/test_money.py": MONEY,
        "tests/api/test_routes.py": "import shop.api.routes\n",
    }
    files = [MONEY_FILE, "src/shop/api/routes.py"]
    place = placed("src/shop/api/views.py", "shop.api.views", tests, files=files)
    assert place == "tests/api/test_views.py"


NAMESAKES = [
    pytest.param(
        {"tests/test_cart.py": "import other.cart\n"},
        ["src/other/cart.py"],
        "tests/test_shop_cart.py",
        id="the file is another module's",
    ),
    pytest.param({}, ["src/other/cart.py"], "tests/shop/test_shop_cart.py", id="both are new"),
    pytest.param(
        {},
        ["src/other/cart.py", "tests/shop/__init__.py"],
        "tests/shop/test_cart.py",
        id="the directory is a package",
    ),
    pytest.param(
        {"tests/test_money.py": MONEY},
        ["src/other/cart.py", MONEY_FILE, "tests/__init__.py"],
        "tests/test_shop_cart.py",
        id="one directory for both, a package",
    ),
    pytest.param(
        {"tests/api/test_cart.py": "import requests\n", "tests/shop/test_money.py": MONEY},
        [MONEY_FILE],
        "tests/shop/test_shop_cart.py",
        id="the basename is taken elsewhere",
    ),
    pytest.param(
        {"tests/other/test_cart.py": "import other.cart\nimport shop.cart\n"},
        ["src/other/cart.py"],
        "tests/shop/test_shop_cart.py",
        id="a file that imports both lies with the other",
    ),
    pytest.param(
        {
            "tests/test_cart.py": "import other.cart\n",
            "tests/test_shop_cart.py": "import x.shop.cart",
        },
        ["src/other/cart.py", "src/x/shop/cart.py"],
        "tests/test_shop_cart_generated.py",
        id="every name is taken",
    ),
]


@pytest.mark.parametrize(("tests", "files", "expected"), NAMESAKES)
def test_two_modules_of_one_name_never_share_a_file(
    tests: Mapping[str, str], files: Sequence[str], expected: str
) -> None:
    assert placed(*CART, tests, files=files) == expected


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        pytest.param(("test_*.py",), "tests/shop/test_cart.py", id="the usual"),
        pytest.param(("*_test.py",), "tests/shop/cart_test.py", id="suffixed"),
        pytest.param(("check_*.py",), "tests/shop/check_cart.py", id="another word"),
        pytest.param(("*_spec.py", "tests.py"), "tests/shop/cart_spec.py", id="a specification"),
        pytest.param(("test*.py",), "tests/shop/test_cart.py", id="without underscore"),
        pytest.param(("*.py",), "tests/shop/test_cart.py", id="everything"),
        pytest.param(("test_*",), "tests/shop/test_cart.py", id="without suffix"),
    ],
)
def test_the_name_is_one_that_pytest_collects(patterns: tuple[str, ...], expected: str) -> None:
    assert placed(*CART, {}, patterns=patterns) == expected


def test_files_that_pytest_does_not_collect_teach_nothing() -> None:
    tests = {"tests/conftest.py": BY_NAME, "tests/helpers.py": BY_NAME}
    assert placed(*CART, tests) == "tests/shop/test_cart.py"


@pytest.mark.parametrize("tests_dir", ["qa", "qa/unit", "."])
def test_a_new_file_lies_in_the_configured_directory(tests_dir: str) -> None:
    expected = str(PurePosixPath(tests_dir) / "shop" / "test_cart.py")
    assert placed(*CART, {}, tests_dir=tests_dir) == expected


@pytest.mark.parametrize(
    ("path", "taken", "expected"),
    [
        pytest.param("tests/test_a.py", [], "tests/test_a_generated.py", id="the first"),
        pytest.param(
            "tests/test_a.py",
            ["tests/test_a_generated.py"],
            "tests/test_a_observed.py",
            id="the next",
        ),
        pytest.param(
            "tests/test_a.py", ["x/test_a_generated.py"], "tests/test_a_observed.py", id="elsewhere"
        ),
        pytest.param("a_test.py", [], "a_generated_test.py", id="suffixed"),
        pytest.param("a_spec.py", [], "a_generated_spec.py", id="a specification"),
        pytest.param("test_a_test.py", [], "test_a_test_generated.py", id="both"),
        pytest.param(
            "test_a.py",
            [f"test_a_{word}.py" for word in ("generated", "observed", "characterised")],
            "test_a_generated_2.py",
            id="the words are used up",
        ),
    ],
)
def test_a_fresh_sibling_has_a_name_of_its_own(path: str, taken: list[str], expected: str) -> None:
    assert str(fresh_sibling(PurePosixPath(path), list(map(PurePosixPath, taken)))) == expected


def test_a_main_module_is_no_namesake_of_main() -> None:
    files = frozenset(map(PurePosixPath, ["pkg/__init__.py", "pkg/__main__.py", "pkg/main.py"]))
    suite = read_suite(files, {}, tests_dir=PurePosixPath("tests"), import_roots=[PurePosixPath()])
    assert place_of(PurePosixPath("pkg/main.py"), "pkg.main", suite).name == "test_main.py"
