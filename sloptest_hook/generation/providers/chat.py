"""Chat completions, as every compatible server speaks them: a question as a body, and back."""

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
from sloptest_hook.generation.providers.seam import (
    Answer,
    Binding,
    ProviderError,
    Question,
    Stop,
)
from sloptest_hook.values.settings import Thinking
from sloptest_hook.values.usage import Usage

PATH = "/chat/completions"
_SCHEMA_NAME = "tests"
_STOPS = {
    "stop": Stop.COMPLETE,
    "tool_calls": Stop.COMPLETE,
    "content_filter": Stop.FILTERED,
}


def body_for(question: Question, model: str, _: Thinking) -> dict[str, object]:
    """Return the body of a call: ``max_tokens``, which the smaller servers know alone."""
    prompt = question.prompt
    body: dict[str, object] = {
        "model": model,
        "messages": [
            {"role": "system", "content": prompt.system},
            {"role": "user", "content": f"{prompt.shared}\n\n{tool.item_of(question)}"},
        ],
        "max_tokens": question.max_output,
    }
    if question.binding is Binding.SCHEMA:
        form = {"name": _SCHEMA_NAME, "strict": True, "schema": question.schema}
        body["response_format"] = {"type": "json_schema", "json_schema": form}
    if question.binding is Binding.TOOL:
        spec = {"name": tool.NAME, "description": tool.DESCRIPTION, "strict": True}
        function = {**spec, "parameters": question.schema}
        body["tools"] = [{"type": "function", "function": function}]
    return body


def read(body: Mapping[str, object]) -> Answer | ProviderError:
    """Return the answer in a body."""
    choice = next(items_at(body, "choices"), None)
    message = value_at(choice, "message")
    if not isinstance(message, Mapping):
        return malformed("a body without a message")
    refusal = text_at(message, "refusal")
    stop = _STOPS.get(text_at(choice, "finish_reason"), Stop.TRUNCATED)
    return Answer(
        refusal or _text(message),
        Stop.REFUSED if refusal else stop,
        _usage(body),
        text_at(body, "model"),
        text_at(body, "id"),
    )


def _text(message: Mapping[str, object]) -> str:
    for call in items_at(message, "tool_calls"):
        if text_at(call, "function", "name") == tool.NAME:
            return as_text(value_at(call, "function", "arguments"))
    return text_at(message, "content")


def _usage(body: Mapping[str, object]) -> Usage:
    usage = value_at(body, "usage")
    details = value_at(usage, "prompt_tokens_details")
    return Usage(
        1,
        count_at(usage, "prompt_tokens"),
        count_at(details, "cached_tokens"),
        count_at(details, "cache_write_tokens"),
        count_at(usage, "completion_tokens"),
    )
