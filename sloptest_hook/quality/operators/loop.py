"""A loop runs not once, or goes on where it left off, or leaves off where it went on."""

import ast
from collections.abc import Iterator

from sloptest_hook.quality.edits import Edit, Operator, Place


def _edits(node: ast.AST, place: Place) -> Iterator[Edit]:
    match node:
        case ast.Break():
            yield place.replaced(node, "continue")
        case ast.Continue():
            yield place.replaced(node, "break")
        case ast.For():
            yield place.replaced(node.iter, "()", _never(node, "for"))
        case ast.While():
            yield place.replaced(node.test, "False", _never(node, "while"))
        case _:
            return


def _never(node: ast.stmt, word: str) -> str:
    return f"the `{word}` loop at line {node.lineno} need not run once"


OPERATOR = Operator(
    "loop",
    1,
    _edits,
    (
        (
            "def f(a):\n    for x in a: break",
            ("def f(a):\n    for x in (): break", "def f(a):\n    for x in a: continue"),
        ),
        (
            "def f(a):\n    while a: continue",
            ("def f(a):\n    while False: continue", "def f(a):\n    while a: break"),
        ),
    ),
)
