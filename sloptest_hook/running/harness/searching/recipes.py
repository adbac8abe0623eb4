"""Expressions that make an instance of a class: its constructor, its class methods, a subclass."""

from __future__ import annotations

import ast
import enum
import inspect
import itertools
from collections.abc import Iterator, Sequence

from . import foreign
from .annotated import member_value
from .choices import bind, choices_for
from .constants import Constants
from .describe import describe
from .module_source import ModuleSource, Namespaces, Reference, reference_to_class
from .ownership import class_node, member_of, members_of, methods_of, module_name, qualified_name
from .target import Parameter, parameters_of
from .value import Bound, Value, unique, written
from .world import World, combined

_MOST = 8
_MOST_KNOWN = 3
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
        self._namespaces = Namespaces()

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
        for value in self._known:
            text = self._try(value, kind)
            if text is not None and len(found) < _MOST_KNOWN:
                found.setdefault(text, value)
        for value in itertools.islice(self._candidates(kind), 40):
            text = self._try(value, kind)
            if text is not None and text not in found:
                found[text] = value
            if len(found) >= _MOST:
                break
        return list(found.values())

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
                yield from self._constructed(each, reference)
                yield from self._class_methods(each, reference)

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
        first = {each.name: [columns[each.name][0]] for each in required}
        for row in range(_ROWS):
            for each in parameters:
                if row < len(columns[each.name]):
                    yield _call(
                        reference, bind(parameters, {**first, each.name: [columns[each.name][row]]})
                    )


def _is_unfinished(kind: type) -> bool:
    """Whether a method of the class itself only raises NotImplementedError."""
    codes = [each.__code__ for each in members_of(kind).values() if inspect.isfunction(each)]
    return any(code.co_names == ("NotImplementedError",) for code in codes)


def _call(reference: Reference, bounds: Sequence[Bound]) -> Value:
    value = combined(f"{reference.source}({written(bounds)})", [each.value for each in bounds])
    return value._replace(imports=unique((*reference.imports, *value.imports)))


def _written_in(kind: type, method: str) -> ast.AST:
    return next((each for each in methods_of(kind) if each.name == method), ast.Pass())
