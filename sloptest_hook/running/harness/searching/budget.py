"""The time of one symbol."""

from __future__ import annotations

import time
from collections.abc import Callable


class Budget:
    """The seconds of one symbol; only an upper bound, the counts of trials end most searches."""

    def __init__(self, seconds: float) -> None:
        self._start = time.monotonic()
        self._seconds = seconds

    def spent(self, share: float) -> Callable[[], bool]:
        """Return a function that says whether this share of the time has passed."""
        return self._after(self._start, share)

    def spent_from_now(self, share: float) -> Callable[[], bool]:
        """Return a function that says whether this share has passed since now."""
        return self._after(time.monotonic(), share)

    def _after(self, start: float, share: float) -> Callable[[], bool]:
        end = start + share * self._seconds
        return lambda: time.monotonic() > end
