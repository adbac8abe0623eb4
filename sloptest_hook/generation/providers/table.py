"""Opens the provider that is wanted; no other one's package is imported."""

from collections.abc import Callable

from sloptest_hook.generation.providers.access import Access, Dialect, NoAccess
from sloptest_hook.generation.providers.seam import Provider
from sloptest_hook.values.settings import EngineName

# What is installed with the hook where pre-commit builds its environment.
PACKAGES = {
    EngineName.ANTHROPIC: ("anthropic",),
    EngineName.OPENAI: ("openai",),
    EngineName.AZURE: ("openai", "azure-identity"),
    EngineName.BEDROCK: ("boto3",),
}
_MODULES = ("anthropic", "openai", "azure", "boto3", "botocore", "httpx2")


def opened(access: Access) -> Provider | NoAccess:
    """Return the provider, or the line that says which package is missing and where to name it."""
    try:
        return _opener(access)(access)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _MODULES:
            raise
        return NoAccess(_missing(access.engine, str(error.name)))


def _opener(access: Access) -> Callable[[Access], Provider]:
    # Half a second to one second each, by the vendor's own package.
    match access.dialect:
        case Dialect.MESSAGES:
            from sloptest_hook.generation.providers.anthropic_client import AnthropicProvider

            return AnthropicProvider
        case Dialect.CONVERSE:
            from sloptest_hook.generation.providers.bedrock_client import BedrockProvider

            return BedrockProvider
        case Dialect.AZURE:
            from sloptest_hook.generation.providers.openai_client import azure_provider

            return azure_provider
        case Dialect.RESPONSES | Dialect.CHAT:
            from sloptest_hook.generation.providers.openai_client import openai_provider

            return openai_provider


def _missing(engine: EngineName, module: str) -> str:
    packages = [*PACKAGES[engine], "genai-prices"]
    return (
        f"engine = '{engine}' needs the package {module.partition('.')[0]}: "
        f"pip install 'sloptest-hook[{engine}]', under pre-commit: "
        f"additional_dependencies: [{', '.join(packages)}]"
    )
