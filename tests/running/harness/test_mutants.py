"""Faults are put into the one function, told with their line, and taken out again."""

import ast

from sloptest_hook.running.harness.searching.mutants import mutants
from sloptest_hook.running.harness.searching.syntax import Definition

SOURCE = """
def price(weight, zone):
    if (
        weight > 3
        and zone == "far"
    ):
        return weight * 2
    return 1
"""


def function() -> Definition:
    found = ast.parse(SOURCE).body[0]
    assert isinstance(found, ast.FunctionDef)
    return found


def test_each_fault_is_another_one_with_the_line_of_its_statement() -> None:
    found = [(ast.unparse(node), line) for node, line in mutants(function())]

    assert len({text for text, _ in found}) == len(found)
    assert {line for text, line in found if "zone != 'far'" in text} == {3}
    assert {line for text, line in found if "weight / 2" in text} == {7}


def test_afterwards_the_function_is_as_it_was() -> None:
    node = function()
    before = ast.dump(node)
    for _ in mutants(node):
        pass
    assert ast.dump(node) == before

    for changed, _ in mutants(node):
        assert ast.dump(changed) != before
        break
    assert ast.dump(node) == before
