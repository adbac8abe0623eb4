import pytest

from sloptest_hook.merging.check import verify_merge

TEST = b"def test_a():\n    assert 1\n"

HARMLESS = [
    pytest.param(None, TEST, id="a new file"),
    pytest.param(TEST, TEST, id="nothing new"),
    pytest.param(TEST, TEST + b"\n\ndef test_b(): pass\n", id="a test behind"),
    pytest.param(TEST, b"import os\n\n\n" + TEST, id="an import in front"),
    pytest.param(TEST.rstrip(), TEST + b"x = 1\n", id="a final newline"),
    pytest.param(b"\xef\xbb\xbf" + TEST, b"\xef\xbb\xbfx = 1\n" + TEST, id="a byte order mark"),
    pytest.param(
        b"class TestA:\n    def test_a(self): pass\n",
        b"class TestA:\n    def test_a(self): pass\n    def test_b(self): pass\n",
        id="a method more",
    ),
    pytest.param(
        b"from a import (\n    b,\n)\n", b"from a import (\n    b,\n    c,\n)\n", id="a name more"
    ),
    pytest.param(b"import a.b\n", b"import a.b\nimport a.c\n", id="a submodule more"),
    pytest.param(b"X = '\\d'\n", b"X = '\\d'\ny = 1\n", id="an escape Python warns of"),
]

HARMFUL = [
    pytest.param(None, b"def (", "would not compile", id="new code that does not parse"),
    pytest.param(
        TEST, TEST + b"from __future__ import annotations\n", "would not compile", id="late future"
    ),
    pytest.param(b"def (", TEST, "does not compile", id="old code that does not parse"),
    pytest.param(TEST, b"", "a line", id="a lost test"),
    pytest.param(TEST, TEST.replace(b"1", b"2"), "a line", id="a changed test"),
    pytest.param(TEST, TEST.replace(b"\n", b"\r\n"), "a line", id="changed line ends"),
    pytest.param(TEST, TEST.rstrip(), "a line", id="a lost final newline"),
    pytest.param(TEST, b"\xef\xbb\xbf" + TEST, "a line", id="a byte order mark appears"),
    pytest.param(b"a = 1\nb = 2\n", b"b = 2\na = 1\n", "a line", id="another order"),
    pytest.param(b"x = 1 # a\n", b"x = 1\n", "a line", id="a lost comment"),
    pytest.param(
        b"X = '''\n\n'''\n", b"X = '''\nnew\n\n'''\n", "a statement", id="inside a string"
    ),
    pytest.param(
        TEST, b"if 0:\n  pass\nr'''\n" + TEST + b"'''\n", "a statement", id="hidden in a string"
    ),
    pytest.param(
        TEST + b"    assert 3\n",
        TEST + b"    assert 2\n    assert 3\n",
        "a statement",
        id="a line within a test",
    ),
    pytest.param(TEST, b"@skip\n" + TEST, "a statement", id="a decorator appears"),
    pytest.param(TEST, TEST + b"\n\ndef test_a(): pass\n", "second test_a", id="a test is hidden"),
    pytest.param(
        b"from a import b\n", b"from a import b\nfrom c import b\n", "second b", id="a name changes"
    ),
    pytest.param(
        b"from a import (\n    b,\n)\n",
        b"from a import (\n    b,\n    c as b,\n)\n",
        "second b",
        id="an imported name changes",
    ),
    pytest.param(
        b"class TestA:\n    def test_a(self): pass\n",
        b"class TestA:\n    def test_a(self): pass\n    def test_a(self): return\n",
        "second test_a",
        id="a method is hidden",
    ),
]


@pytest.mark.parametrize(("before", "after"), HARMLESS)
def test_a_pure_insertion_passes(before: bytes | None, after: bytes) -> None:
    assert verify_merge(before, after) is None


@pytest.mark.parametrize(("before", "after", "reason"), HARMFUL)
def test_whatever_touches_the_users_code_is_named(
    before: bytes | None, after: bytes, reason: str
) -> None:
    assert reason in (verify_merge(before, after) or "")
