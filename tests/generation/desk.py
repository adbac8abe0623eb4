"""What an engine finds on its desk where nothing is counted and nothing is kept."""

from sloptest_hook.values.usage import Spent, Usage


class FreeBudget:
    """Lets everything be spent."""

    spent = Spent()
    notes: tuple[str, ...] = ()

    def reserve(self, model: str, most: Usage) -> str | None:
        return None

    def settle(self, model: str, most: Usage, spent: Usage) -> None:
        """Write nothing down."""


class NoReplies:
    """Remembers nothing."""

    def get(self, key: str) -> str | None:
        return None

    def put(self, key: str, text: str) -> None:
        """Keep nothing."""
