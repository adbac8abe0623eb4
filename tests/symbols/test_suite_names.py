import pytest

from sloptest_hook.symbols.suite_names import suite_names as names_of

KNOWN = {
    "functions": (
        "def test_a(): pass\nasync def test_b(): pass\ndef help(): pass\n",
        "test_a test_b",
    ),
    "a class": (
        "class TestB:\n    def test_c(self): pass\n    def other(self): pass\n",
        "TestB::test_c",
    ),
    "a case of unittest": (
        "import unittest\nclass Any(unittest.TestCase):\n    def test_c(self): pass\n",
        "Any::test_c",
    ),
    "a class of another name": ("class Helper:\n    def test_c(self): pass\n", ""),
    "an error": ("class Wrong(ValueError):\n    def test_c(self): pass\n", ""),
    "variants": (
        "import pytest\n@pytest.mark.parametrize('n', [1])\ndef test_a(n): pass\n",
        "test_a",
    ),
    "what is beside tests": ("import os\nX = 1\nif X:\n    Y = 2\ndef test_a(): pass\n", "test_a"),
}
UNCERTAIN = {
    "one that is skipped": "import pytest\n@pytest.mark.skip\ndef test_a(): pass\n",
    "one that may fail": "import pytest\n@pytest.mark.xfail\ndef test_a(): pass\n",
    "an inherited one": "from base import Base\nclass TestA(Base): pass\n",
    "a class in a class": "class TestA:\n    class TestB:\n        def test_c(self): pass\n",
    "an imported one": "from other import test_a\n",
    "all that another has": "from other import *\n",
    "one that is made": "def make(): pass\ntest_a = make()\n",
    "one in a block": "if 1:\n    def test_a(): pass\n",
    "a class in a block": "try:\n    class TestA: pass\nexcept E: pass\n",
    "text that does not parse": "def test_a(:\n",
}


@pytest.mark.parametrize(("text", "names"), KNOWN.values(), ids=KNOWN)
def test_the_tests_of_a_file_are_named(text: str, names: str) -> None:
    assert names_of(text) == tuple(names.split())


@pytest.mark.parametrize("text", UNCERTAIN.values(), ids=UNCERTAIN)
def test_where_nobody_can_say_nothing_is_said(text: str) -> None:
    assert names_of(text) is None
