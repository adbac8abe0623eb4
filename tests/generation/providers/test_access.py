"""Settings, environment and flags say together who is asked; a key is never in a file."""

import pytest

from sloptest_hook.generation.providers.access import (
    Access,
    AccessFlags,
    Dialect,
    NoAccess,
    access_of,
    engine_of,
)
from sloptest_hook.values.settings import EngineName, LlmSettings

Environ = dict[str, str]


def access(engine: str, environ: Environ, llm: LlmSettings, flags: AccessFlags) -> Access:
    found = access_of(EngineName(engine), llm, environ, flags)
    assert isinstance(found, Access), found
    return found


NOTHING = LlmSettings()
NO_FLAGS = AccessFlags()
GOES = {
    "anthropic": ("anthropic", {"ANTHROPIC_API_KEY": "k"}, NOTHING, NO_FLAGS),
    "anthropic by the older variable": ("anthropic", {"CLAUDE_API_KEY": "k"}, NOTHING, NO_FLAGS),
    "anthropic elsewhere": (
        "anthropic",
        {"ANTHROPIC_API_KEY": "k", "ANTHROPIC_BASE_URL": "https://gate.example"},
        NOTHING,
        NO_FLAGS,
    ),
    "openai": ("openai", {"OPENAI_API_KEY": "k"}, NOTHING, NO_FLAGS),
    "a server of this machine": (
        "openai",
        {},
        LlmSettings(model="small", base_url="http://localhost:11434/v1"),
        NO_FLAGS,
    ),
    "azure": (
        "azure",
        {
            "AZURE_OPENAI_ENDPOINT": "https://r.openai.azure.com/",
            "AZURE_OPENAI_API_KEY": "k",
            "AZURE_OPENAI_DEPLOYMENT": "d",
        },
        NOTHING,
        NO_FLAGS,
    ),
    "azure by flags": (
        "azure",
        {},
        NOTHING,
        AccessFlags(endpoint="https://r.openai.azure.com", api_key="k", deployment="d"),
    ),
    "azure, classic": (
        "azure",
        {"AZURE_OPENAI_API_KEY": "k"},
        LlmSettings(model="d", base_url="https://r.azure.com", api_version="2024-10-21"),
        NO_FLAGS,
    ),
    "bedrock": ("bedrock", {"AWS_REGION": "eu-west-1"}, NOTHING, NO_FLAGS),
    "bedrock by flags": (
        "bedrock",
        {"AWS_REGION": "eu-west-1", "AWS_BEDROCK_ROLE_ARN": "arn:other"},
        NOTHING,
        AccessFlags(
            bedrock_role_arn="arn:role",
            bedrock_inference_profile="arn:profile",
            bedrock_region="us-east-1",
        ),
    ),
}
EXPECTED = {
    "anthropic": (Dialect.MESSAGES, "https://api.anthropic.com", "claude-sonnet-5-5"),
    "anthropic by the older variable": (
        Dialect.MESSAGES,
        "https://api.anthropic.com",
        "claude-sonnet-5-5",
    ),
    "anthropic elsewhere": (Dialect.MESSAGES, "https://gate.example", "claude-sonnet-5-5"),
    "openai": (Dialect.RESPONSES, "https://api.openai.com/v1", "gpt-6.1-terra"),
    "a server of this machine": (Dialect.CHAT, "http://localhost:11434/v1", "small"),
    "azure": (Dialect.AZURE, "https://r.openai.azure.com/openai/v1", "d"),
    "azure by flags": (Dialect.AZURE, "https://r.openai.azure.com/openai/v1", "d"),
    "azure, classic": (Dialect.AZURE, "https://r.azure.com", "d"),
    "bedrock": (Dialect.CONVERSE, "", "global.anthropic.claude-sonnet-5-5"),
    "bedrock by flags": (Dialect.CONVERSE, "", "arn:profile"),
}


@pytest.mark.parametrize("name", GOES)
def test_who_is_asked(name: str) -> None:
    found = access(*GOES[name])
    assert (found.dialect, found.base_url, found.model) == EXPECTED[name]


def test_flags_of_bedrock_come_before_variables() -> None:
    found = access(*GOES["bedrock by flags"])
    assert (found.role_arn, found.region) == ("arn:role", "us-east-1")


def test_settings_come_before_variables() -> None:
    environ = {"ANTHROPIC_API_KEY": "k", "ANTHROPIC_BASE_URL": "https://b.example"}
    found = access("anthropic", environ, LlmSettings(base_url="https://a.example"), NO_FLAGS)
    assert found.base_url == "https://a.example"


@pytest.mark.parametrize(
    ("engine", "environ", "reason"),
    [
        ("anthropic", {}, "needs a key in the environment: ANTHROPIC_API_KEY"),
        ("openai", {}, "needs a key in the environment: OPENAI_API_KEY"),
        ("azure", {}, "needs an address: AZURE_OPENAI_ENDPOINT"),
        ("azure", {"AZURE_OPENAI_ENDPOINT": "https://a.example"}, "needs a deployment"),
        (
            "openai",
            {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": "https://a.example"},
            "must name a model",
        ),
        (
            "anthropic",
            {"ANTHROPIC_API_KEY": "k", "ANTHROPIC_BASE_URL": "http://a.example"},
            "is plain http to another machine",
        ),
        ("offline", {}, "asks nobody"),
    ],
)
def test_without_what_it_takes_nobody_is_asked(engine: str, environ: Environ, reason: str) -> None:
    found = access_of(EngineName(engine), NOTHING, environ)
    assert isinstance(found, NoAccess)
    assert reason in found.reason


def test_a_key_is_shown_by_nothing() -> None:
    key = "sk-" + "x" * 20
    found = access("anthropic", {"ANTHROPIC_API_KEY": key}, NOTHING, NO_FLAGS)
    assert key not in f"{found!r} {found} {found.key!s}"
    assert found.key is not None
    assert found.key.reveal() == key


@pytest.mark.parametrize(
    ("flags", "environ", "engine"),
    [
        (NO_FLAGS, {}, None),
        (NO_FLAGS, {"CLAUDE_API_KEY": "k"}, EngineName.ANTHROPIC),
        (NO_FLAGS, {"AZURE_OPENAI_ENDPOINT": "e"}, EngineName.AZURE),
        (NO_FLAGS, {"AWS_BEDROCK_ROLE_ARN": "r"}, EngineName.BEDROCK),
        (AccessFlags(deployment="d"), {"CLAUDE_API_KEY": "k"}, EngineName.AZURE),
        (AccessFlags(bedrock_region="r"), {"CLAUDE_API_KEY": "k"}, EngineName.BEDROCK),
        # Keys that people have for other things say nothing.
        (NO_FLAGS, {"ANTHROPIC_API_KEY": "k", "OPENAI_API_KEY": "k"}, None),
    ],
)
def test_what_the_older_flags_and_variables_speak_of(
    flags: AccessFlags, environ: Environ, engine: EngineName | None
) -> None:
    assert engine_of(flags, environ) is engine
