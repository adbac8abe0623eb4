"""What a test function shows of itself: a table of what smells, a table of what does not."""

from pathlib import PurePosixPath

import pytest

from sloptest_hook.quality.smells import smells_of
from sloptest_hook.values.analysis import SmellKind

PATH = PurePosixPath("tests/test_a.py")


def smells_in(body: str, head: str = "def test_a():") -> list[tuple[SmellKind, str]]:
    text = f"{head}\n" + "".join(f"    {line}\n" for line in body.split("\n"))
    found = smells_of(PATH, text, frozenset({"tests/test_a.py::test_a"}))
    return [(each.kind, each.says) for each in found]


MOCKED = "with patch('a') as a, patch('b') as b:\n    f(Mock(), MagicMock())\n    assert a.called"


@pytest.mark.parametrize(
    ("body", "smells"),
    [
        pytest.param("f()", [(SmellKind.NO_ASSERTION, "nothing is asserted")], id="no assertion"),
        pytest.param(
            MOCKED, [(SmellKind.OVER_MOCKING, "4 mocks and 1 assertions")], id="over-mocking"
        ),
        pytest.param(
            "\n".join("assert f()" for _ in range(9)),
            [(SmellKind.ROULETTE, "9 assertions without a message")],
            id="assertion roulette",
        ),
        pytest.param(
            "time.sleep(0.1)\nassert f()", [(SmellKind.SLEEPING, "`time.sleep(0.1)`")], id="a pause"
        ),
    ],
)
def test_what_smells_is_named_with_what_was_counted(
    body: str, smells: list[tuple[SmellKind, str]]
) -> None:
    assert smells_in(body) == smells


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("assert f() == 1", id="an assertion"),
        pytest.param("with pytest.raises(E):\n    f()", id="an expected exception"),
        pytest.param("self.assertEqual(f(), 1)", id="unittest"),
        pytest.param("mock.assert_called_once_with(1)", id="a mock's own assertion"),
        pytest.param("_check_that_it_works(f())", id="a helper that checks"),
        pytest.param("sleep(0)\nassert f()", id="a pause of nothing"),
        pytest.param("monkeypatch.setattr(a, 'b', 1)\nassert f()", id="one thing replaced"),
        pytest.param("\n".join("assert f(), 'why'" for _ in range(9)), id="words on each"),
    ],
)
def test_an_honest_test_does_not_smell(body: str) -> None:
    assert smells_in(body) == []


def test_methods_are_read_and_others_than_those_asked_for_are_not() -> None:
    text = (
        "class TestA:\n    def test_a(self):\n        f()\n\n    def test_b(self):\n        f()\n"
    )
    found = smells_of(PATH, text, frozenset({"tests/test_a.py::TestA::test_a"}))
    assert [(each.test, each.line) for each in found] == [("tests/test_a.py::TestA::test_a", 2)]


def test_a_file_that_does_not_parse_has_no_smell() -> None:
    assert smells_of(PATH, "def test_a(:", frozenset({"tests/test_a.py::test_a"})) == ()
