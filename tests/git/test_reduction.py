from pathlib import PurePosixPath

import pytest

from sloptest_hook.git.reduction import needed_names

TREE = (
    ".gitattributes",
    "README.md",
    "conf.py",
    "data/big.csv",
    "docs/.gitattributes",
    "docs/conf.py",
    "other/__init__.py",
    "other/thing.py",
    "pkg/__init__.py",
    "pkg/data.json",
    "pkg/sub/__init__.py",
    "pkg/sub/mod.py",
    "pyproject.toml",
    "services/a/pyproject.toml",
    "services/a/src/a/__init__.py",
    "services/a/src/a/core.py",
    "services/a/src/aa/more.txt",
    "services/a/tests/data.txt",
    "services/b/src/b/core.py",
    "tests/conftest.py",
    "tests/data/x.txt",
    "unit/x.txt",
)
ALWAYS = {".gitattributes", "docs/.gitattributes", "tests/conftest.py", "pyproject.toml", "conf.py"}


@pytest.mark.parametrize(
    ("needed", "extra"),
    [
        pytest.param(
            "pkg/sub/mod.py",
            {"pkg/__init__.py", "pkg/data.json", "pkg/sub/__init__.py", "pkg/sub/mod.py"}
            | {"tests/data/x.txt"},
            id="package at the root",
        ),
        pytest.param(
            "services/a/src/a/core.py",
            {name for name in TREE if name.startswith("services/a/")} | {"tests/data/x.txt"},
            id="src of one project of many",
        ),
        pytest.param("conf.py", {"tests/data/x.txt"}, id="module at the root"),
        pytest.param("docs/conf.py", {"docs/conf.py", "tests/data/x.txt"}, id="script"),
    ],
)
def test_what_a_change_can_need_is_kept(needed: str, extra: set[str]) -> None:
    kept = needed_names(TREE, [PurePosixPath(needed)], PurePosixPath("tests"), limit=5)

    assert kept == ALWAYS | extra


def test_every_python_file_is_kept_while_there_is_room() -> None:
    kept = needed_names(TREE, [PurePosixPath("pkg/sub/mod.py")], PurePosixPath("tests"), limit=20)

    assert {name for name in TREE if name.endswith(".py")} <= kept
    assert "data/big.csv" not in kept


def test_the_tests_directory_of_the_settings_is_kept() -> None:
    kept = needed_names(TREE, [PurePosixPath("conf.py")], PurePosixPath("unit"), limit=5)

    assert "unit/x.txt" in kept


def test_nothing_named_means_everything() -> None:
    assert needed_names(TREE, [], PurePosixPath("tests"), limit=5) == frozenset(TREE)
