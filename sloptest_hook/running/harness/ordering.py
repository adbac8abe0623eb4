"""The pytest plugin that lets generated tests run before the older ones of their file.

They are written behind them: what one leaves behind would show in no test of its own file.
"""

from __future__ import annotations

from typing import Any

import pytest

from .recorder import without_variant


class GeneratedFirst:
    """Sorts the nodes; files stay in their order."""

    def __init__(self, generated: list[str]) -> None:
        self._generated = frozenset(generated)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Put the generated nodes of each file in front."""
        files = {item.nodeid.partition("::")[0]: None for item in items}
        places = {path: number for number, path in enumerate(files)}
        items.sort(key=lambda item: self._place(item.nodeid, places))

    def _place(self, name: str, places: dict[str, int]) -> tuple[int, bool]:
        is_generated = bool({name, without_variant(name)} & self._generated)
        return places[name.partition("::")[0]], not is_generated
