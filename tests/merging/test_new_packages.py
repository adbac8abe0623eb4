"""``__init__.py``: only where the project's own test directories have it."""

from collections.abc import Sequence
from pathlib import PurePosixPath

import pytest

from sloptest_hook.merging.place import new_packages, place_of
from sloptest_hook.merging.suite import Suite, read_suite


def suite_of(files: Sequence[str]) -> Suite:
    paths = list(map(PurePosixPath, files))
    return read_suite(
        paths,
        {path: "" for path in paths if path.name.startswith("test")},
        tests_dir=PurePosixPath("tests"),
        import_roots=[PurePosixPath()],
    )


PACKAGES = [
    pytest.param("tests/shop/test_a.py", [], [], id="no tests at all"),
    pytest.param("tests/test_a.py", ["tests/__init__.py"], [], id="a directory that is there"),
    pytest.param(
        "tests/shop/test_a.py", ["tests/__init__.py"], ["tests/shop"], id="below a package"
    ),
    pytest.param(
        "tests/unit/shop/test_a.py",
        ["tests/__init__.py", "tests/api/__init__.py", "tests/api/test_b.py"],
        ["tests/unit", "tests/unit/shop"],
        id="two new directories",
    ),
    pytest.param("tests/shop/test_a.py", ["tests/test_b.py"], [], id="below no package"),
    pytest.param(
        "tests/shop/test_a.py",
        ["tests/__init__.py", "tests/api/test_b.py"],
        [],
        id="beside a directory that is none",
    ),
]


@pytest.mark.parametrize(("place", "files", "expected"), PACKAGES)
def test_a_new_directory_is_a_package_where_the_others_are(
    place: str, files: Sequence[str], expected: Sequence[str]
) -> None:
    made = [PurePosixPath(folder) / "__init__.py" for folder in expected]
    assert list(new_packages(PurePosixPath(place), suite_of(files))) == made


def test_namesakes_in_new_packages_keep_their_plain_names() -> None:
    suite = suite_of(["shop/cart.py", "other/cart.py", "tests/__init__.py"])
    place = place_of(PurePosixPath("shop/cart.py"), "shop.cart", suite)
    assert place == PurePosixPath("tests/shop/test_cart.py")
