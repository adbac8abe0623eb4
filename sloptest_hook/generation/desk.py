"""What the engine needs from the outside: whom to ask, what may be sent, what it may cost."""

from collections.abc import Callable
from typing import Protocol

from sloptest_hook.generation.prompt import Clean
from sloptest_hook.generation.providers.access import NoAccess
from sloptest_hook.generation.providers.seam import Provider
from sloptest_hook.values.plan import Target
from sloptest_hook.values.records import dataclass
from sloptest_hook.values.settings import LlmSettings
from sloptest_hook.values.surroundings import Surroundings
from sloptest_hook.values.usage import Spent, Usage


class Budget(Protocol):
    """Who knows prices and limits."""

    def reserve(self, model: str, most: Usage) -> str | None:
        """Set money aside for a call; returns why not, where a limit would be exceeded."""

    def settle(self, model: str, most: Usage, spent: Usage) -> None:
        """Put what was really spent in the place of what was set aside."""

    @property
    def spent(self) -> Spent: ...

    @property
    def notes(self) -> tuple[str, ...]: ...


class Replies(Protocol):
    """What was answered before."""

    def get(self, key: str) -> str | None:
        """Return the text of a complete reply to the very same question."""

    def put(self, key: str, text: str) -> None:
        """Keep it; what cannot be kept is no failure."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The outside of the engine.

    ``open_provider`` imports a vendor's package and is called once, where there is something to
    ask. ``private`` says why a target stays home. ``keep`` stores what was sent and what came.
    """

    settings: LlmSettings
    engine: str
    tests_dir: str
    place: str
    model: str
    open_provider: Callable[[], Provider | NoAccess]
    clean: Clean
    private: Callable[[Target], str | None]
    surroundings: Callable[[Target], Surroundings]
    budget: Budget
    replies: Replies
    keep: Callable[[str, str], None]
    system: str
    key: bytes
