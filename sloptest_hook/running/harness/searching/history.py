"""What may happen to a receiver before the call: other methods that change it, as statements."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator, Sequence

from .choices import bind, choices_for
from .ownership import member_of, methods_of
from .recipes import Recipes
from .syntax import Definition
from .target import Target, parameters_of, receiver_name
from .value import AWAIT, Bound, written

_MOST = 8
_MOST_PAIRS = 12
_KEY_AND_VALUE = 2


def earlier_calls(target: Target, recipes: Recipes) -> Iterator[tuple[str, ...]]:
    """Yield one or two statements that may change the receiver, its bases' methods included."""
    if target.owner is None:
        return
    singles = list(dict.fromkeys(_statements(target, target.owner, recipes)))[:_MOST]
    yield from ((each,) for each in singles)
    # Whoever comes second may have to wait, and what is called then finds it waiting.
    awaited = [each for each in singles if each.startswith(AWAIT)]
    yield from ((each, _begun(each), f"{AWAIT}asyncio.sleep(0)") for each in awaited)
    yield from itertools.islice(itertools.permutations(singles, 2), _MOST_PAIRS)


def _begun(awaited: str) -> str:
    """Return the statement that begins what another one awaits."""
    return f"asyncio.ensure_future({awaited.removeprefix(AWAIT)})"


def _statements(target: Target, owner: type, recipes: Recipes) -> Iterator[str]:
    variable = receiver_name(owner)
    seen: set[str] = set()
    # The symbol itself last: to call it twice is the rarer story.
    nodes = sorted(methods_of(owner), key=lambda each: each.name == target.name)
    for node in nodes:
        function = member_of(owner, node.name)
        if node.name in seen or not _is_plain_method(node) or not callable(function):
            continue
        seen.add(node.name)
        if not (node.name == "__setitem__" or _changes_state(node)):
            continue
        parameters = parameters_of(function, skip_first=True, source=target.source)
        columns = {each.name: choices_for(each, node, recipes.world) for each in parameters}
        for row in range(2):
            chosen = {
                e.name: [columns[e.name][row % len(columns[e.name])]]
                for e in parameters
                if e.required and columns[e.name]
            }
            bounds = bind(parameters, chosen)
            if not any(bound.value.arrange or bound.value.imports for bound in bounds):
                waits = AWAIT if isinstance(node, ast.AsyncFunctionDef) else ""
                yield waits + _statement(variable, node.name, bounds)


def _statement(variable: str, name: str, bounds: Sequence[Bound]) -> str:
    if name == "__setitem__" and len(bounds) == _KEY_AND_VALUE:
        key, value = (bound.value.source for bound in bounds)
        return f"{variable}[{key}] = {value}"
    return f"{variable}.{name}({written(bounds)})"


def _is_plain_method(node: Definition) -> bool:
    public = not node.name.startswith("_") or node.name == "__setitem__"
    return not node.decorator_list and public


def _changes_state(node: Definition) -> bool:
    """Whether a method assigns to an attribute of ``self`` or calls a method of one."""
    for each in ast.walk(node):
        if isinstance(each, (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Delete)):
            places = each.targets if isinstance(each, (ast.Assign, ast.Delete)) else [each.target]
            if any(_starts_at_self(place) for place in places):
                return True
        elif isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute):
            owner = each.func.value
            if isinstance(owner, (ast.Attribute, ast.Subscript)) and _starts_at_self(owner):
                return True
    return False


def _starts_at_self(place: ast.expr) -> bool:
    while isinstance(place, (ast.Attribute, ast.Subscript)):
        place = place.value
        if isinstance(place, ast.Name) and place.id == "self":
            return True
    return False
