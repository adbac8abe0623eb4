"""Bedrock's Converse: a question as arguments, a result as an answer."""

import json
from collections.abc import Mapping

from sloptest_hook.generation.providers import tool
from sloptest_hook.generation.providers.bodies import (
    as_text,
    count_at,
    items_at,
    malformed,
    text_at,
    value_at,
)
from sloptest_hook.generation.providers.faults import coded_error
from sloptest_hook.generation.providers.messages import thinking_for
from sloptest_hook.generation.providers.models import traits_of
from sloptest_hook.generation.providers.seam import (
    Answer,
    Binding,
    ErrorKind,
    ProviderError,
    Question,
    Stop,
)
from sloptest_hook.values.settings import Thinking
from sloptest_hook.values.usage import Usage

_KEPT = {"cachePoint": {"type": "default"}}
_SCHEMA_NAME = "tests"
_STOPS = {
    "end_turn": Stop.COMPLETE,
    "stop_sequence": Stop.COMPLETE,
    "tool_use": Stop.COMPLETE,
    "guardrail_intervened": Stop.FILTERED,
    "content_filtered": Stop.FILTERED,
}
_STATUS = {
    "AccessDeniedException": 403,
    "AccessDenied": 403,
    "ValidationException": 400,
    "ResourceNotFoundException": 404,
    "ModelTimeoutException": 408,
    "ModelErrorException": 424,
    "ThrottlingException": 429,
    "ModelNotReadyException": 429,
    "ServiceQuotaExceededException": 402,
    "InternalServerException": 500,
    "ServiceUnavailableException": 503,
}
# Whatever the status: these say that the credentials are no good any more, or never were.
_NO_CREDENTIALS = frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "IncompleteSignature",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)


def arguments_for(question: Question, model: str, thinking: Thinking) -> dict[str, object]:
    """Return the arguments of a call."""
    prompt = question.prompt
    caches = "claude" in model or "nova" in model  # others refuse to be told what to keep
    kept = [_KEPT] if caches else []
    item = {"text": tool.item_of(question)}
    arguments: dict[str, object] = {
        "modelId": model,
        "system": [{"text": prompt.system}, *kept],
        "messages": [{"role": "user", "content": [{"text": prompt.shared}, *kept, item]}],
        "inferenceConfig": {"maxTokens": question.max_output},
    }
    output: dict[str, object] = {}
    if question.binding is Binding.SCHEMA:
        form = {"name": _SCHEMA_NAME, "schema": json.dumps(question.schema)}
        output["textFormat"] = {"type": "json_schema", "structure": {"jsonSchema": form}}
    if traits_of(model).effort:
        output["effort"] = question.effort.value
    if output:
        arguments["outputConfig"] = output
    if question.binding is Binding.TOOL:
        spec = {"name": tool.NAME, "description": tool.DESCRIPTION, "strict": True}
        spec["inputSchema"] = {"json": dict(question.schema)}
        arguments["toolConfig"] = {"tools": [{"toolSpec": spec}]}
    told = thinking_for(model, thinking, question.max_output)
    if told:
        arguments["additionalModelRequestFields"] = {"thinking": told}
    return arguments


def read(result: Mapping[str, object]) -> Answer | ProviderError:
    """Return the answer in a result; boto3 makes an empty one of a body that it cannot read."""
    message = value_at(result, "output", "message")
    if not isinstance(message, Mapping):
        return malformed("a body without a message")
    reason = text_at(result, "stopReason")
    if reason.startswith("malformed_"):
        return malformed(f"what the service itself calls {reason}")
    return Answer(
        _text(message),
        _STOPS.get(reason, Stop.TRUNCATED),
        _usage(result),
        "",
        text_at(result, "ResponseMetadata", "RequestId"),
    )


def service_error(code: str, message: str, status: int) -> ProviderError:
    """Return the error of what the service calls ``code``; its own status is the last resort."""
    if code in _NO_CREDENTIALS:
        said = " ".join(message.split())
        return ProviderError(ErrorKind.AUTH, f"{code}: {said}"[:300])
    return coded_error(_STATUS.get(code, status), code, message)


def _text(message: Mapping[str, object]) -> str:
    for block in items_at(message, "content"):
        if text_at(block, "toolUse", "name") == tool.NAME:
            return as_text(value_at(block, "toolUse", "input"))
    return "".join(text_at(block, "text") for block in items_at(message, "content"))


def _usage(result: Mapping[str, object]) -> Usage:
    usage = value_at(result, "usage")
    cached = count_at(usage, "cacheReadInputTokens")
    written = count_at(usage, "cacheWriteInputTokens")
    total = count_at(usage, "inputTokens") + cached + written
    return Usage(1, total, cached, written, count_at(usage, "outputTokens"))
