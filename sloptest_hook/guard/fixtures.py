"""Tells which names of a file are values that pytest itself hands to a test."""

import ast
import re
from collections.abc import Iterator

from sloptest_hook.guard.bindings import How
from sloptest_hook.guard.folding import folded_text
from sloptest_hook.guard.look import Look
from sloptest_hook.guard.parsed import FUNCTIONS, Function

_LEADS_OUT = re.compile(r"^[/\\~]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:$|[/\\])")


class Fixtures:
    """The functions that pytest calls, and the fixtures that the file does not make itself."""

    __slots__ = ("_called_by_hand", "_look", "lead_out", "made_here", "own")

    def __init__(self, look: Look) -> None:
        self._look = look
        self._called_by_hand = {node.id for node in look.parsed.all(ast.Name)} | {
            node.attr for node in look.parsed.all(ast.Attribute)
        }
        self.own = {each.name: each for each in look.parsed.functions() if is_fixture(each)}
        defined = {each.name for each in look.parsed.functions()}
        self.made_here = defined | {name for call in look.calls for name in _parameters(call)}

        # A parameter set with an absolute path, or one that climbs, may be joined to any place.
        self.lead_out = any(_LEADS_OUT.search(text) for call in look.calls for text in _sets(call))

    def is_given(self, node: ast.AST, *names: str) -> bool:
        """Return whether a name is a parameter that pytest fills with its own fixture.

        Not if the file makes a fixture or a parameter set of that name, and not in a function that
        is also called by hand: anything may be handed to it.
        """
        if not isinstance(node, ast.Name) or node.id not in names or node.id in self.made_here:
            return False
        return self.is_parameter_of_pytest(node)

    def is_parameter_of_pytest(self, node: ast.Name) -> bool:
        bindings = self._look.bindings.of(node.id, node)
        return bool(bindings) and all(
            each.how is How.PARAMETER and self._is_pytests(each.node) for each in bindings
        )

    def _is_pytests(self, node: ast.AST) -> bool:
        if not isinstance(node, FUNCTIONS):
            return False
        if is_fixture(node):
            return True  # pytest refuses to have a fixture called by hand
        return node.name.startswith("test") and node.name not in self._called_by_hand


def is_fixture(function: Function) -> bool:
    """Return whether a function is marked as a fixture, by a decorator of that name."""
    return any(_last_word(each) == "fixture" for each in function.decorator_list)


def _last_word(node: ast.expr) -> str:
    node = node.func if isinstance(node, ast.Call) else node
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _parameters(call: ast.Call) -> Iterator[str]:
    """Yield the names that a call of ``parametrize`` gives values to."""
    if not (isinstance(call.func, ast.Attribute) and call.func.attr == "parametrize" and call.args):
        return
    names = call.args[0]
    for each in names.elts if isinstance(names, ast.List | ast.Tuple) else [names]:
        yield from (name.strip() for name in (folded_text(each) or "").split(","))


def _sets(call: ast.Call) -> Iterator[str]:
    """Yield the texts among the values that a call of ``parametrize`` gives."""
    if isinstance(call.func, ast.Attribute) and call.func.attr == "parametrize":
        for values in call.args[1:]:
            yield from (text for each in ast.walk(values) if (text := folded_text(each)))
