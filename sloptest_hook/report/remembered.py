"""What is kept below the git directory, as lines and as JSON."""

import json
from collections.abc import Iterator, Sequence

from sloptest_hook.report.visible import visible
from sloptest_hook.values.records import dataclass


@dataclass(frozen=True, slots=True)
class Kept:
    """One thing that is kept: what it is for, where, its bytes on disk, and what is in it.

    ``held`` is a sentence about the content, empty where there is nothing to say. ``is_state``:
    it is forgotten by ``sloptest reset-state``.
    """

    name: str
    place: str
    purpose: str
    size: int
    held: str
    is_state: bool


def lines(kept: Sequence[Kept]) -> Iterator[str]:
    """Yield one line for each thing that is there."""
    if not kept:
        yield "nothing is remembered in this repository"
        return
    width = max(len(each.name) for each in kept)
    for each in kept:
        mark = "" if each.is_state else " (stays at a reset)"
        held = f": {visible(each.held)}" if each.held else ""
        yield f"{each.name:<{width}}  {_bytes(each.size):>8}  {each.purpose}{mark}{held}"


def to_json(kept: Sequence[Kept]) -> str:
    """Return one document, ``schema: 1``."""
    entries = [
        {
            "name": each.name,
            "path": each.place,
            "purpose": each.purpose,
            "bytes": each.size,
            "held": each.held,
            "forgotten_at_reset": each.is_state,
        }
        for each in kept
    ]
    return json.dumps({"schema": 1, "kept": entries}, indent=2)


def _bytes(size: int) -> str:
    for unit, step in (("MB", 1_000_000), ("kB", 1_000)):
        if size >= step:
            return f"{size / step:.1f} {unit}"
    return f"{size} B"
