import pytest

from sloptest_hook.coverage.call_graph import call_graph, telling_name

SOURCE = """\
def parse(text):
    return Node(clean(text))

def clean(text):
    return text.strip()

class Node:
    kind = default_kind()

    def __init__(self, text):
        self.text = normalised(text)

    def render(self):
        return shown(self.text)

def normalised(text): ...
def shown(text): ...
def default_kind(): ...
def unused(): return deep()
def deep(): ...
"""


@pytest.mark.parametrize(
    ("test", "reached", "not_reached"),
    [
        pytest.param("parse('x')", {"parse", "clean"}, {"unused", "deep"}, id="a call"),
        pytest.param("parse('x')", {"Node", "normalised", "default_kind"}, {"shown"}, id="a class"),
        pytest.param("mod.Node('x').render()", {"render", "shown"}, {"clean"}, id="a method"),
        pytest.param("getattr(mod, 'unused')()", {"unused", "deep"}, {"parse"}, id="a string"),
        pytest.param("# parse", set(), {"parse"}, id="a comment"),
        pytest.param("def broken(:", set(), {"parse"}, id="a text that does not parse"),
    ],
)
def test_names_are_followed_from_the_tests(
    test: str, reached: set[str], not_reached: set[str]
) -> None:
    names = call_graph([SOURCE, "def also broken"]).reached_from([test])

    assert reached <= names
    assert not names & not_reached


def test_functions_that_call_each_other_come_to_an_end() -> None:
    graph = call_graph(["def a(): b()\ndef b(): a()\n"])

    assert graph.reached_from(["a()"]) >= {"a", "b"}


@pytest.mark.parametrize(
    ("qualname", "name"),
    [("f", "f"), ("A.f", "f"), ("A.__init__", "A"), ("A.B.__eq__", "B"), ("__dir__", "__dir__")],
)
def test_a_special_method_is_reached_by_its_class(qualname: str, name: str) -> None:
    assert telling_name(qualname) == name
