"""Whom a call goes to and with what key: settings, the environment and flags in, one value out.

Keys come from the environment or a flag, never from a file.
"""

from collections.abc import Mapping
from enum import StrEnum

from sloptest_hook.generation.providers.models import DEFAULTS
from sloptest_hook.values.endpoint import endpoint_fault, is_loopback
from sloptest_hook.values.records import dataclass
from sloptest_hook.values.settings import EngineName, LlmSettings, Thinking

ANTHROPIC = "https://api.anthropic.com"
OPENAI = "https://api.openai.com/v1"
_OPENAI_OWN = (OPENAI, "https://api.openai.com")
_V1 = "/openai/v1"


class Dialect(StrEnum):
    """Which protocol is spoken."""

    MESSAGES = "messages"
    RESPONSES = "responses"
    CHAT = "chat"
    AZURE = "azure"
    CONVERSE = "converse"


class Secret:
    """A key that no message, no traceback and no ``repr`` shows."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the key, for whoever puts it into a header and for nobody else."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(...)"


@dataclass(frozen=True, slots=True)
class Access:
    """Everything an adapter needs; ``key`` None: the vendor's package finds credentials itself.

    ``base_url`` is empty where the region says it (Bedrock). ``region``, ``role_arn``: Bedrock's.
    ``api_version`` makes Azure the classic one.
    """

    engine: EngineName
    dialect: Dialect
    model: str
    base_url: str = ""
    key: Secret | None = None
    api_version: str = ""
    thinking: Thinking = Thinking.AUTO
    region: str = ""
    role_arn: str = ""

    @property
    def place(self) -> str:
        """Return where a call goes, for a person and as the key of what is remembered."""
        return self.base_url or f"Amazon Bedrock ({self.region or 'the region of the profile'})"


@dataclass(frozen=True, slots=True)
class NoAccess:
    """Why nobody can be asked, and what to do: one line."""

    reason: str


@dataclass(frozen=True, slots=True)
class AccessFlags:
    """What was typed; an empty text is a flag that was not."""

    endpoint: str = ""
    api_key: str = ""
    deployment: str = ""
    bedrock_role_arn: str = ""
    bedrock_inference_profile: str = ""
    bedrock_region: str = ""


_NO_FLAGS = AccessFlags()


def access_of(
    engine: EngineName,
    llm: LlmSettings,
    environ: Mapping[str, str],
    flags: AccessFlags = _NO_FLAGS,
) -> Access | NoAccess:
    """Return whom to ask; flags come before settings, and these before variables."""
    asked = _Asked(llm, environ, flags)
    match engine:
        case EngineName.ANTHROPIC:
            found = _anthropic(asked)
        case EngineName.OPENAI:
            found = _openai(asked)
        case EngineName.AZURE:
            found = _azure(asked)
        case EngineName.BEDROCK:
            found = _bedrock(asked)
        case EngineName.OFFLINE:
            return NoAccess("engine = 'offline' asks nobody")
    if isinstance(found, Access) and found.base_url:
        fault = endpoint_fault(found.base_url)
        if fault:
            return NoAccess(f"the address {found.base_url} {fault}")
    return found


def engine_of(flags: AccessFlags, environ: Mapping[str, str]) -> EngineName | None:
    """Return the engine that flags, or the older variables, speak of; for commands run by hand."""
    if flags.bedrock_role_arn or flags.bedrock_inference_profile or flags.bedrock_region:
        return EngineName.BEDROCK
    if flags.deployment:
        return EngineName.AZURE
    variables = (
        ("CLAUDE_API_KEY", EngineName.ANTHROPIC),
        ("AZURE_OPENAI_ENDPOINT", EngineName.AZURE),
        ("AWS_BEDROCK_ROLE_ARN", EngineName.BEDROCK),
        ("AWS_BEDROCK_INFERENCE_PROFILE", EngineName.BEDROCK),
    )
    return next((engine for name, engine in variables if environ.get(name)), None)


@dataclass(frozen=True, slots=True)
class _Asked:
    llm: LlmSettings
    environ: Mapping[str, str]
    flags: AccessFlags

    def variable(self, *names: str) -> str:
        return next(filter(None, (self.environ.get(name, "").strip() for name in names)), "")

    def address(self, *names: str) -> str:
        return self.flags.endpoint or self.llm.base_url or self.variable(*names)

    def key(self, *names: str) -> Secret | None:
        found = self.flags.api_key or self.variable(*names)
        return Secret(found) if found else None


def _anthropic(asked: _Asked) -> Access | NoAccess:
    key = asked.key("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_API_KEY")
    if key is None:
        return _no_key("anthropic", "ANTHROPIC_API_KEY or CLAUDE_API_KEY")
    return Access(
        EngineName.ANTHROPIC,
        Dialect.MESSAGES,
        asked.llm.model or DEFAULTS[EngineName.ANTHROPIC],
        asked.address("ANTHROPIC_BASE_URL") or ANTHROPIC,
        key,
        thinking=asked.llm.thinking,
    )


def _openai(asked: _Asked) -> Access | NoAccess:
    """Return OpenAI itself, or a server that speaks as it does: Ollama, vLLM, llama.cpp, ..."""
    address = asked.address("OPENAI_BASE_URL") or OPENAI
    key = asked.key("OPENAI_API_KEY")
    own = address.rstrip("/") in _OPENAI_OWN
    if key is None and not is_loopback(address):
        return _no_key("openai", "OPENAI_API_KEY")
    model = asked.llm.model or (DEFAULTS[EngineName.OPENAI] if own else "")
    if not model:
        return NoAccess(f"`model` of [tool.sloptest.llm] must name a model of {address}")
    return Access(
        EngineName.OPENAI,
        Dialect.RESPONSES if own else Dialect.CHAT,
        model,
        OPENAI if own else address,
        key or Secret("none"),
        thinking=asked.llm.thinking,
    )


def _azure(asked: _Asked) -> Access | NoAccess:
    address = asked.address("AZURE_OPENAI_ENDPOINT").rstrip("/")
    if not address:
        return NoAccess(
            "engine = 'azure' needs an address: AZURE_OPENAI_ENDPOINT, or `base-url` of "
            "[tool.sloptest.llm]"
        )
    deployment = (
        asked.flags.deployment or asked.llm.model or asked.variable("AZURE_OPENAI_DEPLOYMENT")
    )
    if not deployment:
        return NoAccess(
            "engine = 'azure' needs a deployment: AZURE_OPENAI_DEPLOYMENT, or `model` of "
            "[tool.sloptest.llm]"
        )
    version = asked.llm.api_version or asked.variable("OPENAI_API_VERSION")
    return Access(
        EngineName.AZURE,
        Dialect.AZURE,
        deployment,
        address if version or address.endswith(_V1) else f"{address}{_V1}",
        asked.key("AZURE_OPENAI_API_KEY", "AZURE_OPENAI_AD_TOKEN"),
        version,
        asked.llm.thinking,
    )


def _bedrock(asked: _Asked) -> Access | NoAccess:
    profile = asked.flags.bedrock_inference_profile or asked.llm.model
    return Access(
        EngineName.BEDROCK,
        Dialect.CONVERSE,
        profile or asked.variable("AWS_BEDROCK_INFERENCE_PROFILE") or DEFAULTS[EngineName.BEDROCK],
        asked.address("AWS_ENDPOINT_URL_BEDROCK_RUNTIME"),
        None,
        thinking=asked.llm.thinking,
        # boto3 itself knows the second alone.
        region=asked.flags.bedrock_region or asked.variable("AWS_REGION", "AWS_DEFAULT_REGION"),
        role_arn=asked.flags.bedrock_role_arn or asked.variable("AWS_BEDROCK_ROLE_ARN"),
    )


def _no_key(engine: str, names: str) -> NoAccess:
    return NoAccess(f"engine = '{engine}' needs a key in the environment: {names}")
