import json

import pytest

from sloptest_hook.report.functions import function_text
from sloptest_hook.report.shown_tests import Fate, ShownTest, fate_of, lines, to_json

WRITTEN = """\
import pytest


@pytest.mark.parametrize("n", [1, 2])
def test_f(n):
    assert n


class TestG:
    def test_g(self):
        assert True
"""


@pytest.mark.parametrize(
    ("node_id", "text"),
    [
        (
            "t.py::test_f[1]",
            '@pytest.mark.parametrize("n", [1, 2])\ndef test_f(n):\n    assert n',
        ),
        ("t.py::TestG::test_g", "    def test_g(self):\n        assert True"),
        ("t.py::test_g", None),
        ("t.py::TestF::test_g", None),
        ("t.py", None),
    ],
)
def test_a_node_id_names_a_function_with_its_decorators(node_id: str, text: str | None) -> None:
    assert function_text(WRITTEN, node_id) == text


@pytest.mark.parametrize("text", ["def (", "x = '\0'", "(" * 500, "f\x0c"])
def test_a_file_that_does_not_parse_has_no_function(text: str) -> None:
    assert function_text(text, "t.py::test_f") is None


@pytest.mark.parametrize(
    ("now", "written", "fate"),
    [
        (WRITTEN, WRITTEN, Fate.AS_WRITTEN),
        ("# mine\n" + WRITTEN.replace("\n", "\r\n"), WRITTEN, Fate.AS_WRITTEN),
        (WRITTEN.replace("assert n", "assert n > 0"), WRITTEN, Fate.EDITED),
        (WRITTEN.replace("test_f", "test_mine"), WRITTEN, Fate.GONE),
        (None, WRITTEN, Fate.GONE),
        (WRITTEN, None, Fate.UNKNOWN),
    ],
    ids=["same", "other lines changed", "edited", "renamed", "no file", "nobody knows"],
)
def test_the_fate_of_a_test_is_that_of_its_own_lines(
    now: str | None, written: str | None, fate: Fate
) -> None:
    assert fate_of("t.py::test_f", now, written) is fate


def shown(**other: object) -> ShownTest:
    known: dict[str, object] = {
        "node_id": "t.py::test_f",
        "symbol": "a.py::f",
        "fate": Fate.AS_WRITTEN,
        "lines": (3, 4, 9),
        "is_alone": True,
        "mutants": (0, 0),
        "source": "def test_f():\n    assert True",
    }
    return ShownTest(**{**known, **other})  # type: ignore[arg-type]  # a table of some of them


@pytest.mark.parametrize(
    ("test", "said"),
    [
        (shown(), "  for a.py::f: executes lines 3-4, 9"),
        (shown(lines=(3,)), "  for a.py::f: executes line 3"),
        (
            shown(is_alone=False),
            "  for a.py::f: together with its other tests executes lines 3-4, 9",
        ),
        (shown(lines=()), "  for a.py::f: which lines it executes is not on record"),
        (
            shown(mutants=(4, 5)),
            "  for a.py::f: executes lines 3-4, 9; the tests of it kill 4 of 5 mutants",
        ),
    ],
)
def test_a_test_is_told_with_what_justifies_it(test: ShownTest, said: str) -> None:
    assert list(lines([test])) == ["t.py::test_f", said, "    def test_f():", "        assert True"]


def test_what_is_not_as_it_was_written_says_so() -> None:
    gone = shown(fate=Fate.GONE, source=None)

    assert next(lines([gone])) == "t.py::test_f  (gone)"
    assert json.loads(to_json([gone]))["tests"][0]["fate"] == "gone"


def test_without_a_test_it_says_so() -> None:
    assert list(lines([])) == ["the last run has written no test"]
