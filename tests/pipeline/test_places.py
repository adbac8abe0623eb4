"""Candidates to files: where they go, and what else that takes."""

from collections.abc import Mapping
from pathlib import PurePosixPath

import pytest

from sloptest_hook.merging.style import Style
from sloptest_hook.merging.suite import read_suite
from sloptest_hook.pipeline.places import Merger
from sloptest_hook.values.candidate import MergedFile, Refused
from sloptest_hook.values.settings import MergeStrategy
from tests.pipeline.conftest import TESTS, candidate

PARTED = "from shop.cart import total\n\n\ndef test_total(:\n"


def merged(
    tree: Mapping[str, str], refused: Mapping[str, str] | None = None
) -> list[MergedFile | Refused]:
    files = {PurePosixPath(path): text.encode() for path, text in tree.items()}
    suite = read_suite(
        [*files, PurePosixPath("shop/cart.py")],
        {path: data.decode() for path, data in files.items() if path.name.startswith("test")},
        tests_dir=PurePosixPath("tests"),
        import_roots=[PurePosixPath()],
    )
    merger = Merger(
        suite,
        MergeStrategy.AST_MERGE,
        lambda paths: {path: files[path] for path in paths if path in files},
        lambda path: (refused or {}).get(str(path)),
        Style(),
    )
    return list(merger.merged([candidate("test_a")]))


def paths(answers: list[MergedFile | Refused]) -> list[str]:
    return [str(each.path) for each in answers]


def test_a_new_directory_among_packages_becomes_one() -> None:
    files = merged(
        {"tests/__init__.py": "", "tests/api/__init__.py": "", "tests/api/test_b.py": ""}
    )
    assert paths(files) == ["tests/shop/test_cart.py", "tests/shop/__init__.py"]
    assert files[1] == MergedFile(PurePosixPath("tests/shop/__init__.py"), None, b"", ())


def test_a_package_that_must_not_be_made_costs_no_test() -> None:
    tree = {"tests/__init__.py": "", "tests/api/__init__.py": "", "tests/api/test_b.py": ""}
    ignored = {"tests/shop/__init__.py": "is ignored by git"}
    assert paths(merged(tree, ignored)) == ["tests/shop/test_cart.py"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param(PARTED, "does not parse", id="it does not parse"),
        pytest.param("<<<<<<< a\n=======\n>>>>>>> b\n", "holds merge conflict", id="a conflict"),
        pytest.param("# coding: nonsense\n", "is not valid in its declared", id="its encoding"),
    ],
)
def test_a_file_that_cannot_be_read_is_stood_in_for(text: str, reason: str) -> None:
    (file,) = merged({str(TESTS): text})
    assert isinstance(file, MergedFile)
    assert file.path == TESTS.with_name(f"{TESTS.stem}_generated.py")
    assert file.instead.startswith(f"{TESTS} {reason}")


def test_a_file_that_gets_nothing_is_left_out() -> None:
    (file,) = merged({})
    assert isinstance(file, MergedFile)
    assert merged({str(file.path): file.after.decode()}) == []


def test_where_no_place_is_left_every_reason_is_told() -> None:
    names = ("", "_generated", "_observed")
    refused = {f"tests/shop/test_cart{name}.py": f"is no{name}" for name in names}
    (answer,) = merged({}, refused)
    assert isinstance(answer, Refused)
    assert all(reason in answer.reason for reason in refused.values())
