"""The keys of providers that this very process was given: secrets whatever they look like."""

from collections.abc import Mapping

KEY_VARIABLES = (
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_AUTH_TOKEN",
    "CLAUDE_API_KEY",
    "OPENAI_API_KEY",
    "AZURE_OPENAI_API_KEY",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_BEARER_TOKEN_BEDROCK",
)
_SHORTEST = 8  # characters; a test's own `x` would be found everywhere


def known_keys(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return the values that must not be in anything that is sent or kept."""
    values = (environ.get(name, "").strip() for name in KEY_VARIABLES)
    return tuple(value for value in values if len(value) >= _SHORTEST)
