"""Texts that are filled in with ``format`` get a template with the slots that have values."""

import ast

import pytest

from sloptest_hook.running.harness.searching.templates import format_templates

FUNCTION = """
def report(text, other):
    values = {"name": 1, "seconds": 2.0}
    print(other)
    return text.format(3, total=4, **values)
"""
CLASS = """
class Timer:
    def __init__(self, label):
        self.text = label

    def stop(self):
        return self.text.format(name=self.name)
"""
DATACLASS = """
@dataclass
class Timer:
    text: str = ""

    def stop(self):
        return self.text.format(self.last)
"""


@pytest.mark.parametrize(
    ("source", "name", "templates"),
    [
        pytest.param(
            FUNCTION, "text", ["'{0} {total} {name} {seconds}'"], id="a parameter that is filled in"
        ),
        pytest.param(FUNCTION, "other", [], id="one that is not"),
        pytest.param(CLASS, "label", ["'{name}'"], id="kept by a constructor"),
        pytest.param(DATACLASS, "text", ["'{0}'"], id="kept by a dataclass"),
        pytest.param("def f(x):\n    return x", "x", [], id="nothing is filled in"),
    ],
)
def test_a_template_has_a_slot_for_each_value(source: str, name: str, templates: list[str]) -> None:
    node = ast.parse(source).body[0]

    assert [value.source for value in format_templates(name, node)] == templates
