from pathlib import PurePosixPath

from sloptest_hook.symbols.importers import import_distances, import_graph
from sloptest_hook.symbols.imports import imported_modules
from sloptest_hook.symbols.modules import module_index, module_name, package_of

SRC = PurePosixPath("src")


def distances(target: str, tree: dict[str, str]) -> dict[str, int]:
    files = [PurePosixPath(path) for path in tree]
    imports = {}
    for path in files:
        name = module_name(path, SRC if path.is_relative_to(SRC) else PurePosixPath())
        assert isinstance(name, str)
        imports[path] = imported_modules(tree[str(path)], package_of(path, name))
    graph = import_graph(imports, module_index(files))
    return {
        str(path): steps for path, steps in import_distances(PurePosixPath(target), graph).items()
    }


def test_importers_are_found_by_the_number_of_steps() -> None:
    tree = {
        "src/pkg/__init__.py": "",
        "src/pkg/core.py": "",
        "src/pkg/api.py": "from .core import run\n",
        "tests/test_core.py": "import pkg.core\n",
        "tests/test_api.py": "from pkg import api\n",
        "tests/test_other.py": "import os\n",
    }

    assert distances("src/pkg/core.py", tree) == {
        "src/pkg/api.py": 1,
        "tests/test_core.py": 1,
        "tests/test_api.py": 2,
    }


def test_a_name_that_the_package_imports_is_reached_over_the_package() -> None:
    tree = {
        "src/pkg/__init__.py": "from .core import run\n",
        "src/pkg/core.py": "",
        "tests/test_it.py": "from pkg import run\n",
    }

    assert distances("src/pkg/core.py", tree)["tests/test_it.py"] == 2


def test_importing_a_module_runs_the_packages_above_it() -> None:
    tree = {
        "src/pkg/__init__.py": "",
        "src/pkg/core.py": "",
        "tests/test_it.py": "import pkg.core\n",
    }

    assert distances("src/pkg/__init__.py", tree) == {"tests/test_it.py": 1}


def test_a_conftest_counts_for_every_test_below_it() -> None:
    tree = {
        "src/mod.py": "",
        "tests/conftest.py": "import mod\n",
        "tests/unit/test_it.py": "def test(fixture): ...\n",
        "other/test_it.py": "",
    }

    assert distances("src/mod.py", tree) == {"tests/conftest.py": 1, "tests/unit/test_it.py": 2}


def test_helpers_beside_a_test_are_found_by_their_bare_name() -> None:
    tree = {
        "src/mod.py": "",
        "tests/helpers.py": "import mod\n",
        "tests/test_it.py": "from helpers import make\n",
    }

    assert distances("src/mod.py", tree) == {"tests/helpers.py": 1, "tests/test_it.py": 2}


def test_a_circle_of_imports_comes_to_an_end() -> None:
    tree = {"src/a.py": "import b\n", "src/b.py": "import a\n"}

    assert distances("src/a.py", tree) == {"src/b.py": 1}
