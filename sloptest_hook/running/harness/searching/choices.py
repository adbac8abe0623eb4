"""The values worth trying for each parameter, and the trials that they make together."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Mapping, Sequence

from . import foreign
from .annotated import values_for
from .ducks import use_of
from .guesses import guesses, is_separator, separators, templates
from .literals import source_of
from .target import EMPTY, Parameter
from .value import Bound, Value
from .world import World, distinct, plain, scalars

_MOST = 30
_ODD = 4
_VARIABLE = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


def choices_for(parameter: Parameter, node: ast.AST, world: World) -> list[Value]:
    """Return the values for one parameter, the likeliest first."""
    found: list[Value] = []
    if parameter.hint is not EMPTY:
        with foreign.Bounded(1.0):  # an annotation may be any object, with any __eq__
            found = values_for(parameter.hint, world)
    if found and parameter.hint is str and use_of(parameter.name, node).template:
        found = [*templates(), *found]
    if found and use_of(parameter.name, node).kinds:  # it asks: let it see what it refuses
        found = [*found[: _MOST - _ODD], *scalars(world)[:2], *plain(None, [])]
    if found and parameter.hint is str and is_separator(parameter.name):
        found = [*separators(), *found]
    if not found:
        with foreign.Bounded(1.0):  # it looks at the module's classes
            found = guesses(parameter.name, parameter.default, node, world)
    found = found or scalars(world)
    if parameter.default is not EMPTY and parameter.default is not None:
        known = source_of(parameter.default)
        if known is not None:
            default = Value(known.source, "default", known.imports)
            # The default itself is what the call without it shows.
            return [value for value in distinct(found) if value.source != default.source][:_MOST]
    return distinct(found)[:_MOST]


def bind(
    parameters: Sequence[Parameter], chosen: Mapping[str, Sequence[Value]]
) -> tuple[Bound, ...]:
    """Return the arguments in order: what is required by position, what has a default by name."""
    bound: list[Bound] = []
    for parameter in parameters:
        values = chosen.get(parameter.name, ())
        if parameter.kind is inspect.Parameter.VAR_KEYWORD:
            bound += [
                Bound(_KEYS[at % 2], value, keyword=True) for at, value in enumerate(values[:2])
            ]
        else:
            keyword = _by_name(parameter, chosen, parameters)
            bound += [Bound(parameter.name, value, keyword) for value in values]
    return tuple(bound)


_KEYS = ("key", "other")


def _by_name(
    parameter: Parameter,
    chosen: Mapping[str, Sequence[Value]],
    parameters: Sequence[Parameter],
) -> bool:
    if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
        return True
    if parameter.kind is not inspect.Parameter.POSITIONAL_OR_KEYWORD:
        return False
    more = any(each.kind in _VARIABLE and chosen.get(each.name) for each in parameters)
    return parameter.default is not EMPTY and not more


def is_variable(parameter: Parameter) -> bool:
    """Whether a parameter takes any number of arguments."""
    return parameter.kind in _VARIABLE
