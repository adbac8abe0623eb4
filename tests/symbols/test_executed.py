"""What real pytest executes of a tree of tests is in the closure of the test that it is run for.

A real project's suite, whose requirements are installed, in place of the sample:

    EXECUTED_SUITE=path/to/project pytest tests/symbols/test_executed.py
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from textwrap import dedent

import pytest

from sloptest_hook.planning import is_test_file
from sloptest_hook.symbols.closures import Closures
from sloptest_hook.symbols.statements import Kind, Statement

FILES = {
    "shop.py": """
        PLUGINS = []

        def plugin(function):
            PLUGINS.append(function)
            return function

        def run(thing):
            return thing.send()

        class Model:
            made = []

            def __init_subclass__(cls):
                Model.made.append(cls)
        """,
    "conftest.py": """
        import pytest

        pytest_plugins = ["tests.plugged"]

        @pytest.fixture
        def db(settings):
            yield connect(settings)

        def connect(settings):
            return settings

        @pytest.fixture
        def settings():
            return 1

        def pytest_runtest_setup(item):
            note(item)

        def note(item):
            item.seen = True
        """,
    "tests/__init__.py": "",
    "tests/plugged.py": """
        import pytest

        @pytest.fixture(name="cart")
        def made_cart():
            return filled([])

        def filled(cart):
            return [*cart, 1]

        @pytest.fixture(autouse=True)
        def clean():
            yield
            swept()

        def swept():
            return None
        """,
    "tests/base.py": """
        import unittest

        from tests.lib import Box, make

        class Mixin:
            def prepared(self):
                return self.hook()

        class Base(Mixin, unittest.TestCase):
            def setUp(self):
                self.box = make(2)
                self.addCleanup(self.clean)

            def clean(self):
                self.box = None

            def test_inherited(self):
                self.assertEqual(self.box + 1, 3)
                self.assertIn(1, Box(1))

            def test_of_nobody(self):
                self.assertTrue(self.hook())
        """,
    "tests/lib/__init__.py": """
        from .boxes import *
        from .boxes import made as make
        """,
    "tests/lib/boxes.py": """
        __all__ = ["Box"]

        class Meta(type):
            def __call__(cls, *given):
                return super().__call__(*given)

        class Box(metaclass=Meta):
            def __init__(self, size):
                self._size = size

            @property
            def size(self):
                return self._size

            def __add__(self, other):
                return self.size + other

            def __contains__(self, other):
                return other <= self.size

        def made(size):
            return Box(size)
        """,
    "tests/test_fixtures.py": """
        import pytest

        from shop import PLUGINS, Model, plugin, run
        from tests import lib

        def setup_module():
            seen()

        def seen():
            return 1

        @plugin
        def registered():
            return 1

        class Mine(Model):
            def go(self):
                return 1

        class Fake:
            def send(self):
                return 1

        def cases():
            return [1, 2]

        def doubled(value):
            return value * 2

        @pytest.fixture
        def settings(settings):
            return doubled(settings)

        @pytest.fixture
        def number(request):
            return request.param

        def test_db(db):
            assert db == 2

        def test_cart(cart):
            assert cart == [1]

        @pytest.mark.usefixtures("cart")
        def test_used():
            assert run(Fake())

        def test_by_name(request):
            for name in ("c" + "art", "d" + "b"):
                assert request.getfixturevalue(name)

        def test_registered():
            assert [each() for each in PLUGINS] == [1]

        def test_models():
            assert [each().go() for each in Model.made] == [1]

        @pytest.mark.parametrize("number", cases(), indirect=True)
        def test_indirect(number):
            assert getattr(lib, "ma" + "ke")(number).size == number

        def test_alone():
            assert True
        """,
    "tests/test_classes.py": """
        import importlib

        import pytest

        from .base import Base as Tests

        class TestInherited(Tests):
            def hook(self):
                return 1

            def test_own(self):
                self.assertEqual(self.prepared(), 1)

        class TestOuter:
            @pytest.fixture(autouse=True)
            def around(self, cart):
                self.cart = self.checked(cart)

            def checked(self, cart):
                return cart

            def setup_method(self, method):
                self.size = len(method.__name__)

            @property
            def twice(self):
                return self.size * 2

            def test_property(self):
                assert self.twice

            def test_import(self):
                assert importlib.import_module("tests.lib").make(1).size == 1

        class TestShell:
            class TestInner:
                class Fake:
                    def __call__(self):
                        return 1

                def test_inner(self):
                    assert self.Fake()() == 1
        """,
}


def run(root: Path, *words: str) -> dict[str, list[tuple[str, int, str]]]:
    """Return file, first line and name of each function that each test executed."""
    out = root / "executed.json"
    here = Path(__file__).parent
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(here), str(root), str(root / "src")]),
        "SLOPTEST_EXECUTED": str(out),
    }
    command = (sys.executable, "-m", "pytest", "-q", "-p", "executed", "-p", "no:cacheprovider")
    done = subprocess.run(
        (*command, *words), cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    assert out.exists(), done.stdout + done.stderr
    found: dict[str, list[tuple[str, int, str]]] = json.loads(out.read_text(encoding="utf-8"))
    out.unlink()
    return found


def closures_of(root: Path) -> tuple[Closures, frozenset[str]]:
    """Return the closures of a project on disk, and the names of the files of its tests."""
    files = [PurePosixPath(each.relative_to(root)) for each in root.rglob("*.py")]
    tests = {
        path: (root / path).read_text(encoding="utf-8", errors="replace")
        for path in files
        if is_test_file(path, PurePosixPath("tests"))
    }
    return Closures(tests, files), frozenset(map(str, tests))


def held(statement: Statement) -> Iterator[int]:
    node = statement.node
    decorators = getattr(node, "decorator_list", [])
    last = node.lineno if statement.kind is Kind.CLASS else node.end_lineno or node.lineno
    yield from range(min([node.lineno, *(each.lineno for each in decorators)]), last + 1)


def unreached(root: Path, *words: str) -> list[str]:
    """Return what a test of the project executed though its closure lacks it."""
    closures, tests = closures_of(root)
    missed = []
    for node, functions in run(root, *words).items():
        reach = closures.reach(node)
        assert reach is not None, node
        lines = {(str(file.path), n) for each, file in reach.taken.items() for n in held(each)}
        for path, line, name in functions:
            is_held = (path, line) in lines or reach.is_everything or path not in tests
            missed += [] if is_held else [f"{node}: {name} in line {line} of {path}"]
    return missed


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("sample")
    (root / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(dedent(text), encoding="utf-8")
    return root


def test_all_that_a_test_executes_is_in_its_closure(sample: Path) -> None:
    project = os.environ.get("EXECUTED_SUITE")
    assert unreached(Path(project).resolve() if project else sample) == []


def test_the_sample_executes_every_function_but_of_two_tests(sample: Path) -> None:
    """Else it would prove little."""
    ran = {(file, name) for functions in run(sample).values() for file, _, name in functions}
    there = {
        (name, line.split("def ")[1].partition("(")[0])
        for name, text in FILES.items()
        for line in text.splitlines()
        if "def " in line and name != "shop.py"
    }
    assert {name for _, name in there - ran} <= {"cases", "__call__"}


def test_a_test_that_uses_nothing_reaches_nothing_of_the_others(sample: Path) -> None:
    reach = closures_of(sample)[0].reach("tests/test_fixtures.py::test_alone")
    assert reach is not None
    names = {name for each in reach.taken for name in each.names}
    assert "test_alone" in names
    assert names.isdisjoint({"test_db", "Fake", "doubled", "made_cart", "filled", "made", "Base"})
