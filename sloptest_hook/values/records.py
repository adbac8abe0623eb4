"""Frozen, slotted dataclasses for what every commit loads, at a fiftieth of the price.

The standard decorator compiles the methods of each class from text, .6 to 1 ms a class, and imports
``inspect``; together that was a third of a commit with nothing to do. To type checkers these names
are those of ``dataclasses``, and at run time its functions take these classes for its own.
"""

from collections.abc import Callable
from operator import attrgetter

__all__ = ["dataclass", "field", "replace"]

TYPE_CHECKING = False  # typing itself costs 5 ms, which every commit would pay
if TYPE_CHECKING:
    from dataclasses import dataclass, field, replace
    from typing import Any, NoReturn, TypeVar

    _T = TypeVar("_T")
else:

    def dataclass(*, frozen: bool, slots: bool) -> Callable[[type], type]:
        """Stand in for ``dataclass(frozen=True, slots=True)``, the only form there is.

        Fields are the annotations of the class itself: no inheritance of fields, no ``ClassVar``,
        no ``__post_init__``, no ``super()`` without arguments in its methods.
        """
        if not (frozen and slots):
            raise TypeError("a record is frozen and has slots; others are dataclasses' own")
        return _record

    def field(*, default_factory: Callable[[], object]) -> object:
        """Return a default that is made anew for each instance."""
        return _Made(default_factory)

    def replace(record: "_T", /, **changes: object) -> "_T":
        """Return the record with other values for some fields."""
        old = {name: getattr(record, name) for name in type(record).__slots__}
        return type(record)(**{**old, **changes})


class _Made:
    """A default that is made anew for each instance."""

    __slots__ = ("factory",)

    def __init__(self, factory: Callable[[], object]) -> None:
        self.factory = factory


class _StandardFields:
    """The fields as ``dataclasses`` knows them, for its own functions; made when asked for."""

    def __get__(self, _instance: object, owner: "Any") -> object:
        import dataclasses

        body: dict[str, object] = {"__annotations__": dict(owner.__annotations__)}
        for name, default in owner.__defaults__.items():
            made = isinstance(default, _Made)
            body[name] = dataclasses.field(default_factory=default.factory) if made else default
        return dataclasses.dataclass(frozen=True)(type(owner.__name__, (), body)).__dict__[
            "__dataclass_fields__"
        ]


def _record(cls: "Any") -> "Any":
    names = tuple(cls.__annotations__)
    body = {name: each for name, each in cls.__dict__.items() if name not in names}
    for of_a_class_without_slots in ("__dict__", "__weakref__"):
        body.pop(of_a_class_without_slots, None)
    same, number = _comparison(names)
    body = {
        "__eq__": same,
        "__hash__": number,
        "__repr__": _repr,
        **body,
        "__slots__": names,
        "__match_args__": names,
        "__defaults__": {name: cls.__dict__[name] for name in names if name in cls.__dict__},
        "__dataclass_fields__": _StandardFields(),
        "__setattr__": _refuse,
        "__delattr__": _refuse,
        "__reduce__": _reduce,
    }
    made = type(cls)(cls.__name__, cls.__bases__, body)
    made.__init__ = _initializer(made, names)
    return made


def _initializer(made: "Any", names: tuple[str, ...]) -> Callable[..., None]:
    # The slots' own descriptors: `__setattr__` refuses, that is the point of it.
    places = [(name, made.__dict__[name].__set__) for name in names]
    defaults = made.__defaults__

    def __init__(self: object, *args: object, **named: object) -> None:  # noqa: N807
        if len(args) > len(places):
            raise TypeError(f"{made.__name__} takes {len(places)} values, {len(args)} were given")
        for (_, put), value in zip(places, args, strict=False):
            put(self, value)
        for name, put in places[len(args) :]:
            if name in named:
                put(self, named.pop(name))
            elif name in defaults:
                default = defaults[name]
                put(self, default.factory() if isinstance(default, _Made) else default)
            else:
                raise TypeError(f"{made.__name__} needs a value for {name!r}")
        if named:
            raise TypeError(f"{made.__name__} takes no second or other value {next(iter(named))!r}")

    return __init__


def _comparison(
    names: tuple[str, ...],
) -> tuple[Callable[[object, object], bool], Callable[[object], int]]:
    # In one call of C where there are several.
    values: Callable[[object], Any] = attrgetter(*names) if len(names) > 1 else _values

    def __eq__(self: object, other: object) -> bool:  # noqa: N807
        return values(self) == values(other) if type(self) is type(other) else NotImplemented

    def __hash__(self: object) -> int:  # noqa: N807
        return hash(values(self))

    return __eq__, __hash__


def _values(record: "Any") -> "tuple[Any, ...]":
    return tuple(getattr(record, name) for name in record.__slots__)


def _refuse(record: object, name: str, *_value: object) -> "NoReturn":
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"{type(record).__name__}.{name} cannot be changed")


def _repr(record: "Any") -> str:
    named = (f"{name}={getattr(record, name)!r}" for name in record.__slots__)
    return f"{type(record).__qualname__}({', '.join(named)})"


def _reduce(record: "Any") -> tuple[object, ...]:
    return type(record), _values(record)
