"""Edge: carries Converse to Bedrock with boto3, each call in a daemon thread.

boto3 cannot be told to stop: what is left of a call that was given up ends with the process.
"""

from collections.abc import Mapping
from typing import Any

import boto3  # 0.3 s: this module is loaded where the engine asks for it
import botocore.session
from botocore import exceptions
from botocore.config import Config
from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials

from sloptest_hook.generation.background import in_daemon_thread
from sloptest_hook.generation.providers import converse
from sloptest_hook.generation.providers.access import Access
from sloptest_hook.generation.providers.bodies import malformed, text_at, value_at
from sloptest_hook.generation.providers.connection import CONNECT_SECONDS
from sloptest_hook.generation.providers.faults import late, retry_after
from sloptest_hook.generation.providers.models import traits_of
from sloptest_hook.generation.providers.seam import (
    Answer,
    Binding,
    ErrorKind,
    ProviderError,
    Question,
)
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.endpoint import is_loopback
from sloptest_hook.values.records import replace

_SESSION_NAME = "sloptest-hook"
_READ_SECONDS = 600.0  # the deadline is what ends a call
_NO_PROXY = {"http": None, "https": None}
_CREDENTIALS = (
    exceptions.NoCredentialsError,
    exceptions.PartialCredentialsError,
    exceptions.CredentialRetrievalError,
    exceptions.NoRegionError,
    exceptions.ProfileNotFound,
    exceptions.NoAuthTokenError,
    exceptions.TokenRetrievalError,
    exceptions.UnauthorizedSSOTokenError,
)


class BedrockProvider:
    """One client for a run, made in the thread of the first call: finding credentials may hang."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._client: Any = None  # boto3 makes its classes at run time

    @property
    def model(self) -> str:
        return self._access.model

    @property
    def place(self) -> str:
        return self._access.place

    @property
    def first_binding(self) -> Binding:
        return traits_of(self.model).on_bedrock

    async def ask(self, question: Question, deadline: Deadline) -> Answer | ProviderError:
        """Ask once."""
        arguments = converse.arguments_for(question, self.model, self._access.thinking)
        return await in_daemon_thread(lambda: self._asked(arguments))

    async def close(self) -> None:
        """Leave connections to the end of the process: closing could wait for a call."""

    def _asked(self, arguments: Mapping[str, object]) -> Answer | ProviderError:
        try:
            self._client = self._client or _client(self._access)
            return converse.read(self._client.converse(**arguments))
        except exceptions.ClientError as error:
            return _refused(error)
        except exceptions.BotoCoreError as error:
            return _failed(error)
        except RuntimeError as error:  # what botocore says of credentials that came expired
            return ProviderError(ErrorKind.AUTH, " ".join(str(error).split())[:300])
        except (AttributeError, TypeError, ValueError):
            # Its parser takes the shape of a body for granted.
            return malformed("a body of another shape")


def _failed(error: exceptions.BotoCoreError) -> ProviderError:
    """Return the error of what boto3 calls by a class."""
    said = f"{type(error).__name__}: {' '.join(str(error).split())}"[:300]
    match error:
        case exceptions.ReadTimeoutError() | exceptions.ConnectTimeoutError():
            return late()
        case exceptions.HTTPClientError() | exceptions.ConnectionError():
            return ProviderError(ErrorKind.CONNECTION, said, retryable=True)
        case exceptions.ParamValidationError():
            return ProviderError(ErrorKind.BAD_REQUEST, said)
        case _ if isinstance(error, _CREDENTIALS):
            return ProviderError(ErrorKind.AUTH, said)
        case _:
            return malformed(said)


def _refused(error: exceptions.ClientError) -> ProviderError:
    response: object = error.response
    status = value_at(response, "ResponseMetadata", "HTTPStatusCode")
    found = converse.service_error(
        text_at(response, "Error", "Code"),
        text_at(response, "Error", "Message"),
        status if isinstance(status, int) else 0,
    )
    headers = value_at(response, "ResponseMetadata", "HTTPHeaders")
    if not found.retryable or not isinstance(headers, Mapping):
        return found
    return replace(found, retry_after=retry_after(headers, 0.0))


def _client(access: Access) -> Any:
    session = botocore.session.get_session()
    if access.role_arn:
        _assume(session, access)
    region = access.region or session.get_config_variable("region")
    return boto3.Session(botocore_session=session, region_name=region).client(
        "bedrock-runtime", endpoint_url=access.base_url or None, config=_config(access.base_url)
    )


def _config(base_url: str) -> Config:
    return Config(
        retries={"total_max_attempts": 1},
        connect_timeout=CONNECT_SECONDS,
        read_timeout=_READ_SECONDS,
        max_pool_connections=64,
        proxies=_NO_PROXY if is_loopback(base_url) else None,
    )


def _assume(session: Any, access: Access) -> None:
    """Let the session act in a role; its credentials are fetched at the first call, and again."""
    source = botocore.session.get_session()

    def create(service: str, **named: Any) -> Any:
        settings = {"region_name": access.region or None, "config": _config(access.base_url)}
        return source.create_client(service, **{**named, **settings})

    fetcher = AssumeRoleCredentialFetcher(
        create,
        source.get_credentials(),
        access.role_arn,
        extra_args={"RoleSessionName": _SESSION_NAME},
    )
    session._credentials = DeferredRefreshableCredentials(  # noqa: SLF001  # boto3's own way in
        method="assume-role", refresh_using=fetcher.fetch_credentials
    )
