"""One run's calls: what is asked for a batch, in what order limits are looked at, what is kept."""

import asyncio
import hashlib
import json
from collections.abc import Mapping, Sequence

from sloptest_hook.generation.background import in_daemon_thread
from sloptest_hook.generation.desk import Desk
from sloptest_hook.generation.prompt import VERSION, Brief, Withheld, prompt_for
from sloptest_hook.generation.providers.access import NoAccess
from sloptest_hook.generation.providers.calling import Bindings, Wanted, generate
from sloptest_hook.generation.providers.seam import (
    ErrorKind,
    Prompt,
    Provider,
    ProviderError,
    Reply,
)
from sloptest_hook.generation.strict_json import BadReply, read_json
from sloptest_hook.generation.tests_reply import SCHEMA, fault_of
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.observed import Observations
from sloptest_hook.values.plan import Target
from sloptest_hook.values.records import dataclass, replace
from sloptest_hook.values.refining import RefineRequest
from sloptest_hook.values.usage import Usage

_OUTPUT_BASE = 3000  # tokens: thoughts and the frame of a reply
_OUTPUT_EACH = 2500
_MOST_OUTPUT = 16_000
_CHARACTERS_A_TOKEN = 3  # of source code, counted on the safe side
_NOTHING = Usage()


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of a batch: a reply, or why there is none; ``notes`` are for the report."""

    reply: Reply | None
    reason: str = ""
    notes: tuple[str, ...] = ()


class Conversation:
    """The calls of one run, which share a provider and what was found out about it."""

    def __init__(
        self, desk: Desk, seen: Mapping[tuple[str, str], Observations], deadline: Deadline
    ) -> None:
        self._desk = desk
        self._seen = seen
        self._deadline = deadline
        self._bindings = Bindings()
        self._opening: asyncio.Task[Provider | NoAccess] | None = None
        self._free = asyncio.Semaphore(desk.settings.max_concurrency)

    async def ask(
        self, batch: Sequence[Target], again: Mapping[str, RefineRequest] | None = None
    ) -> Asked:
        """Ask for the tests of a batch; never later than the deadline, and never raises for it.

        ``again`` holds, by qualname, what became of those that were written before.
        """
        first = batch[0]
        seen = {
            target.symbol.qualname: each
            for target in batch
            if (each := self._seen.get((target.module, target.symbol.qualname)))
        }
        around = self._desk.surroundings(first)
        brief = Brief(batch, around, seen, self._desk.system, self._desk.key, again=again or {})
        async with self._free:
            asked = await self._tried(brief)
            if asked.reply is None and asked.reason.startswith(ErrorKind.CONTEXT_TOO_LONG):
                asked = await self._tried(replace(brief, lean=True))
        return asked

    async def close(self) -> None:
        """Let go of the provider."""
        if self._opening is not None and self._opening.done():
            provider = self._opening.result()
            if not isinstance(provider, NoAccess):
                await provider.close()

    async def _tried(self, brief: Brief) -> Asked:
        prompt = prompt_for(brief, self._desk.clean)
        if isinstance(prompt, Withheld):
            names = ", ".join(str(target.symbol) for target in brief.targets)
            return _no(f"not sent: it {prompt.reason}", f"{names}: nothing was sent: ")
        wanted = Wanted(SCHEMA, self._desk.settings.effort, _most_output(brief.targets), fault_of)
        key = self._key(prompt, wanted)
        kept = self._kept(key)
        if kept is not None:
            return Asked(kept)
        asked = await self._paid(prompt, wanted, key)
        self._record(key, prompt, asked)
        return asked

    async def _paid(self, prompt: Prompt, wanted: Wanted, key: str) -> Asked:
        """Look at the limits, then ask, then write down what was spent."""
        provider = await self._provider()
        if isinstance(provider, NoAccess):
            return _no(provider.reason)
        most = _most(prompt, wanted)
        budget = self._desk.budget
        refusal = budget.reserve(provider.model, most)
        if refusal:
            return _no(refusal)
        spent = _NOTHING
        try:
            result = await generate(provider, prompt, wanted, self._deadline, self._bindings)
            spent = result.usage
        finally:
            budget.settle(provider.model, most, spent)
        if isinstance(result, ProviderError):
            return self._failed(result)
        if result.data is not None:
            self._desk.replies.put(key, result.text)
        return Asked(result)

    def _failed(self, error: ProviderError) -> Asked:
        said = f"{self._desk.engine} at {self._desk.place}: {error.message}"
        return _no(f"{error.kind}: {said}", "the provider did not answer: ")

    async def _provider(self) -> Provider | NoAccess:
        """Open it once, beside the loop: importing a vendor's package takes a second."""
        if self._opening is None:
            self._opening = asyncio.ensure_future(in_daemon_thread(self._desk.open_provider))
        try:
            async with asyncio.timeout(self._deadline.remaining):
                return await asyncio.shield(self._opening)
        except TimeoutError:
            return NoAccess("the time budget ended before the provider's package was loaded")

    def _key(self, prompt: Prompt, wanted: Wanted) -> str:
        desk = self._desk
        parts = [VERSION, desk.engine, desk.place, desk.model, wanted.effort, wanted.max_output]
        texts = [prompt.system, prompt.shared, prompt.item, wanted.schema, desk.settings.thinking]
        return hashlib.sha256(json.dumps([*parts, *texts]).encode()).hexdigest()

    def _kept(self, key: str) -> Reply | None:
        text = self._desk.replies.get(key)
        data = read_json(text) if text is not None else BadReply("")
        if text is None or isinstance(data, BadReply) or fault_of(data):
            return None
        return Reply(text, data, _NOTHING, self._desk.model, attempts=0)

    def _record(self, key: str, prompt: Prompt, asked: Asked) -> None:
        name = key[:12]
        shown = f"{prompt.system}\n\n{prompt.shared}\n\n{prompt.item}\n"
        self._desk.keep(f"{name}.prompt.txt", shown)
        self._desk.keep(
            f"{name}.reply.txt", asked.reply.text if asked.reply else f"no reply: {asked.reason}"
        )


def _no(reason: str, told: str = "") -> Asked:
    """Return why there is no reply, told once for the run: every batch may have the same reason."""
    return Asked(None, reason, (f"{told}{reason}",))


def _most(prompt: Prompt, wanted: Wanted) -> Usage:
    """Return the most that a call can take, as far as its text tells; two attempts are rare."""
    size = len(f"{prompt.system}{prompt.shared}{prompt.item}{json.dumps(wanted.schema)}".encode())
    return Usage(1, size // _CHARACTERS_A_TOKEN + 1, output_tokens=wanted.max_output)


def _most_output(targets: Sequence[Target]) -> int:
    return min(_MOST_OUTPUT, _OUTPUT_BASE + _OUTPUT_EACH * len(targets))
