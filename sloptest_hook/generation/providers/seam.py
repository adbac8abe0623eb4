"""What a provider is asked, and what it may answer; a vendor's words end before this."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from sloptest_hook.generation.strict_json import JsonValue
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.records import dataclass
from sloptest_hook.values.settings import Effort
from sloptest_hook.values.usage import Usage

Schema = Mapping[str, JsonValue]
_NOTHING = Usage()


class Binding(StrEnum):
    """How a model is held to a schema, the strictest first.

    SCHEMA: the service lets nothing else out. TOOL: the schema is that of a tool's arguments. TEXT:
    the prompt asks for it.
    """

    SCHEMA = "schema"
    TOOL = "tool"
    TEXT = "text"


class Stop(StrEnum):
    """Why a model has stopped."""

    COMPLETE = "complete"
    TRUNCATED = "truncated"
    REFUSED = "refused"
    FILTERED = "filtered"


class ErrorKind(StrEnum):
    """What kept a provider from answering."""

    AUTH = "auth"
    PERMISSION = "permission"
    NOT_FOUND = "not found"
    BAD_REQUEST = "bad request"
    UNSUPPORTED = "unsupported"  # this way of binding a schema, by this model
    CONTEXT_TOO_LONG = "context too long"
    RATE_LIMITED = "rate limited"
    QUOTA = "quota"
    OVERLOADED = "overloaded"
    TIMEOUT = "timeout"
    CONNECTION = "connection"
    REFUSED = "refused"
    MALFORMED = "malformed"
    SERVER = "server"


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model reads, the most stable first, so that a provider's cache can keep it.

    ``system`` is the same for every call, ``shared`` for every call about one file.
    """

    system: str
    shared: str
    item: str


@dataclass(frozen=True, slots=True)
class Question:
    """One call: ``max_output`` is in tokens, thoughts included."""

    prompt: Prompt
    schema: Schema
    binding: Binding
    effort: Effort
    max_output: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model has said to one question, as text, and why it stopped."""

    text: str
    stop: Stop
    usage: Usage
    model: str
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that has the shape of the schema; ``data`` is None where it was cut off.

    ``usage`` is that of all ``attempts``.
    """

    text: str
    data: JsonValue
    usage: Usage
    model: str
    request_id: str = ""
    attempts: int = 1


@dataclass(frozen=True, slots=True)
class ProviderError:
    """A provider's expected no; ``retry_after`` are the seconds that it asks to wait.

    ``message`` is one line for a person, without a key in it.
    """

    kind: ErrorKind
    message: str
    retryable: bool = False
    retry_after: float | None = None
    usage: Usage = _NOTHING
    attempts: int = 1


class Provider(Protocol):
    """Whoever answers a question; one object serves a whole run."""

    @property
    def model(self) -> str: ...

    @property
    def place(self) -> str:
        """Return where it answers: what is remembered of it is remembered of this place."""

    @property
    def first_binding(self) -> Binding:
        """Return the strictest binding that the model is known to take."""

    async def ask(self, question: Question, deadline: Deadline) -> Answer | ProviderError:
        """Ask once; whatever the service does is in the answer."""

    async def close(self) -> None:
        """Let go of connections."""
