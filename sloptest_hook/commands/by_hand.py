"""What a command that is run by hand says beside the settings."""

from sloptest_hook.values.records import dataclass

TYPE_CHECKING = False  # typing itself costs 5 ms, which every commit would pay
if TYPE_CHECKING:
    from sloptest_hook.generation.providers.access import AccessFlags


@dataclass(frozen=True, slots=True)
class ByHand:
    """Whom to ask with what, and whether prompts are shown and not sent.

    ``afresh``: whatever was answered before.
    """

    flags: "AccessFlags"
    show_prompt: bool = False
    afresh: bool = False
