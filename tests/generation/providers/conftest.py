"""A fake of each service, and the adapter with the vendor's own client in front of it."""

import json
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import pytest

from sloptest_hook.generation.background import Background
from sloptest_hook.generation.providers.access import Access, Dialect, NoAccess, Secret
from sloptest_hook.generation.providers.calling import Bindings, Wanted, generate
from sloptest_hook.generation.providers.schema_check import schema_fault
from sloptest_hook.generation.providers.seam import Prompt, Provider, ProviderError, Reply
from sloptest_hook.generation.providers.table import opened
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.settings import Effort, EngineName
from tests.generation.providers.server import NAMES, PROTOCOLS, Fake

_T = TypeVar("_T")
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"ok": {"type": "boolean"}},
    "required": ["ok"],
    "additionalProperties": False,
}
PROMPT = Prompt("be good", "a file", "a function")
WANTED = Wanted(SCHEMA, Effort.LOW, 4000, partial(schema_fault, schema=SCHEMA))


def access_to(name: str, fake: Fake) -> Access:
    key = Secret("sk-" + "dummy" * 4)
    match name:
        case "anthropic":
            return Access(
                EngineName.ANTHROPIC, Dialect.MESSAGES, "claude-sonnet-5-5", fake.url, key
            )
        case "openai":
            url = f"{fake.url}/v1"
            return Access(EngineName.OPENAI, Dialect.RESPONSES, "gpt-6.1-terra", url, key)
        case "azure":
            url = f"{fake.url}/openai/v1"
            return Access(EngineName.AZURE, Dialect.AZURE, "my-deployment", url, key)
        case "azure-classic":
            return Access(
                EngineName.AZURE, Dialect.AZURE, "my-deployment", fake.url, key, "2024-10-21"
            )
        case "compatible":
            return Access(EngineName.OPENAI, Dialect.CHAT, "small", f"{fake.url}/v1", key)
        case _:
            return Access(
                EngineName.BEDROCK,
                Dialect.CONVERSE,
                "us.anthropic.claude-sonnet-5-5",
                fake.url,
                region="eu-west-1",
            )


@dataclass
class Service:
    """One provider's fake, and the adapter that asks it."""

    name: str
    fake: Fake
    provider: Provider
    background: Background
    bindings: Bindings

    def run(self, work: Coroutine[Any, Any, _T]) -> _T:
        return self.background.start(work).result(timeout=60)

    def generate(self, seconds: float = 30.0, prompt: Prompt = PROMPT) -> Reply | ProviderError:
        deadline = Deadline(time.monotonic() + seconds, time.monotonic)
        return self.run(generate(self.provider, prompt, WANTED, deadline, self.bindings))


@pytest.fixture(params=NAMES, scope="module")
def one_service(request: pytest.FixtureRequest) -> Iterator[Service]:
    with pytest.MonkeyPatch.context() as patch:
        yield from served(request.param, patch)


@pytest.fixture
def service(one_service: Service) -> Service:
    """Every provider in turn; making a client takes a second, so that it is made once a module."""
    one_service.fake.forget()
    one_service.bindings = Bindings()
    return one_service


def served(
    name: str, monkeypatch: pytest.MonkeyPatch, change: Callable[[Access], Access] = lambda a: a
) -> Iterator[Service]:
    """Make a service; the keys in the environment are nobody's."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIA" + "DUMMY" * 3)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "dummy" * 8)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    fake = Fake(*PROTOCOLS[name])
    provider = opened(change(access_to(name, fake)))
    assert not isinstance(provider, NoAccess), provider
    background = Background()
    yield Service(name, fake, provider, background, Bindings())
    background.start(provider.close()).result(timeout=10)
    background.close()
    fake.close()


def ok(value: bool = True) -> str:  # noqa: FBT001, FBT002
    return json.dumps({"ok": value})
