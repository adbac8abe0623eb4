"""OpenAI's Responses: a question as a body, a body as an answer."""

import hashlib
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
from sloptest_hook.generation.providers.models import traits_of
from sloptest_hook.generation.providers.seam import (
    Answer,
    Binding,
    ProviderError,
    Question,
    Stop,
)
from sloptest_hook.values.settings import Thinking
from sloptest_hook.values.usage import Usage

PATH = "/responses"
_SCHEMA_NAME = "tests"
_FAILED = {"rate_limit_exceeded": 429, "insufficient_quota": 429, "context_length_exceeded": 400}
_SERVER_ERROR = 500


def body_for(question: Question, model: str, thinking: Thinking) -> dict[str, object]:
    """Return the body of a call; the service is asked to keep nothing of it."""
    prompt = question.prompt
    texts = (prompt.shared, tool.item_of(question))
    content = [{"type": "input_text", "text": each} for each in texts]
    stable = hashlib.sha256(prompt.system.encode() + prompt.shared.encode()).hexdigest()
    body: dict[str, object] = {
        "model": model,
        "instructions": prompt.system,
        "input": [{"role": "user", "content": content}],
        "max_output_tokens": question.max_output,
        "store": False,
        "prompt_cache_key": stable[:32],
    }
    if traits_of(model).effort:
        off = thinking is Thinking.OFF
        body["reasoning"] = {"effort": "none" if off else question.effort.value}
    if question.binding is Binding.SCHEMA:
        form = {"type": "json_schema", "name": _SCHEMA_NAME, "strict": True}
        body["text"] = {"format": {**form, "schema": question.schema}}
    if question.binding is Binding.TOOL:
        spec = {"type": "function", "name": tool.NAME, "description": tool.DESCRIPTION}
        body["tools"] = [{**spec, "strict": True, "parameters": question.schema}]
    return body


def read(body: Mapping[str, object]) -> Answer | ProviderError:
    """Return the answer in a body, or the error that a body of status 200 may hold."""
    if not isinstance(value_at(body, "output"), list):
        return malformed("a body without output")
    if text_at(body, "status") == "failed":
        code = text_at(body, "error", "code")
        said = text_at(body, "error", "message")
        return coded_error(_FAILED.get(code, _SERVER_ERROR), code, said)
    refusal, text = _refusal(body), _text(body)
    return Answer(
        refusal or text,
        Stop.REFUSED if refusal else _stop(body),
        _usage(body),
        text_at(body, "model"),
        text_at(body, "id"),
    )


def _stop(body: Mapping[str, object]) -> Stop:
    if text_at(body, "status") == "completed":
        return Stop.COMPLETE
    filtered = text_at(body, "incomplete_details", "reason") == "content_filter"
    return Stop.FILTERED if filtered else Stop.TRUNCATED


def _refusal(body: Mapping[str, object]) -> str:
    parts = (part for item in items_at(body, "output") for part in items_at(item, "content"))
    return "".join(text_at(part, "refusal") for part in parts if part.get("type") == "refusal")


def _text(body: Mapping[str, object]) -> str:
    for item in items_at(body, "output"):
        if item.get("type") == "function_call" and item.get("name") == tool.NAME:
            return as_text(item.get("arguments"))
    parts = (part for item in items_at(body, "output") for part in items_at(item, "content"))
    return "".join(text_at(part, "text") for part in parts if part.get("type") == "output_text")


def _usage(body: Mapping[str, object]) -> Usage:
    usage = value_at(body, "usage")
    details = value_at(usage, "input_tokens_details")
    return Usage(
        1,
        count_at(usage, "input_tokens"),
        count_at(details, "cached_tokens"),
        count_at(details, "cache_write_tokens"),
        count_at(usage, "output_tokens"),
    )
