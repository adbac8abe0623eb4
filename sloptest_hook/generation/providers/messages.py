"""Anthropic's Messages: a question as a body, a body as an answer."""

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

PATH = "/v1/messages"
_KEPT = {"type": "ephemeral"}
_LEAST_BUDGET = 1024  # tokens, the service's own least
_STOPS = {
    "end_turn": Stop.COMPLETE,
    "stop_sequence": Stop.COMPLETE,
    "tool_use": Stop.COMPLETE,
    "refusal": Stop.REFUSED,
}


def body_for(question: Question, model: str, thinking: Thinking) -> dict[str, object]:
    """Return the body of a call; nothing that samples, which newer models refuse."""
    prompt = question.prompt
    user = [
        {"type": "text", "text": prompt.shared, "cache_control": _KEPT},
        {"type": "text", "text": tool.item_of(question)},
    ]
    body: dict[str, object] = {
        "model": model,
        "max_tokens": question.max_output,
        "system": [{"type": "text", "text": prompt.system, "cache_control": _KEPT}],
        "messages": [{"role": "user", "content": user}],
    }
    output: dict[str, object] = {}
    if traits_of(model).effort:
        output["effort"] = question.effort.value
    if question.binding is Binding.SCHEMA:
        output["format"] = {"type": "json_schema", "schema": question.schema}
    if output:
        body["output_config"] = output
    if question.binding is Binding.TOOL:
        # Never forced: a model that thinks refuses to be forced, and some think always.
        spec = {"name": tool.NAME, "description": tool.DESCRIPTION, "strict": True}
        body["tools"] = [{**spec, "input_schema": question.schema}]
    told = thinking_for(model, thinking, question.max_output)
    if told:
        body["thinking"] = told
    return body


def thinking_for(model: str, thinking: Thinking, max_output: int) -> dict[str, object]:
    """Return what a model is told about thinking, empty for nothing."""
    traits = traits_of(model)
    kinds = {Thinking.ON: traits.thinking_on, Thinking.OFF: traits.thinking_off}
    kind = kinds.get(thinking, "")
    if kind == "enabled":
        return {"type": kind, "budget_tokens": max(_LEAST_BUDGET, max_output // 2)}
    return {"type": kind} if kind else {}


def read(body: Mapping[str, object]) -> Answer | ProviderError:
    """Return the answer in a body; one without a reason to stop was cut off on the way."""
    if not isinstance(value_at(body, "content"), list):
        return malformed("a body without content")
    reason = text_at(body, "stop_reason")
    return Answer(
        _text(body),
        _STOPS.get(reason, Stop.TRUNCATED),
        _usage(body),
        text_at(body, "model"),
        text_at(body, "id"),
    )


def _text(body: Mapping[str, object]) -> str:
    for block in items_at(body, "content"):
        if block.get("type") == "tool_use" and block.get("name") == tool.NAME:
            return as_text(block.get("input"))
    texts = (block for block in items_at(body, "content") if block.get("type") == "text")
    said = "".join(text_at(block, "text") for block in texts)
    return said or text_at(body, "stop_details", "explanation")


def _usage(body: Mapping[str, object]) -> Usage:
    usage = value_at(body, "usage")
    read_tokens = count_at(usage, "cache_read_input_tokens")
    written = count_at(usage, "cache_creation_input_tokens")
    # The service counts what its cache did beside the input, everybody else within.
    total = count_at(usage, "input_tokens") + read_tokens + written
    return Usage(1, total, read_tokens, written, count_at(usage, "output_tokens"))
