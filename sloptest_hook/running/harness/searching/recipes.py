"""Expressions that make an instance of a class: its constructor, its class methods, a subclass."""

from __future__ import annotations

import ast
import enum
import inspect
import itertools
import typing
from collections import OrderedDict, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence

from . import foreign
from .annotated import member_value
from .choices import bind, choices_for, is_variable
from .constants import Constants, with_state
from .describe import attributes, describe
from .ducks import Use, use_of
from .module_source import ModuleSource, Namespaces, Reference, reference_to_class
from .ownership import (
    class_node,
    member_of,
    members_of,
    methods_of,
    module_name,
    qualified_name,
)
from .producers import makers, ready_made
from .target import EMPTY, Parameter, hints_of, parameters_of
from .value import Bound, Value, unique, written
from .world import World, combined

_MOST = 12
_MOST_KNOWN = 3
_MOST_NESTED = 3
_MOST_PRODUCED = 3
_MOST_KEYS = 8
_DICTS = (dict, OrderedDict, defaultdict)  # those that run nobody's code when they are read
_FIRST = 5  # calls of a constructor that are tried before its class's other makers
_DEPTH = 2
_ROWS = 12


class Recipes:
    """Finds, tries and remembers the recipes of each class; ``known`` come from seeds."""

    def __init__(
        self, source: ModuleSource, constants: Constants, known: Sequence[Value] = ()
    ) -> None:
        self.world = World(source, constants, self.instances)
        self._known = known
        self._found: dict[type, list[Value]] = {}
        self._open: list[type] = []
        self.keys: tuple[str, ...] = ()  # what an instance looks things up by
        self._namespaces = Namespaces()

    def learn_state(self, kind: type) -> None:
        """Let the texts and patterns that an instance keeps count as constants too."""
        for value in self.instances(kind)[:1]:
            made: object = None
            with foreign.Bounded(0.3):
                namespace = self._namespaces.fresh(value.imports)
                for line in value.arrange:
                    foreign.execute(line, namespace)
                made = foreign.evaluate(value.source, namespace)
            held = list(attributes(made).values())
            self.keys = tuple(key for each in held for key in _text_keys(each))[:_MOST_KEYS]
            constants = with_state(self.world.constants, held)
            self.world = self.world._replace(constants=constants)

    def instances(self, kind: type) -> Sequence[Value]:
        """Return working recipes, at most eight, the simplest first."""
        if kind in self._found:
            return self._found[kind]
        if kind in self._open or len(self._open) > _DEPTH:
            return []
        self._open.append(kind)
        try:
            self._found[kind] = self._working(kind)
        finally:
            self._open.remove(kind)
        return self._found[kind]

    def _working(self, kind: type) -> list[Value]:
        if issubclass(kind, enum.Enum):
            return [value for value in map(member_value, kind) if value is not None][:_MOST]
        found: dict[str, Value] = {}
        self._add(self._known, kind, found, _MOST_KNOWN)
        self._add(ready_made(kind, self.world.source), kind, found, _MOST)
        self._add(itertools.islice(self._candidates(kind), 40), kind, found, _MOST)
        nested = self._nested(kind, list(found.values()))
        self._add(nested, kind, found, _MOST + _MOST_NESTED)
        return list(found.values())

    def _add(self, values: Iterable[Value], kind: type, found: dict[str, Value], most: int) -> None:
        """Add the values that make an instance that none of those before makes."""
        for value in values:
            if len(found) >= most:
                return
            text = self._try(value, kind)
            if text is not None:
                found.setdefault(text, value)

    def _nested(self, kind: type, made: Sequence[Value]) -> Iterator[Value]:
        """Yield instances that hold another one of their class: lists that are linked, trees."""
        reference, maker = reference_to_class(kind), member_of(kind, "__init__")
        if reference is None or not made or not inspect.isfunction(maker):
            return
        parameters = parameters_of(maker, skip_first=True, source=self.world.source)
        node = class_node(kind) or _written_in(kind, "__init__")
        own = set(members_of(kind)) | _assigned(node)
        columns = {each.name: choices_for(each, node, self.world) for each in parameters}
        first = {e.name: columns[e.name][:1] for e in parameters if e.required}
        for each in parameters:
            if _is_of_kind(each, kind, use_of(each.name, node), own):
                once = {
                    **first,
                    each.name: made[1:2] or made[:1],
                    **_other_first(parameters, each, columns),
                }
                inner = _call(reference, bind(parameters, once))
                yield inner
                yield _call(reference, bind(parameters, {**once, each.name: [inner]}))

    def _try(self, value: Value, kind: type) -> str | None:
        """Return a description of the instance; None when there is none."""
        kept: list[str | None] = [None]
        if value.fixtures:
            return None
        with foreign.Bounded(0.3):
            namespace = self._namespaces.fresh(value.imports)
            for line in value.arrange:
                foreign.execute(line, namespace)
            made = foreign.evaluate(value.source, namespace)
            kept.append(describe(made) if isinstance(made, kind) else None)
        return kept[-1]

    def _candidates(self, kind: type) -> Iterator[Value]:
        concrete = [] if inspect.isabstract(kind) else [kind]
        below = self._subclasses(kind)
        for each in [*below, *concrete] if _is_unfinished(kind) else [*concrete, *below]:
            reference = reference_to_class(each)
            if reference is not None:
                constructed = self._constructed(each, reference)
                yield from itertools.islice(constructed, _FIRST)
                yield from self._class_methods(each, reference)
                yield from itertools.islice(self._produced(kind), _MOST_PRODUCED)
                yield from constructed

    def _subclasses(self, kind: type) -> list[type]:
        package = module_name(kind).partition(".")[0]
        found: list[type] = type.__subclasses__(kind)
        near = [each for each in found if module_name(each).partition(".")[0] == package]
        concrete = [each for each in near if not inspect.isabstract(each)]
        return sorted(concrete, key=qualified_name)[:3]

    def _constructed(self, kind: type, reference: Reference) -> Iterator[Value]:
        maker = member_of(kind, "__init__")
        if not inspect.isfunction(maker):
            maker = member_of(kind, "__new__")
            maker = maker.__func__ if isinstance(maker, staticmethod) else maker
        if not inspect.isfunction(maker):
            yield from _of_builtin(kind, reference)
            yield Value(f"{reference.source}()", "type", reference.imports)
            if issubclass(kind, BaseException):
                yield Value(f'{reference.source}("boom")', "type", reference.imports)
            return
        parameters = parameters_of(maker, skip_first=True, source=self.world.source)
        node = class_node(kind) or _written_in(kind, maker.__name__)
        yield from self._calls(reference, parameters, node)

    def _class_methods(self, kind: type, reference: Reference) -> Iterator[Value]:
        for name, member in sorted(members_of(kind).items(), key=lambda item: item[0]):
            if isinstance(member, (classmethod, staticmethod)) and not name.startswith("_"):
                function = member.__func__
                skip = isinstance(member, classmethod)
                parameters = parameters_of(function, skip_first=skip, source=self.world.source)
                node = _written_in(kind, name)
                called = Reference(f"{reference.source}.{name}", reference.imports)
                yield from itertools.islice(self._calls(called, parameters, node), 3)

    def _calls(
        self, reference: Reference, parameters: Sequence[Parameter], node: ast.AST
    ) -> Iterator[Value]:
        """Yield the first choice of all required arguments, then one argument varied at a time."""
        columns = {each.name: choices_for(each, node, self.world) for each in parameters}
        required = [each for each in parameters if each.required and columns[each.name]]
        for row in range(2):
            first = {e.name: [columns[e.name][row % len(columns[e.name])]] for e in required}
            yield _call(reference, bind(parameters, first))
            for each in parameters:
                if each.kind is inspect.Parameter.VAR_POSITIONAL:
                    several = columns[each.name][row + 1 : row + 3]
                    yield _call(reference, bind(parameters, {**first, each.name: several}))
        first = {each.name: [columns[each.name][0]] for each in required}
        optional = [e for e in parameters if not (e.required or is_variable(e)) and columns[e.name]]
        for row in range(2 if len(optional) > 1 else 0):  # what counts only together
            rest = {e.name: [columns[e.name][row % len(columns[e.name])]] for e in optional}
            yield _call(reference, bind(parameters, {**first, **rest}))
        for row in range(_ROWS):
            for each in parameters:
                if row < len(columns[each.name]):
                    yield _call(
                        reference, bind(parameters, {**first, each.name: [columns[each.name][row]]})
                    )

    def _produced(self, kind: type) -> Iterator[Value]:
        """Yield calls of the package's functions that return one."""
        for called, function in makers(kind, self.world.source):
            if _returns(function, kind, self.world.source):
                parameters = parameters_of(function, skip_first=False, source=self.world.source)
                yield from itertools.islice(self._calls(called, parameters, ast.Pass()), _MOST)


def _of_builtin(kind: type, reference: Reference) -> Iterator[Value]:
    """Yield a filled instance of a class that inherits a container's constructor."""
    for base, filled in _FILLED.items():
        if issubclass(kind, base):
            yield Value(f"{reference.source}({filled})", "type", reference.imports)
            return


_FILLED: dict[type, str] = {
    list: "[3, 1, 2]",
    dict: "{'apple': 1, 'pear': 2}",
    set: "{1, 2}",
    frozenset: "{1, 2}",
    tuple: "[3, 1, 2]",
    deque: "[3, 1, 2]",
    str: "'Hello World'",
    int: "3",
    float: "1.5",
}


def _text_keys(held: object) -> list[str]:
    """Return the texts that a dict has as keys."""
    return [key for key in held if type(key) is str] if type(held) in _DICTS else []  # type: ignore[attr-defined]


def _returns(function: object, kind: type, source: ModuleSource) -> bool:
    hint = hints_of(function, source).get("return")
    return hint is kind or kind in typing.get_args(hint)


def _is_of_kind(parameter: Parameter, kind: type, use: Use, own: set[str]) -> bool:
    """Whether a parameter of a class takes another instance of it, by annotation or by use."""
    if parameter.hint is EMPTY:
        return bool(use.attributes) and use.attributes <= own
    hints = [parameter.hint, *typing.get_args(parameter.hint)]
    return any((typing.get_origin(hint) or hint) is kind for hint in hints)


def _assigned(node: ast.AST) -> set[str]:
    """Return the attributes that a class gives to its instances."""
    return {
        each.attr
        for each in ast.walk(node)
        if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store)
    }


def _other_first(
    parameters: Sequence[Parameter], taken: Parameter, columns: Mapping[str, list[Value]]
) -> dict[str, list[Value]]:
    """Return another value for what stands before the parameter: no two alike in a chain."""
    before = itertools.takewhile(lambda each: each.name != taken.name, parameters)
    return {each.name: columns[each.name][1:2] for each in before}


def _is_unfinished(kind: type) -> bool:
    """Whether a method of the class itself only raises NotImplementedError."""
    codes = [each.__code__ for each in members_of(kind).values() if inspect.isfunction(each)]
    return any(code.co_names == ("NotImplementedError",) for code in codes)


def _call(reference: Reference, bounds: Sequence[Bound]) -> Value:
    value = combined(f"{reference.source}({written(bounds)})", [each.value for each in bounds])
    return value._replace(imports=unique((*reference.imports, *value.imports)))


def _written_in(kind: type, method: str) -> ast.AST:
    return next((each for each in methods_of(kind) if each.name == method), ast.Pass())
