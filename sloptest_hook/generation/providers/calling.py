"""Asks a provider until there is an answer, a no that stays one, or no more time."""

import asyncio
from collections.abc import Callable

from sloptest_hook.generation.loose_json import json_in
from sloptest_hook.generation.providers.seam import (
    Answer,
    Binding,
    ErrorKind,
    Prompt,
    Provider,
    ProviderError,
    Question,
    Reply,
    Schema,
    Stop,
)
from sloptest_hook.generation.strict_json import BadReply, JsonValue, read_json
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.records import dataclass, replace
from sloptest_hook.values.settings import Effort
from sloptest_hook.values.usage import Usage

_MOST_ATTEMPTS = 5
_FIRST_PAUSE = 0.5  # seconds, then twice as long each time
_LEAST_CALL = 1.0  # seconds; a call that has less is not worth waiting for


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: the shape of the reply, how much thought, how many tokens at most.

    ``fault`` says what is wrong with a reply that is JSON, None where nothing is: it may take more
    than the schema allows.
    """

    schema: Schema
    effort: Effort
    max_output: int
    fault: Callable[[JsonValue], str | None]


class Bindings:
    """How each model at each place is held to a schema, as far as it was found out."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], Binding] = {}

    def of(self, provider: Provider) -> Binding:
        """Return the strictest binding that it has not refused."""
        return self._found.get((provider.place, provider.model), provider.first_binding)

    def step_down(self, provider: Provider, refused: Binding) -> bool:
        """Remember what was refused; False when there is nothing weaker to try.

        Calls go out side by side: the next to be refused the same takes no second step.
        """
        order = list(Binding)
        if refused is order[-1]:
            return False
        if self.of(provider) is refused:
            weaker = order[order.index(refused) + 1]
            self._found[provider.place, provider.model] = weaker
        return True


async def generate(
    provider: Provider, prompt: Prompt, wanted: Wanted, deadline: Deadline, bindings: Bindings
) -> Reply | ProviderError:
    """Return the reply to a prompt, or why there is none; never later than the deadline.

    What a service asks to wait is waited where a call still fits behind it, else it fails at once.
    """
    usage = Usage()
    attempts = 0
    while True:
        attempts += 1
        binding = bindings.of(provider)
        question = Question(prompt, wanted.schema, binding, wanted.effort, wanted.max_output)
        answer = await _asked(provider, question, deadline)
        usage += answer.usage
        if isinstance(answer, Answer):
            return _counted(_reply(answer, binding, wanted), usage, attempts)
        if answer.kind is ErrorKind.UNSUPPORTED and bindings.step_down(provider, binding):
            continue
        pause = _pause(answer, attempts)
        if pause is None:
            return _counted(answer, usage, attempts)
        if pause + _LEAST_CALL > deadline.remaining:
            return _counted(_no_time_for(answer, pause), usage, attempts)
        await asyncio.sleep(pause)


async def _asked(
    provider: Provider, question: Question, deadline: Deadline
) -> Answer | ProviderError:
    """Ask once, and not beyond the deadline: what vendors call a timeout is one for each read."""
    late = ProviderError(ErrorKind.TIMEOUT, "no answer within the time budget")
    if deadline.passed:
        return late
    try:
        async with asyncio.timeout(deadline.remaining):
            return await provider.ask(question, deadline)
    except TimeoutError:
        return late


def _pause(error: ProviderError, attempts: int) -> float | None:
    """Return the seconds to the next attempt, None where there is none."""
    if not error.retryable or attempts >= _MOST_ATTEMPTS:
        return None
    if error.retry_after is not None:
        return error.retry_after
    return float(_FIRST_PAUSE * 2 ** (attempts - 1))


def _no_time_for(error: ProviderError, pause: float) -> ProviderError:
    if error.retry_after is None:
        return error
    message = f"{error.message} (it asks to wait {pause:g} s, longer than the time budget allows)"
    return replace(error, message=message)


def _reply(answer: Answer, binding: Binding, wanted: Wanted) -> Reply | ProviderError:
    """Look at why the model stopped before anything is parsed."""
    match answer.stop:
        case Stop.REFUSED | Stop.FILTERED:
            said = " ".join(answer.text.split())[:160]
            how = "refused" if answer.stop is Stop.REFUSED else "stopped by a content filter"
            return ProviderError(ErrorKind.REFUSED, f"{how}: {said}" if said else how)
        case Stop.TRUNCATED:
            return _reply_of(answer, None)
        case Stop.COMPLETE:
            pass
    strict = binding is Binding.SCHEMA
    data = read_json(answer.text) if strict else json_in(answer.text)
    if isinstance(data, BadReply) and strict:
        data = json_in(answer.text)  # a server that ignores a schema says nothing of it
    fault = data.reason if isinstance(data, BadReply) else wanted.fault(data)
    if isinstance(data, BadReply) or fault:
        return ProviderError(ErrorKind.MALFORMED, f"{fault}")
    return _reply_of(answer, data)


def _reply_of(answer: Answer, data: JsonValue) -> Reply:
    return Reply(answer.text, data, answer.usage, answer.model, answer.request_id)


def _counted(result: Reply | ProviderError, usage: Usage, attempts: int) -> Reply | ProviderError:
    if isinstance(result, Reply):
        return replace(result, usage=usage, attempts=attempts)
    return replace(result, usage=usage, attempts=attempts)
