"""The bounded time window of one run."""

from collections.abc import Callable

from sloptest_hook.values.records import dataclass


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment on a monotonic clock, in seconds.

    The clock is handed in, so that pure code never reads one and a test need not sleep.
    """

    at: float
    clock: Callable[[], float]

    @property
    def remaining(self) -> float:
        """Seconds left, never negative."""
        return max(0.0, self.at - self.clock())

    @property
    def passed(self) -> bool:
        return self.remaining == 0.0

    def earlier(self, seconds: float) -> "Deadline":
        """Return this deadline moved to the front, for a stage that must leave time to the next."""
        return Deadline(self.at - seconds, self.clock)

    def within(self, seconds: float) -> "Deadline":
        """Return the earlier of this deadline and ``seconds`` from now."""
        return Deadline(min(self.at, self.clock() + seconds), self.clock)
