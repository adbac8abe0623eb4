"""What may change what a test executes changes its fingerprint; other edits of the file do not.

Each case is a small tree and one edit: ``OLD`` in it becomes ``NEW`` in the second version, or
files are added. Most are a file of tests and a file of helpers.
"""

import sys
from pathlib import PurePosixPath
from textwrap import dedent
from typing import NamedTuple

import pytest

from sloptest_hook.symbols.closures import Closure, Closures

NODE = "tests/test_a.py::test_x"
METHOD = "tests/test_a.py::TestX::test_x"


class Case(NamedTuple):
    test: str
    others: dict[str, str] = {}  # noqa: RUF012  # nobody adds to it
    node: str = NODE
    added: dict[str, str] = {}  # noqa: RUF012


def closure(case: Case, *, changed: bool) -> Closure:
    files = {"shop/__init__.py": "", "shop/cart.py": "", "tests/test_a.py": case.test}
    files |= case.others | (case.added if changed else {})
    texts = {
        PurePosixPath(path): dedent(text).replace("OLD", "NEW" if changed else "OLD")
        for path, text in files.items()
        if not path.startswith("shop/")
    }
    found = Closures(texts, {PurePosixPath(path) for path in files}).of(case.node)
    assert found is not None
    return found


HELPED = "from tests.helpers import make\n\ndef test_x():\n    assert make() == 1\n"
AROUND = (
    *("setUp", "tearDown", "setup_method", "teardown_method", "setUpClass", "tearDownClass"),
    *("setup_class", "teardown_class", "asyncSetUp", "__init__", "run", "pytest_generate_tests"),
)
PLAIN = "def test_x():\n    assert 1\n"
ASKING = "def test_x(db):\n    assert db\n"


def helped(helpers: str, test: str = HELPED, **others: str) -> Case:
    return Case(test, {"tests/__init__.py": "", "tests/helpers.py": helpers, **others})


def with_conftest(conftest: str, test: str = ASKING, **others: str) -> Case:
    return Case(test, {"tests/conftest.py": conftest, **others})


def method(test: str, **others: str) -> Case:
    return Case(test, {"tests/__init__.py": "", **others}, METHOD)


CLASSES = {
    "a base class in the file": method(
        "class Base:\n    size = OLD\nclass TestX(Base):\n    def test_x(self): assert self.size\n"
    ),
    "a method of a base": method(
        "class Base:\n    def go(self): return OLD\n"
        "class TestX(Base):\n    def test_x(self): assert self.go()\n"
    ),
    "a base in another file": method(
        "from tests.base import Base\nclass TestX(Base):\n    def test_x(self): self.go()\n",
        **{"tests/base.py": "class Base:\n    def go(self): return OLD\n"},
    ),
    "set-up of a base in another file": method(
        "import tests.base\nclass TestX(tests.base.Base):\n    def test_x(self): pass\n",
        **{"tests/base.py": "class Base:\n    def setUp(self): self.x = OLD\n"},
    ),
    "what set-up of a base calls": method(
        "from tests.base import Base as B\nclass TestX(B):\n    def test_x(self): pass\n",
        **{"tests/base.py": "class Base:\n    def setUp(self): self.go()\n    def go(self): OLD\n"},
    ),
    "a base of a base": method(
        "from tests.base import B\nclass TestX(B):\n    def test_x(self): assert self.size\n",
        **{"tests/base.py": "class A:\n    size = OLD\nclass B(A):\n    pass\n"},
    ),
    "a mixin": method(
        "class Mixin:\n    def setUp(self): OLD()\nclass TestX(Mixin, object):\n"
        "    def test_x(self): pass\n"
    ),
    "a test that is inherited": method(
        "class Base:\n    def test_x(self): OLD()\nclass TestX(Base):\n    pass\n"
    ),
    "a test that is inherited from another file": method(
        "from tests.base import Base\nclass TestX(Base):\n    pass\n",
        **{"tests/base.py": "class Base:\n    def test_x(self): OLD()\n"},
    ),
    "a hook of a base that the base calls": method(
        "from tests.base import Base\nclass TestX(Base):\n    def go(self): OLD()\n"
        "    def test_x(self): self.run_it()\n",
        **{"tests/base.py": "class Base:\n    def run_it(self): self.go()\n"},
    ),
    "a hook of a base of the project": method(
        "from shop.testing import Base\nclass TestX(Base):\n    def go(self): OLD()\n"
        "    def test_x(self): self.run_it()\n"
    ),
    "an attribute that a framework reads": method(
        "import unittest\nclass TestX(unittest.TestCase):\n    fixtures = ['OLD']\n"
        "    def test_x(self): pass\n"
    ),
    "a metaclass": method(
        "class Meta(type):\n    def __new__(cls, *a): return OLD\n"
        "class TestX(metaclass=Meta):\n    def test_x(self): pass\n"
    ),
    "an __init_subclass__": method(
        "class Base:\n    def __init_subclass__(cls): OLD()\n"
        "class TestX(Base):\n    def test_x(self): pass\n"
    ),
    "a class keyword": method(
        "class Base:\n    def __init_subclass__(cls, size): pass\n"
        "class TestX(Base, size=OLD):\n    def test_x(self): pass\n"
    ),
    "a class decorator": method(
        "def deco(c):\n    c.size = OLD\n    return c\n"
        "@deco\nclass TestX:\n    def test_x(self): pass\n"
    ),
    "an attribute through self": method(
        "class TestX:\n    size = OLD\n    def test_x(self): assert self.size\n"
    ),
    "a nested class of tests": Case(
        "class TestA:\n    class TestB:\n        size = OLD\n        def test_x(self): pass\n",
        node="tests/test_a.py::TestA::TestB::test_x",
    ),
    "a nested helper class": method(
        "class TestX:\n    class Fake:\n        def send(self): OLD()\n"
        "    def test_x(self): run(self.Fake())\n"
    ),
    "a method that a string names": method(
        "class TestX:\n    def go(self): OLD()\n    def test_x(self): getattr(self, 'go')()\n"
    ),
    "a method that others call on self": method(
        "from shop.cart import run\n"
        "class TestX:\n    def go(self): OLD()\n    def test_x(self): run(self)\n"
    ),
    "addCleanup": method(
        "import unittest\nclass TestX(unittest.TestCase):\n    def go(self): OLD()\n"
        "    def test_x(self): self.addCleanup(self.go)\n"
    ),
    **{
        f"{name} of the class": method(
            f"class TestX:\n    def {name}(self, *a): OLD()\n    def test_x(self): pass\n"
        )
        for name in AROUND
    },
    "a fixture as a method": method(
        "import pytest\nclass TestX:\n    @pytest.fixture\n    def db(self): return OLD\n"
        "    def test_x(self, db): pass\n"
    ),
    "an autouse fixture as a method": method(
        "import pytest\nclass TestX:\n    @pytest.fixture(autouse=True)\n"
        "    def db(self): return OLD\n    def test_x(self): pass\n"
    ),
    "marks of the class": method(
        "import pytest\nclass TestX:\n    pytestmark = [OLD]\n    def test_x(self): pass\n"
    ),
    "a property": method(
        "class TestX:\n    @property\n    def p(self): return OLD\n"
        "    def test_x(self): assert self.p\n"
    ),
}
HELPERS = {
    "a method of a fake that only the project calls": Case(
        "from shop.cart import run\nclass Fake:\n    def send(self): return OLD\n"
        "def test_x(): run(Fake())\n"
    ),
    "an operator of a helper class": helped(
        "class Box:\n    def __add__(self, o): return OLD\ndef make(): return Box() + 1\n"
    ),
    "a field of a dataclass": helped(
        "from dataclasses import dataclass\n@dataclass\nclass Box:\n    size: int = OLD\n"
        "def make(): return Box()\n"
    ),
    "a member of an enum": helped(
        "from enum import Enum\nclass Box(Enum):\n    A = OLD\ndef make(): return Box.A\n"
    ),
    "a property of a helper class": helped(
        "class Box:\n    @property\n    def size(self): return OLD\ndef make(): return Box().size\n"
    ),
    "a base of a helper class": helped(
        "class A:\n    def send(self): OLD()\nclass Box(A): pass\ndef make(): return Box()\n"
    ),
    "a class that registers itself": helped(
        "class A:\n    def __init_subclass__(cls): ALL.append(cls)\nALL = []\n"
        "class Box(A):\n    def go(self): OLD()\ndef make(): return ALL[0]().go()\n"
    ),
    "a subclass that is looked for": helped(
        "class A: pass\nclass Box(A):\n    def go(self): OLD()\n"
        "def make(): return A.__subclasses__()[0]().go()\n"
    ),
    "a subclass of the project's": helped(
        "from shop.cart import Plugin, run\nclass Mine(Plugin):\n    def go(self): OLD()\n"
        "def make(): return run()\n"
    ),
    "a function that is registered": helped(
        "from shop.cart import app\n@app.route('/')\ndef index(): return OLD\n"
        "def make(): return app.get('/')\n"
    ),
    "a default argument": helped("SIZE = OLD\ndef make(n=SIZE): return n\n"),
    "a default argument that does something": helped(
        "def other(n=go(OLD)): pass\ndef make(): pass\n"
    ),
    "a decorator": helped(
        "def deco(f): return OLD\n@deco\ndef make(): pass\n",
    ),
    "a decorator of the test": helped(
        "def deco(f): return OLD\n", "from tests.helpers import deco\n@deco\ndef test_x(): pass\n"
    ),
    "a constant in parametrize": helped(
        "CASES = [OLD]\n",
        "import pytest\nfrom tests.helpers import CASES\n"
        "@pytest.mark.parametrize('a', CASES)\ndef test_x(a): pass\n",
    ),
    "a function in parametrize": helped(
        "def cases(): return [OLD]\n",
        "import pytest\nfrom tests import helpers\n"
        "@pytest.mark.parametrize('a', helpers.cases())\ndef test_x(a): pass\n",
    ),
    "a constant that is added to": Case(
        "import pytest\nCASES = []\nCASES += [OLD]\n"
        "@pytest.mark.parametrize('a', CASES)\ndef test_x(a): pass\n"
    ),
    "a name that a function rebinds": helped(
        "SIZE = 0\ndef set_size():\n    global SIZE\n    SIZE = OLD\ndef make(): return SIZE\n"
    ),
    "a module's __getattr__": helped(
        "def __getattr__(name): return OLD\n",
        "from tests import helpers\ndef test_x(): helpers.anything()\n",
    ),
    "globals()": helped("def made(): return OLD\ndef make(): return globals()['ma' + 'de']()\n"),
    "vars() of a module": helped(
        "def made(): return OLD\n",
        "from tests import helpers\ndef test_x(): vars(helpers)['ma' + 'de']()\n",
    ),
    "getattr with a computed name": helped(
        "def made(): return OLD\n",
        "import tests.helpers as h\ndef test_x(): getattr(h, 'ma' + 'de')()\n",
    ),
    "a module that is handed on": helped(
        "def made(): return OLD\n",
        "from shop.cart import run\nfrom tests import helpers\ndef test_x(): run(helpers)\n",
    ),
    "exec": helped("def made(): return OLD\ndef make(): exec('ma' + 'de()')\n"),
    "eval": helped("def made(): return OLD\ndef make(): eval('made()')\n"),
    "a condition in a string": Case(
        "import pytest\nLIMIT = OLD\n@pytest.mark.skipif('LIMIT > 3', reason='a')\n" + PLAIN
    ),
    "a string annotation": helped(
        "class Box:\n    size = OLD\ndef make(a: 'list[Box]' = ()): pass\n"
    ),
    "an annotation": helped("class Box:\n    size = OLD\ndef make(a: Box = 1): pass\n"),
    "a type alias": helped("Box = dict[str, 'OLD']\ndef make() -> Box: pass\n"),
    "an f-string": helped("SIZE = OLD\ndef make(): return f'{SIZE:>3}'\n"),
    "a walrus": helped("print(SIZE := OLD)\ndef make(): return SIZE\n"),
    "a tuple of targets": helped("(A, *B), C = OLD\ndef make(): return B\n"),
    "a name from a with": helped("with go() as (SIZE, _):\n    OLD\ndef make(): return SIZE\n"),
    "a name from a for": helped("for SIZE in OLD: pass\ndef make(): return SIZE\n"),
    "a name from a match": helped("match OLD:\n    case [SIZE]: pass\ndef make(): return SIZE\n"),
    "a conditional definition": helped(
        "if go():\n    def make(): return OLD\nelse:\n    def make(): return 2\n"
    ),
    "a patched name": helped(
        "def size(): return OLD\n",
        "def test_x(monkeypatch): monkeypatch.setattr('shop.cart.size', 'tests.helpers.size')\n",
    ),
    "two definitions of one name": helped("def make(): return OLD\ndef make(): return 1\n"),
    "a lambda": helped("make = lambda: OLD\n"),
    "a partial": helped(
        "from functools import partial\ndef made(n): return OLD\nmake = partial(made, 1)\n"
    ),
}
IMPORTS = {
    "a re-export of the package": Case(
        "from tests.lib import make\ndef test_x(): make()\n",
        {
            "tests/__init__.py": "",
            "tests/lib/__init__.py": "from tests.lib.inner import make\n",
            "tests/lib/inner.py": "def make(): return OLD\n",
        },
    ),
    "a relative re-export": Case(
        "from .lib import make\ndef test_x(): make()\n",
        {
            "tests/__init__.py": "",
            "tests/lib/__init__.py": "from .inner import made as make\n",
            "tests/lib/inner.py": "def made(): return OLD\n",
        },
    ),
    "a star import": helped("def make(): return OLD\n", HELPED.replace("import make", "import *")),
    "stars on stars": helped(
        "from .inner import *\n",
        HELPED.replace("import make", "import *"),
        **{"tests/inner.py": "def make(): return OLD\n"},
    ),
    "__all__ of a star import": helped(
        "__all__ = ['OLD']\ndef make(): return 1\n", HELPED.replace("import make", "import *")
    ),
    "an alias": helped(
        "def make(): return OLD\n",
        "import tests.helpers as h\ndef test_x(): h.make()\n",
    ),
    "names that are swapped": helped(
        "def a(): pass\ndef OLD(): pass\ndef NEW(): pass\n",
        "from tests.helpers import a, OLD as b\ndef test_x(): b()\n",
    ),
    "an attribute of a submodule": helped(
        "def make(): return OLD\n", "import tests.helpers\ndef test_x(): tests.helpers.make()\n"
    ),
    "a submodule that another import loads": helped(
        "def make(): return OLD\n", "import tests\ndef test_x(): tests.helpers.make()\n"
    ),
    "import_module": helped(
        "def make(): return OLD\n",
        "import importlib\ndef test_x(): importlib.import_module('tests.helpers').make()\n",
    ),
    "import_module of a relative name": helped(
        "def make(): return OLD\n",
        "import importlib\ndef test_x(): importlib.import_module('.helpers', __package__).make()\n",
    ),
    "import_module of a computed name": helped(
        "def make(): return OLD\n",
        "import importlib\ndef test_x(n): importlib.import_module(n).make()\n",
    ),
    "__import__": helped(
        "def make(): return OLD\n", "def test_x(): __import__('tests.helpers').helpers.make()\n"
    ),
    "importorskip": helped(
        "def make(): return OLD\n",
        "import pytest\nh = pytest.importorskip('tests.helpers')\ndef test_x(): h.make()\n",
    ),
    "an import that is tried": helped(
        "def make(): return OLD\n",
        "try:\n    from tests.helpers import make\nexcept ImportError:\n    make = None\n"
        "def test_x(): make()\n",
    ),
    "an import in the function": helped(
        "def make(): return OLD\n",
        "def test_x():\n    from tests.helpers import make\n    make()\n",
    ),
    "a module next to the test": Case(
        "from helpers import make\ndef test_x(): make()\n",
        {"tests/unit/helpers.py": "def make(): return 1\n", "tests/helpers.py": "make = OLD\n"},
    ),
    "a module of the same name elsewhere": Case(
        "from helpers import make\ndef test_x(): make()\n",
        {"a/tests/helpers.py": "make = 1\n", "b/tests/helpers.py": "make = OLD\n"}
        | {"b/tests/test_b.py": "from helpers import make\ndef test_x(): make()\n"},
        "b/tests/test_b.py::test_x",
    ),
    "a helper at the root": Case(
        "from testing import make\ndef test_x(): make()\n", {"testing.py": "def make(): OLD\n"}
    ),
    "what the package does on being imported": Case(
        PLAIN, {"tests/__init__.py": "import os\nos.environ['A'] = 'OLD'\n"}
    ),
    "what an imported file does": helped("import os\nos.environ['A'] = 'OLD'\ndef make(): pass\n"),
    "what an unused import does": helped("go(OLD)\n", "import tests.helpers\n" + PLAIN),
    "an unused import of the project": Case("import shop.OLD\n" + PLAIN),
    "another module of the project": Case("from shop.OLD import f\ndef test_x(): f()\n"),
    "a script that is run": Case(
        "import subprocess\ndef test_x(): subprocess.run(['python', 'tests/script.py'])\n",
        {"tests/script.py": "print(OLD)\nif __name__ == '__main__':\n    print(1)\n"},
    ),
    "a future import": Case("from __future__ import OLD\n" + PLAIN),
    "a path that is put before others": Case(
        "import sys\nsys.path.insert(0, 'tests/lib')\nfrom things import make\n"
        "def test_x(): make()\n",
        {"tests/lib/things.py": "make = OLD\n", "tests/things.py": "make = 1\n"},
    ),
    "a module that is run": Case(
        "import subprocess\ndef test_x(): subprocess.run(['python', '-m', 'tests.script'])\n",
        {"tests/script.py": "def go(): OLD()\nif __name__ == '__main__':\n    go()\n"},
    ),
    "the order of imports that do something": Case(
        "import tests.one\nimport tests.two\n" + PLAIN,
        {"tests/__init__.py": "", "tests/one.py": "go(1)\n", "tests/two.py": "go(2)\n"},
        added={"tests/test_a.py": "import tests.two\nimport tests.one\n" + PLAIN},
    ),
    "the order of an import and what is done": Case(
        "import os\nimport tests.one\nos.environ['A'] = '1'\n" + PLAIN,
        {"tests/__init__.py": "", "tests/one.py": "go(1)\n"},
        added={"tests/test_a.py": "import os\nos.environ['A'] = '1'\nimport tests.one\n" + PLAIN},
    ),
    "the order of what is done": Case(
        "import os\nos.go(1)\nos.go(2)\n" + PLAIN,
        added={"tests/test_a.py": "import os\nos.go(2)\nos.go(1)\n" + PLAIN},
    ),
    "the order of two definitions": Case(
        "def make(): return 1\ndef make(): return 2\ndef test_x(): make()\n",
        added={
            "tests/test_a.py": (
                "def make(): return 2\ndef make(): return 1\ndef test_x(): make()\n"
            )
        },
    ),
    "a submodule from a star import": Case(
        "from tests.lib import *\ndef test_x(): inner.make()\n",
        {
            "tests/lib/__init__.py": "__all__ = ['inner']\n",
            "tests/lib/inner.py": "def make(): return OLD\n",
        },
    ),
    "a submodule from a star import that is handed on": Case(
        "from tests.lib import *\ndef test_x(): run(inner)\n",
        {
            "tests/lib/__init__.py": "__all__ = ['inner']\n",
            "tests/lib/inner.py": "def make(): return OLD\n",
        },
    ),
    "any file, where a module's name is computed": Case(
        "from importlib import import_module\ndef test_x(n): import_module(n).make()\n",
        {"tests/other.py": "OLD\n"},
    ),
    "a test from a star import": Case(
        "from tests.base import *\n", {"tests/base.py": "def test_x(): OLD()\n"}
    ),
    "a module that shadows": Case(
        "import helpers\ndef test_x(): helpers.go()\n",
        added={"tests/helpers.py": "def go(): pass\n"},
    ),
    "a new conftest": Case(PLAIN, added={"tests/conftest.py": "import os\nos.umask(7)\n"}),
    "a new package": Case(PLAIN, added={"tests/__init__.py": ""}),
    "a name that the star may bind": helped(
        "def other(): pass\n",
        "from tests.helpers import *\nfrom shop.cart import make\ndef test_x(): make()\n",
        **{"tests/helpers2.py": ""},
    )._replace(added={"tests/helpers.py": "def other(): pass\ndef make(): pass\n"}),
}
FIXTURES = {
    "a fixture": with_conftest("import pytest\n@pytest.fixture\ndef db(): return OLD\n"),
    "what a fixture asks for": with_conftest(
        "import pytest\n@pytest.fixture\ndef a(): return OLD\n@pytest.fixture\ndef db(a): pass\n"
    ),
    "a fixture of another name": with_conftest(
        "import pytest\n@pytest.fixture(name='db')\ndef made(): return OLD\n"
    ),
    "a fixture of a computed name": with_conftest(
        "import pytest\n@pytest.fixture(name='d' + 'b')\ndef made(): return OLD\n"
    ),
    "usefixtures": with_conftest(
        "import pytest\n@pytest.fixture\ndef db(): return OLD\n",
        "import pytest\n@pytest.mark.usefixtures('db')\ndef test_x(): pass\n",
    ),
    "usefixtures of the module": with_conftest(
        "import pytest\n@pytest.fixture\ndef db(): return OLD\n",
        "import pytest\npytestmark = [pytest.mark.usefixtures('db')]\ndef test_x(): pass\n",
    ),
    "getfixturevalue": with_conftest(
        "import pytest\n@pytest.fixture\ndef db(): return OLD\n",
        "def test_x(request): request.getfixturevalue('db')\n",
    ),
    "getfixturevalue of a computed name": with_conftest(
        "import pytest\n@pytest.fixture\ndef db(): return OLD\n",
        "def test_x(request, n): request.getfixturevalue(n)\n",
    ),
    "autouse": with_conftest(
        "import pytest\n@pytest.fixture(autouse=True)\ndef db(): return OLD\n", PLAIN
    ),
    "autouse by a constant": with_conftest(
        "import pytest\nON = True\n@pytest.fixture(autouse=ON)\ndef db(): return OLD\n", PLAIN
    ),
    "a fixture that is assigned": with_conftest(
        "import pytest\ndef made(): return OLD\ndb = pytest.fixture(made)\n"
    ),
    "a fixture that is imported": with_conftest(
        "from tests.fixtures import db\n",
        **{"tests/fixtures.py": "import pytest\n@pytest.fixture\ndef db(): return OLD\n"},
    ),
    "a fixture that is imported as another": with_conftest(
        "from tests.fixtures import made as db\n",
        **{"tests/fixtures.py": "import pytest\n@pytest.fixture\ndef made(): return OLD\n"},
    ),
    "a fixture from a star import": with_conftest(
        "from tests.fixtures import *\n",
        **{"tests/fixtures.py": "import pytest\n@pytest.fixture\ndef db(): return OLD\n"},
    ),
    "an autouse fixture from a star import": with_conftest(
        "from tests.fixtures import *\n",
        PLAIN,
        **{
            "tests/fixtures.py": (
                "import pytest\n@pytest.fixture(autouse=True)\ndef db(): return OLD\n"
            )
        },
    ),
    "pytest_plugins": with_conftest(
        "pytest_plugins = ['tests.plug']\n",
        **{"tests/plug.py": "import pytest\n@pytest.fixture\ndef db(): return OLD\n"},
    ),
    "pytest_plugins of the file": Case(
        "pytest_plugins = 'plug'\n" + ASKING,
        {"tests/plug.py": "import pytest\n@pytest.fixture\ndef db(): return OLD\n"},
    ),
    "a fixture of a further conftest": Case(
        ASKING,
        {"conftest.py": "import pytest\n@pytest.fixture\ndef db(): return OLD\n"},
    ),
    "a fixture that overrides": Case(
        ASKING,
        {"conftest.py": "import pytest\n@pytest.fixture\ndef db(): return 1\n"},
        added={"tests/conftest.py": "import pytest\n@pytest.fixture\ndef db(db): return 2\n"},
    ),
    "indirect": with_conftest(
        "import pytest\n@pytest.fixture\ndef db(request): return OLD\n",
        "import pytest\n@pytest.mark.parametrize('db', [1], indirect=True)\ndef test_x(db): pass\n",
    ),
    "parameters of a fixture": with_conftest(
        "import pytest\nCASES = [OLD]\n@pytest.fixture(params=CASES)\ndef db(request): pass\n"
    ),
    "a decorated fixture": with_conftest(
        "import pytest\ndef deco(f): return OLD\n@pytest.fixture\n@deco\ndef db(): pass\n"
    ),
    "a fixture of one's own making": with_conftest(
        "from shop.cart import fixture_of\n@fixture_of(1)\ndef db(): return OLD\n"
    ),
    "a hook": with_conftest("def pytest_runtest_setup(item): OLD()\n", PLAIN),
    "what a hook calls": with_conftest(
        "def go(): OLD()\ndef pytest_runtest_setup(item): go()\n", PLAIN
    ),
    "a hook of another name": with_conftest(
        "def go(item): OLD()\npytest_runtest_setup = go\n", PLAIN
    ),
    "an imported hook": with_conftest(
        "from tests.hooks import pytest_runtest_setup\n",
        PLAIN,
        **{"tests/hooks.py": "def pytest_runtest_setup(item): OLD()\n"},
    ),
    "pytest_generate_tests": Case("def pytest_generate_tests(metafunc): OLD()\n" + PLAIN),
    "load_tests": Case("def load_tests(*a): OLD()\n" + PLAIN),
    "setup_module": Case("def setup_module(): OLD()\n" + PLAIN),
    "a patched method": Case(
        "from shop.cart import Cart\nCart.total = OLD\ndef test_x(): Cart().total()\n"
    ),
}
EFFECTS = {
    f"module level: {text.splitlines()[0]}": Case(
        f"import os, sys, shop.cart as c\n{text}\n{PLAIN}"
    )
    for text in (
        "go(OLD)",
        "sys.modules['x'] = OLD",
        "os.environ['A'] = 'OLD'",
        "c.size = OLD",
        "c.size += OLD",
        "del c.OLD",
        "x = c.go(OLD)",
        "x = os.environ.setdefault('A', 'OLD')",
        "(x, c.size) = OLD",
        "if c.on:\n    c.go(OLD)",
        "try:\n    c.go(OLD)\nexcept ValueError:\n    pass",
        "with c.on:\n    c.go(OLD)",
        "for i in c.on:\n    c.go(OLD)",
        "while c.on:\n    c.go(OLD)",
        "x = [c.go(i) for i in OLD]",
        "x: int = c.go(OLD)",
        "assert c.go(OLD)",
        "class Other:\n    c.go(OLD)",
        "@c.deco(OLD)\nclass Other:\n    pass",
        "@c.deco\ndef other(): return OLD",
    )
}
DIFFERENT = CLASSES | HELPERS | IMPORTS | FIXTURES | EFFECTS


@pytest.mark.parametrize("case", DIFFERENT.values(), ids=DIFFERENT)
def test_what_may_change_the_test_changes_its_fingerprint(case: Case) -> None:
    assert closure(case, changed=True).fingerprint != closure(case, changed=False).fingerprint


NEWER = {
    "a type statement": helped("type Box = OLD\ndef make() -> Box: pass\n"),
    "a bound of a type parameter": helped("class Box:\n    x = OLD\ndef make[T: Box](): pass\n"),
    "a type parameter of a class": helped(
        "class Part:\n    x = OLD\nclass Box[T: Part]: pass\ndef make(): return Box()\n"
    ),
}


@pytest.mark.skipif(sys.version_info < (3, 12), reason="the syntax is new in Python 3.12")
@pytest.mark.parametrize("case", NEWER.values(), ids=NEWER)
def test_newer_syntax_that_may_change_the_test_changes_its_fingerprint(case: Case) -> None:
    assert closure(case, changed=True).fingerprint != closure(case, changed=False).fingerprint


SAME = {
    "moved definitions": Case(
        "def a(): pass\ndef b(): pass\ndef test_x(): a() + b()\n",
        added={"tests/test_a.py": "def test_x(): a() + b()\ndef b(): pass\ndef a(): pass\n"},
    ),
    "sorted imports": helped(
        "def make(): return 1\n",
        "import re\nfrom tests.helpers import make\nfrom shop.cart import f\n"
        "def test_x(): f(make(), re)\n",
    )._replace(
        added={
            "tests/test_a.py": (
                "from shop.cart import f\nfrom tests.helpers import make\nimport re\n"
                "def test_x(): f(make(), re)\n"
            )
        }
    ),
    "a fixture of a plugin that is not used": with_conftest(
        "pytest_plugins = ['tests.plug']\n",
        PLAIN,
        **{"tests/plug.py": "import pytest\n@pytest.fixture\ndef db(): return OLD\n"},
    ),
    "another test": Case(PLAIN + "def test_y(): OLD()\n"),
    "a new test with an import of the same module": Case(
        "from shop.cart import f\ndef test_x(): f()\n",
        added={
            "tests/test_a.py": (
                "from shop.cart import f, g\ndef test_x(): f()\ndef test_y(): assert g()\n"
            )
        },
    ),
    "another test of the class": method(
        "class TestX:\n    def test_x(self): pass\n    def test_y(self): OLD()\n"
    ),
    "a helper of another test of the class": method(
        "class TestX:\n    def go(self): OLD()\n    def test_x(self): self.x = 1\n"
        "    def test_y(self): self.go()\n"
    ),
    "another class": method(
        "class TestY:\n    size = OLD\n    def setUp(self): OLD()\n    def test_x(self): pass\n"
        "class TestX:\n    def test_x(self): pass\n"
    ),
    "another test of a base": method(
        "from tests.base import Base\nclass TestX(Base):\n    def test_x(self): self.go()\n",
        **{"tests/base.py": "class Base:\n    def go(self): pass\n    def test_y(self): OLD()\n"},
    ),
    "another class on the same base": method(
        "from tests.base import Base\nclass TestX(Base):\n    def test_x(self): pass\n"
        "class TestY(Base):\n    def test_y(self): OLD()\n",
        **{"tests/base.py": "class Base:\n    def setUp(self): pass\n"},
    ),
    "a test that is decorated": Case(PLAIN + "@given(OLD)\ndef test_y(): pass\n"),
    "a constant of another test": Case(
        "import re\nfrom pathlib import Path\nA = OLD\nB = re.compile('OLD')\n"
        "C = Path('OLD').parent\nD: list[int] = [OLD]\n" + PLAIN
    ),
    "an exception of another test": Case("class Oops(ValueError):\n    x = OLD\n" + PLAIN),
    "a fixture of another test": Case(
        "import pytest\n@pytest.fixture\ndef db(): return OLD\n" + PLAIN
    ),
    "a fixture of others": with_conftest(
        "import pytest\n@pytest.fixture\ndef other(): return OLD\n", PLAIN
    ),
    "an unused helper": helped("def other(): return OLD\ndef make(): return 1\n"),
    "a module of another name": Case(PLAIN, {"tests/other.py": "go(OLD)\n"}),
    "another test file": Case(PLAIN, {"tests/test_b.py": "go(OLD)\n"}),
    "an import for types": Case(
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from shop.cart import OLD\n"
        + PLAIN
        + "def test_y(a: OLD): pass\n"
    ),
    "what only a script does": Case(PLAIN + "if __name__ == '__main__':\n    go(OLD)\n"),
    "a docstring of the class": method(
        "class TestX:\n    '''OLD make'''\n    def test_x(self):\n        '''OLD'''\n"
    ),
}


@pytest.mark.parametrize("case", SAME.values(), ids=SAME)
def test_other_edits_keep_the_fingerprint(case: Case) -> None:
    assert closure(case, changed=True).fingerprint == closure(case, changed=False).fingerprint
