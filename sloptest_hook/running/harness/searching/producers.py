"""Where instances of a class come from beside its constructor: ready ones, functions' results."""

from __future__ import annotations

import collections
import dataclasses
import itertools
import sys
import types
from collections.abc import Iterator, Mapping

from . import foreign
from .module_source import ModuleSource, Reference, reference_to
from .ownership import module_name, module_name_of, namespace_of
from .value import Value

_MOST_READY = 6
_MOST_MEMBERS = 200
_MOST_MODULES = 40
_SEQUENCES = (list, tuple)
_MAPPINGS = (dict, collections.OrderedDict)


def ready_made(kind: type, source: ModuleSource) -> list[Value]:
    """Return instances that a module keeps, alone or in a container: ``SECTIONS[3]``.

    Only of classes whose instances are values: a test that changes a shared one breaks others.
    """
    found: list[Value] = []
    with foreign.Bounded(0.5):  # a class may have a metaclass that answers anything
        found = _ready(kind, source) if _is_value_class(kind) else []
    step = max(1, len(found) // _MOST_READY)
    return found[::step][:_MOST_READY]


def _ready(kind: type, source: ModuleSource) -> list[Value]:
    found: list[Value] = []
    for module, names in _namespaces(kind, source):
        for name, held in sorted(names.items(), key=lambda item: item[0]):
            if not name.startswith("__") and name.isidentifier():
                found += _instances_in(held, kind, reference_to(module, name))
        if found:
            break
    return found


def makers(kind: type, source: ModuleSource) -> Iterator[tuple[Reference, types.FunctionType]]:
    """Yield the functions of the package that are annotated to return an instance.

    Those of the module under test come first, then those beside the class, then all others that
    are loaded.
    """
    seen: set[int] = set()
    for module, names in _namespaces(kind, source):
        for name, held in sorted(names.items(), key=lambda item: item[0]):
            if type(held) is not types.FunctionType or id(held) in seen:
                continue
            seen.add(id(held))
            own = module == source.name or module_name_of(held) == module
            if own and not name.startswith("__") and _mentions(held, kind):
                yield reference_to(module_name_of(held), name), held


def _namespaces(kind: type, source: ModuleSource) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield the module under test, that of the class, then the package's other modules."""
    package = source.name.partition(".")[0]
    names = [name for name in sorted(sys.modules) if name.partition(".")[0] == package]
    ordered = dict.fromkeys([source.name, module_name(kind), *names])
    for name in itertools.islice(ordered, _MOST_MODULES):
        module = sys.modules.get(name)
        if isinstance(module, types.ModuleType):
            yield name, namespace_of(module)


def _is_value_class(kind: type) -> bool:
    """Whether instances cannot be changed, or are meant to be compared by what they are."""
    if issubclass(kind, tuple):
        return True
    parameters = getattr(kind, "__dataclass_params__", None)
    if dataclasses.is_dataclass(kind) and parameters is not None:
        return bool(parameters.frozen)
    return kind.__hash__ is not object.__hash__ and kind.__hash__ is not None


def _instances_in(held: object, kind: type, reference: Reference) -> Iterator[Value]:
    """Yield the thing itself, or the places in a container where instances are."""
    if issubclass(type(held), kind):
        yield Value(reference.source, "constant", reference.imports)
    elif type(held) in _SEQUENCES:
        members: object = held
        for place, member in enumerate(itertools.islice(members, _MOST_MEMBERS)):  # type: ignore[call-overload]
            if issubclass(type(member), kind):
                yield Value(f"{reference.source}[{place}]", "constant", reference.imports)
    elif type(held) in _MAPPINGS:
        for key, member in itertools.islice(held.items(), _MOST_MEMBERS):  # type: ignore[attr-defined]
            if type(key) in (str, int) and issubclass(type(member), kind):
                yield Value(f"{reference.source}[{key!r}]", "constant", reference.imports)


def _mentions(function: types.FunctionType, kind: type) -> bool:
    """Whether the annotation of the result has the name of the class in it: a first, cheap look."""
    hint = None
    with foreign.Bounded(0.1):
        hint = function.__annotations__.get("return")
    return kind.__name__ in (hint if isinstance(hint, str) else repr(hint))
