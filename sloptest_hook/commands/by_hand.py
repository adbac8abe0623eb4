"""What a command that is run by hand changes of a hook run."""

from sloptest_hook.values.records import dataclass
from sloptest_hook.values.settings import Settings

TYPE_CHECKING = False  # typing itself costs 5 ms, which every commit would pay
if TYPE_CHECKING:
    from sloptest_hook.generation.providers.access import AccessFlags


@dataclass(frozen=True, slots=True)
class ByHand:
    """The settings in force, whom to ask with what, and whether prompts are shown and not sent."""

    settings: Settings
    flags: "AccessFlags"
    show_prompt: bool = False
