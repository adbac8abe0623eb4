from pathlib import PurePosixPath

import pytest

from sloptest_hook.symbols.modules import (
    NoModule,
    import_root,
    module_index,
    module_name,
    package_of,
)

ROOTS = {
    "a module at the top": ("mod.py", [], ".", "mod"),
    "a package at the top": ("pkg/mod.py", ["pkg/__init__.py"], ".", "pkg.mod"),
    "the package itself": ("pkg/__init__.py", ["pkg/__init__.py"], ".", "pkg"),
    "a package in a package": (
        "pkg/sub/mod.py",
        ["pkg/__init__.py", "pkg/sub/__init__.py"],
        ".",
        "pkg.sub.mod",
    ),
    "src layout": ("src/pkg/mod.py", ["src/pkg/__init__.py"], "src", "pkg.mod"),
    "a module in src": ("src/mod.py", [], "src", "mod"),
    "a namespace package in src": ("src/ns/mod.py", [], "src", "ns.mod"),
    "a package in a namespace in src": (
        "src/ns/pkg/mod.py",
        ["src/ns/pkg/__init__.py"],
        "src",
        "ns.pkg.mod",
    ),
    "a package that is called src": (
        "src/pkg/mod.py",
        ["src/__init__.py", "src/pkg/__init__.py"],
        ".",
        "src.pkg.mod",
    ),
    "a package below another directory": (
        "lib/pkg/mod.py",
        ["lib/pkg/__init__.py"],
        "lib",
        "pkg.mod",
    ),
    "a script in a directory": ("scripts/tool.py", [], ".", "scripts.tool"),
    "a project in a monorepo": (
        "services/api/app/mod.py",
        ["services/api/pyproject.toml"],
        "services/api",
        "app.mod",
    ),
    "src of a project in a monorepo": (
        "services/api/src/pkg/mod.py",
        ["services/api/pyproject.toml", "services/api/src/pkg/__init__.py"],
        "services/api/src",
        "pkg.mod",
    ),
    "a gap in the packages": (
        "a/b/c/mod.py",
        ["a/__init__.py", "a/b/c/__init__.py"],
        "a/b",
        "c.mod",
    ),
    "pyproject at the top": ("ns/mod.py", ["pyproject.toml"], ".", "ns.mod"),
}


@pytest.mark.parametrize(("path", "others", "root", "name"), ROOTS.values(), ids=ROOTS)
def test_the_layout_of_the_tree_gives_root_and_name(
    path: str, others: list[str], root: str, name: str
) -> None:
    source = PurePosixPath(path)
    files = {source, *map(PurePosixPath, others)}

    assert import_root(files, source) == PurePosixPath(root)
    assert module_name(source, PurePosixPath(root)) == name


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("my-script.py", "my-script"),
        ("2fast.py", "2fast"),
        ("my-pkg/mod.py", "my-pkg"),
        ("pkg/class.py", "class"),
        ("v1.2/mod.py", "v1.2"),
    ],
    ids=str,
)
def test_what_is_no_python_name_cannot_be_imported(path: str, part: str) -> None:
    name = module_name(PurePosixPath(path), PurePosixPath())

    assert name == NoModule(f"{path} cannot be imported: '{part}' is not a Python name")


@pytest.mark.parametrize(
    ("path", "module", "package"),
    [
        ("pkg/mod.py", "pkg.mod", "pkg"),
        ("pkg/__init__.py", "pkg", "pkg"),
        ("mod.py", "mod", ""),
    ],
    ids=str,
)
def test_relative_imports_start_from_the_package(path: str, module: str, package: str) -> None:
    assert package_of(PurePosixPath(path), module) == package


def test_the_index_names_every_module_and_helpers_of_tests_by_both_names() -> None:
    files = [
        PurePosixPath(path)
        for path in (
            "src/pkg/__init__.py",
            "src/pkg/helpers.py",
            "tests/helpers.py",
            "a-b.py",
            "x.txt",
        )
    ]

    assert module_index(files) == {
        "pkg": files[0],
        "pkg.helpers": files[1],
        "tests.helpers": files[2],
        "helpers": files[2],
    }
