"""Edge: carries Responses and chat completions with OpenAI's own package, to it and to others."""

import time
from collections.abc import Awaitable, Callable, Mapping

import httpx2
import openai  # 0.5 s: this module is loaded where the engine asks for it

from sloptest_hook.generation.providers import chat, responses
from sloptest_hook.generation.providers.access import Access, Dialect, Secret
from sloptest_hook.generation.providers.bodies import body_of
from sloptest_hook.generation.providers.connection import CONNECT_SECONDS, options_for
from sloptest_hook.generation.providers.faults import late, status_error, unreachable
from sloptest_hook.generation.providers.seam import (
    Answer,
    Binding,
    ProviderError,
    Question,
)
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.records import dataclass
from sloptest_hook.values.settings import Thinking

_ENTRA_SCOPE = "https://cognitiveservices.azure.com/.default"


@dataclass(frozen=True, slots=True)
class Protocol:
    """One of the two protocols: where bodies go, how they are made and read."""

    path: str
    body_for: Callable[[Question, str, Thinking], dict[str, object]]
    read: Callable[[Mapping[str, object]], Answer | ProviderError]


_RESPONSES = Protocol(responses.PATH, responses.body_for, responses.read)
_CHAT = Protocol(chat.PATH, chat.body_for, chat.read)


def openai_provider(access: Access) -> "OpenAIProvider":
    """Return OpenAI by Responses, or a compatible server by chat completions."""
    client = openai.AsyncOpenAI(
        api_key=(access.key or Secret("")).reveal(),
        base_url=access.base_url,
        max_retries=0,
        http_client=openai.DefaultAsyncHttpxClient(**options_for(access.base_url)),
    )
    protocol = _CHAT if access.dialect is Dialect.CHAT else _RESPONSES
    return OpenAIProvider(access, client, protocol)


def azure_provider(access: Access) -> "OpenAIProvider":
    """Return Azure by Responses: its v1 endpoint, the classic one where a version is named."""
    key: str | Callable[[], Awaitable[str]] = access.key.reveal() if access.key else _entra()
    http_client = openai.DefaultAsyncHttpxClient(**options_for(access.base_url))
    client = (
        openai.AsyncAzureOpenAI(
            azure_endpoint=access.base_url,
            api_version=access.api_version,
            api_key=key,
            max_retries=0,
            http_client=http_client,
        )
        if access.api_version
        else openai.AsyncOpenAI(
            base_url=access.base_url, api_key=key, max_retries=0, http_client=http_client
        )
    )
    return OpenAIProvider(access, client, _RESPONSES)


def _entra() -> Callable[[], Awaitable[str]]:
    from azure.identity.aio import (  # 0.3 s, where there is no key
        DefaultAzureCredential,
        get_bearer_token_provider,
    )

    token: Callable[[], Awaitable[str]] = get_bearer_token_provider(
        DefaultAzureCredential(), _ENTRA_SCOPE
    )
    return token


class OpenAIProvider:
    """One client for a run; it never tries again by itself."""

    first_binding = Binding.SCHEMA

    def __init__(self, access: Access, client: openai.AsyncOpenAI, protocol: Protocol) -> None:
        self._access = access
        self._client = client
        self._protocol = protocol

    @property
    def model(self) -> str:
        return self._access.model

    @property
    def place(self) -> str:
        return self._access.place

    async def ask(self, question: Question, deadline: Deadline) -> Answer | ProviderError:
        """Ask once; a body is read as bytes, since the package takes any body for an answer."""
        body = self._protocol.body_for(question, self.model, self._access.thinking)
        timeout = httpx2.Timeout(max(deadline.remaining, 0.001), connect=CONNECT_SECONDS)
        try:
            raw = await self._client.with_options(timeout=timeout).post(
                self._protocol.path, cast_to=bytes, body=body
            )
        except openai.APIStatusError as error:
            return status_error(error.status_code, error.body, error.response.headers, time.time())
        except openai.APITimeoutError:
            return late()
        except (openai.APIConnectionError, httpx2.TransportError) as error:
            return unreachable(error)
        read = body_of(raw)
        return read if isinstance(read, ProviderError) else self._protocol.read(read)

    async def close(self) -> None:
        """Let go of connections."""
        await self._client.close()
