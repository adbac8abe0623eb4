"""Every operator by its own examples: what a text can become, and that each of it is a program."""

import ast

import pytest

from sloptest_hook.quality.edits import Operator
from sloptest_hook.quality.mutants import all_edits
from sloptest_hook.quality.operators import OPERATORS
from sloptest_hook.quality.text import SourceText

EXAMPLES = [
    pytest.param(operator, before, after, id=f"{operator.name}-{number}")
    for operator in OPERATORS
    for number, (before, after) in enumerate(operator.examples)
]


@pytest.mark.parametrize(("operator", "before", "after"), EXAMPLES)
def test_an_operator_does_what_its_examples_say(
    operator: Operator, before: str, after: tuple[str, ...]
) -> None:
    edits = sorted(all_edits(SourceText(before), operator), key=lambda each: each.span)
    made = [before[: e.span[0]] + e.after + before[e.span[1] :] for e in edits]
    assert made == list(after)
    for each in made:
        ast.parse(each)


@pytest.mark.parametrize("operator", OPERATORS, ids=lambda each: each.name)
def test_an_operator_shows_what_it_does_and_what_it_leaves_alone(operator: Operator) -> None:
    changes = [after for _, after in operator.examples if after]
    assert changes
