"""Edge: one audit hook for all of the harness: an event that nobody waits for costs one look-up."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any, Callable

Listener = Callable[[str, "tuple[Any, ...]"], None]

_listeners: dict[str, list[Listener]] = {}


def listen(events: Iterable[str], listener: Listener) -> None:
    """Call ``listener`` with each of these events, before it happens and as long as we live.

    What it raises keeps the event from happening.
    """
    if not _listeners:
        sys.addaudithook(_hear)
    for event in events:
        _listeners.setdefault(event, []).append(listener)


def _hear(event: str, args: tuple[Any, ...]) -> None:
    if event in _listeners:
        for listener in _listeners[event]:
            listener(event, args)
