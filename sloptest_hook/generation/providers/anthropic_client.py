"""Edge: carries Messages to Anthropic with its own package."""

import time

import anthropic  # 1.3 s: this module is loaded where the engine asks for it
import httpx2

from sloptest_hook.generation.providers import messages
from sloptest_hook.generation.providers.access import Access, Secret
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


class AnthropicProvider:
    """One client for a run; it never tries again by itself, nor tells anybody what it sends."""

    first_binding = Binding.SCHEMA

    def __init__(self, access: Access) -> None:
        self._access = access
        self._client = anthropic.AsyncAnthropic(
            api_key=(access.key or Secret("")).reveal(),
            base_url=access.base_url,
            max_retries=0,
            open_telemetry=False,
            http_client=anthropic.DefaultAsyncHttpxClient(**options_for(access.base_url)),
        )

    @property
    def model(self) -> str:
        return self._access.model

    @property
    def place(self) -> str:
        return self._access.place

    async def ask(self, question: Question, deadline: Deadline) -> Answer | ProviderError:
        """Ask once; a body is read as bytes, since the package takes any body for a message."""
        body = messages.body_for(question, self.model, self._access.thinking)
        timeout = httpx2.Timeout(max(deadline.remaining, 0.001), connect=CONNECT_SECONDS)
        try:
            raw = await self._client.with_options(timeout=timeout).post(
                messages.PATH, cast_to=bytes, body=body
            )
        except anthropic.APIStatusError as error:
            return status_error(error.status_code, error.body, error.response.headers, time.time())
        except anthropic.APITimeoutError:
            return late()
        except (anthropic.APIConnectionError, httpx2.TransportError) as error:
            return unreachable(error)
        read = body_of(raw)
        return read if isinstance(read, ProviderError) else messages.read(read)

    async def close(self) -> None:
        """Let go of connections."""
        await self._client.close()
