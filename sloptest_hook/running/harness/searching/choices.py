"""The values worth trying for each parameter, and the trials that they make together."""

from __future__ import annotations

import ast
import inspect
import typing
from collections.abc import Mapping, Sequence

from . import foreign
from .annotated import values_for
from .ducks import Use, use_of
from .everyday import path_texts
from .guesses import compared, guesses, keyword_dicts
from .literals import source_of
from .naming import command_lines, is_command_line, is_path, is_separator, separators, templates
from .target import EMPTY, Parameter
from .templates import format_templates
from .told import by_kind, told_hint
from .typical import typical_for
from .value import STRAY, Bound, Value
from .world import World, distinct, joined, plain, scalars

_MOST = 30
_ODD = 4
_MOST_FITTING = 6
_FIRST_ALONE = 4
_BEFORE_STRAYS = 6
_VARIABLE = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


def choices_for(
    parameter: Parameter, node: ast.AST, world: World, seeded: object = None
) -> list[Value]:
    """Return the values for one parameter, the likeliest first.

    ``seeded`` is the type of what a person passes for it, where that is known.
    """
    found: list[Value] = []
    if parameter.kind is inspect.Parameter.VAR_KEYWORD:
        with foreign.Bounded(1.0):
            found = keyword_dicts(parameter.name, node, world)
        if found:
            return found[:_MOST]
    if parameter.hint is not EMPTY:
        with foreign.Bounded(1.0):  # an annotation may be any object, with any __eq__
            found = values_for(parameter.hint, world)
    if found:
        found = _aware(parameter, found, node, world)
    if not found:
        with foreign.Bounded(1.0):  # it looks at the module's classes
            found = _guessed(parameter, node, world, seeded)
    found = _with_several(parameter, found or scalars(world))
    if parameter.default is not EMPTY and parameter.default is not None:
        known = source_of(parameter.default)
        if known is not None:
            default = Value(known.source, "default", known.imports)
            # The default itself is what the call without it shows.
            return [value for value in distinct(found) if value.source != default.source][:_MOST]
    return distinct(found)[:_MOST]


def _with_several(parameter: Parameter, found: list[Value]) -> list[Value]:
    """Add a list of two for ``*args``: some take them as one argument too."""
    if parameter.kind is not inspect.Parameter.VAR_POSITIONAL:
        return found
    return [*found[:_FIRST_ALONE], joined("[{}]", found[:2]), *found[_FIRST_ALONE:]]


def _guessed(parameter: Parameter, node: ast.AST, world: World, seeded: object) -> list[Value]:
    """Return guesses, those first that are of the type that docstring or calls tell."""
    name = _name_of_one(parameter)
    found = [*format_templates(name, node), *guesses(name, parameter.default, node, world)]
    hint = seeded or told_hint(name, _said_in(node))
    use = use_of(name, node)
    if use.kinds:  # it asks for types itself: one that it does not ask for may come too
        return [*found[:_BEFORE_STRAYS], *_strays(use), *found[_BEFORE_STRAYS:]]
    if hint is None:
        return found
    fitting, strays = by_kind(found, hint)
    typed = values_for(hint, world)
    return [*typical_for(name, hint), *fitting[:_MOST_FITTING], *typed, *fitting, *strays]


def _strays(use: Use) -> list[Value]:
    """Return plain values of types that the function does not ask for."""
    asked = {_KIND_OF.get(kind, kind) for kind in use.kinds}
    values = {"int": 3, "str": "hello", "list": [1, 2, 3], "None": None}
    return [
        value._replace(origin=STRAY)
        for kind, held in values.items()
        if kind not in asked
        for value in plain(held)
    ]


# What is a number to whoever asks for one.
_KIND_OF = {"float": "int", "Number": "int", "Sequence": "list", "Iterable": "list", "bytes": "str"}


def _said_in(node: ast.AST) -> str:
    """Return the docstring of a function; of a class its constructor's and its own."""
    documented = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    inner = node.body if isinstance(node, ast.ClassDef) else []
    makers = [each for each in inner if getattr(each, "name", "") == "__init__"]
    texts = [ast.get_docstring(each) for each in (*makers, node) if isinstance(each, documented)]
    return "\n".join(text for text in texts if text)


def _name_of_one(parameter: Parameter) -> str:
    """Return the parameter's name; of ``*names`` each argument is a name."""
    several = parameter.kind is inspect.Parameter.VAR_POSITIONAL
    return parameter.name[:-1] if several and parameter.name.endswith("s") else parameter.name


def _aware(parameter: Parameter, found: list[Value], node: ast.AST, world: World) -> list[Value]:
    """Add to the values of an annotation what the use of the parameter asks for."""
    use = use_of(parameter.name, node)
    if parameter.hint is str and use.template:
        found = [*templates(), *found]
    if parameter.hint is str and is_separator(parameter.name):
        found = [*separators(), *found]
    if is_path(parameter.name) and str in (parameter.hint, *typing.get_args(parameter.hint)):
        found = [*found[:2], *path_texts(world), *found[2:]]
    if is_command_line(parameter.name) and found[0].source.startswith("["):
        found = distinct([*command_lines(world), *found])
    found = distinct(_with_typical(parameter, found))
    if str in (parameter.hint, *typing.get_args(parameter.hint)):
        found = [*format_templates(parameter.name, node), *found]
    if parameter.hint in (str, int):
        found = distinct([*compared(use, world), *found])
    # Whoever asks for the type, here or in a function below, wants to refuse another one.
    odd = [*scalars(world)[:2], *plain(None, [])] if use.kinds else plain(None, 3)
    return [*found[: _MOST - _ODD], *(each._replace(origin=STRAY) for each in odd)]


def _with_typical(parameter: Parameter, found: list[Value]) -> list[Value]:
    """Put what the name calls for first; of several types one value of each comes before."""
    named = typical_for(parameter.name, parameter.hint)
    several = [each for each in typing.get_args(parameter.hint) if each is not type(None)]
    if not (named and several[1:] and str in several):
        return [*named, *found]
    heads = [
        named[0] if value.source[:1] in ("'", '"') else value for value in found[: len(several)]
    ]
    return [*heads, *named, *found]


def bind(
    parameters: Sequence[Parameter], chosen: Mapping[str, Sequence[Value]]
) -> tuple[Bound, ...]:
    """Return the arguments in order: what is required by position, what has a default by name."""
    bound: list[Bound] = []
    for parameter in parameters:
        values = chosen.get(parameter.name, ())
        if parameter.kind is inspect.Parameter.VAR_KEYWORD:
            taken = {each.name for each in parameters}
            bound += [each for each in _keywords(values) if each.name not in taken]
        else:
            keyword = _by_name(parameter, chosen, parameters)
            bound += [Bound(parameter.name, value, keyword) for value in values]
    return tuple(bound)


_KEYS = ("key", "other")


def _keywords(values: Sequence[Value]) -> list[Bound]:
    """Return the keywords of a display of known ones; two of any name for other values."""
    for value in values[:1]:
        node = ast.parse(value.source, mode="eval").body
        if isinstance(node, ast.Dict):
            keys = [getattr(key, "value", None) for key in node.keys]
            if keys and all(isinstance(key, str) and key.isidentifier() for key in keys):
                return [
                    Bound(str(key), value._replace(source=ast.unparse(held)), keyword=True)
                    for key, held in zip(keys, node.values)
                ]
    return [Bound(_KEYS[at % 2], value, keyword=True) for at, value in enumerate(values[:2])]


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
