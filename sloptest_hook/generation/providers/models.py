"""What is known of models: which one each engine asks, and what may be said to each.

A model that nobody here has heard of is told nothing that it could refuse: the schema steps down by
itself, everything else has a default at the service.
"""

import re
from collections.abc import Mapping

from sloptest_hook.generation.providers.seam import Binding
from sloptest_hook.values.records import dataclass
from sloptest_hook.values.settings import EngineName

DEFAULTS: Mapping[EngineName, str] = {
    EngineName.ANTHROPIC: "claude-sonnet-5-5",
    EngineName.OPENAI: "gpt-6.1-terra",
    EngineName.BEDROCK: "global.anthropic.claude-sonnet-5-5",
}


@dataclass(frozen=True, slots=True)
class Traits:
    """What a model understands.

    ``thinking_on`` and ``thinking_off`` are the types of Anthropic's ``thinking``, empty for what a
    model refuses to be told. ``on_bedrock`` is the strictest binding that Converse offers for it.
    """

    effort: bool = False
    thinking_on: str = ""
    thinking_off: str = ""
    on_bedrock: Binding = Binding.SCHEMA


# The first that is found in the name counts; Bedrock's ids have a vendor and a region before it.
_ADAPTIVE = Traits(effort=True, thinking_on="adaptive", thinking_off="disabled")
_KNOWN: tuple[tuple[str, Traits], ...] = (
    (
        r"claude-sonnet-5-5",
        Traits(effort=True, thinking_on="adaptive", thinking_off="between_tools"),
    ),
    (
        r"claude-haiku-5-5",
        Traits(
            effort=True, thinking_on="adaptive", thinking_off="disabled", on_bedrock=Binding.TOOL
        ),
    ),
    (r"claude-(?:opus-5-5|fable|mythos)", Traits(effort=True, thinking_on="adaptive")),
    (r"claude-(?:opus|sonnet|haiku)-5", _ADAPTIVE),
    (r"claude-(?:opus-4-[678]|sonnet-4-6)", _ADAPTIVE),
    (r"claude-opus-4-5", Traits(effort=True, thinking_on="enabled", thinking_off="disabled")),
    (r"claude-(?:sonnet|haiku)-4-5", Traits(thinking_on="enabled", thinking_off="disabled")),
    (r"(?<![a-z])gpt-(?:[5-9]|\d\d)|(?<![a-z0-9])o[1-9](?:-|$)", Traits(effort=True)),
)
_UNKNOWN = Traits()


def traits_of(model: str) -> Traits:
    """Return what a model understands, as far as its name tells."""
    return next((traits for name, traits in _KNOWN if re.search(name, model)), _UNKNOWN)
