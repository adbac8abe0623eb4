"""Calls a symbol and brings the result to its end: awaited, drained, bounded."""

from __future__ import annotations

import asyncio
import io
import itertools
from collections.abc import AsyncIterator, Awaitable, Sequence
from typing import NamedTuple

from . import foreign
from .value import Bound

MOST_ITEMS = 50


class Result(NamedTuple):
    """The value of a call, and what was needed to get it."""

    value: object
    is_async: bool = False
    drain: bool = False
    endless: bool = False


def call(
    callee: object, arguments: Sequence[object], bounds: Sequence[Bound], *, is_property: bool
) -> Result:
    """Call the callee, or take it as the value when it is only read."""
    if is_property:
        return finish(callee)
    positional = [value for value, bound in zip(arguments, bounds) if not bound.keyword]
    named = {bound.name: value for value, bound in zip(arguments, bounds) if bound.keyword}
    return finish(callee(*positional, **named))  # type: ignore[operator]  # as the case says


def values_of(bounds: Sequence[Bound], namespace: dict[str, object]) -> list[object]:
    """Evaluate the arguments; raises what they raise."""
    return [foreign.evaluate(bound.value.source, namespace) for bound in bounds]


def finish(value: object) -> Result:
    """Await what can be awaited and drain what can be drained."""
    kind = type(value)  # asking the value itself would run code of it
    if hasattr(kind, "__await__"):
        return Result(_run(_awaited(value)), is_async=True)  # type: ignore[arg-type]  # has __await__
    if hasattr(kind, "__anext__"):
        collected = _run(_collected(value))  # type: ignore[arg-type]  # has __anext__
        return _drained(collected, is_async=True)
    if _is_iterator(value):
        return _drained(_taken(value), is_async=False)
    return Result(value)


def _taken(value: object) -> list[object]:
    return list(itertools.islice(value, MOST_ITEMS + 1))  # type: ignore[call-overload]


def _drained(items: object, *, is_async: bool) -> Result:
    endless = isinstance(items, list) and len(items) > MOST_ITEMS
    return Result(items, is_async=is_async, drain=True, endless=endless)


def _is_iterator(value: object) -> bool:
    kind = type(value)
    return (
        hasattr(kind, "__next__") and hasattr(kind, "__iter__") and not issubclass(kind, io.IOBase)
    )


def _run(coroutine: object) -> object:
    return asyncio.run(coroutine)  # type: ignore[arg-type]  # one of the two below


async def _awaited(value: Awaitable[object]) -> object:
    return await value


async def _collected(values: AsyncIterator[object]) -> list[object]:
    found: list[object] = []
    async for value in values:
        found.append(value)
        if len(found) > MOST_ITEMS:
            break
    return found
