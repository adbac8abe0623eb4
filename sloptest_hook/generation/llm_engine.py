"""The engine that asks a model: offline first, for facts and as a fallback, then by many calls.

What the offline search has seen goes into the prompt; what it has written stands in wherever no
reply came, came in time, or was good.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, as_completed
from contextlib import suppress
from dataclasses import dataclass, field

from sloptest_hook.generation.background import Background
from sloptest_hook.generation.conversation import Asked, Conversation
from sloptest_hook.generation.desk import Desk
from sloptest_hook.generation.offline.engine import OfflineEngine, Search
from sloptest_hook.generation.subject_view import private_reason
from sloptest_hook.generation.tests_reply import answers_of
from sloptest_hook.values.candidate import Candidate, NoCandidate
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.observed import Observations, SearchRequest
from sloptest_hook.values.plan import Target
from sloptest_hook.values.records import replace
from sloptest_hook.values.refining import RefineRequest
from sloptest_hook.values.settings import Fallback
from sloptest_hook.values.source import Symbol
from sloptest_hook.values.usage import Account

# Of the time that there is to write in; what it finds later a model need not know.
_LOOKING_SHARE = 0.25
# To say why there is no reply. Loading a vendor's package or reading a price may hold the loop up
# for as long as the machine is busy, and whoever waits for it must not be held up with it.
_GRACE_SECONDS = 0.5
_NO_ANSWER = "the time budget ended before the provider had answered"
_Answer = Candidate | NoCandidate


class _Watched:
    """A search that remembers what it has seen, for the prompts."""

    def __init__(self, search: Search) -> None:
        self._search = search
        self.seen: dict[tuple[str, str], Observations] = {}

    def search(
        self, requests: Sequence[SearchRequest], deadline: Deadline
    ) -> Iterator[Observations]:
        """Yield what was seen, and keep it; requests of one call have names of their own."""
        modules = {request.qualname: request.module for request in requests}
        for seen in self._search.search(requests, deadline):
            self.seen[modules.get(seen.qualname, ""), seen.qualname] = seen
            yield seen


@dataclass
class LlmEngine:
    """Asks a provider for tests of what the offline engine finds hard, or of everything."""

    desk: Desk
    search: Search
    _notes: dict[str, None] = field(default_factory=dict)
    _seen: Mapping[tuple[str, str], Observations] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.desk.engine

    @property
    def account(self) -> Account:
        """Return what the run has to say of its calls, after the last answer."""
        budget = self.desk.budget
        return Account((*self._notes, *budget.notes), budget.spent)

    def write(self, targets: Sequence[Target], deadline: Deadline) -> Iterator[_Answer]:
        """Yield one answer a target, each as soon as it is there."""
        watched = _Watched(self.search)
        looking = deadline.within(_LOOKING_SHARE * deadline.remaining)
        offline = {a.target.symbol: a for a in OfflineEngine(watched).write(targets, looking)}
        asked = [target for target in targets if self._is_asked_for(target, offline)]
        for target in targets:
            if target not in asked and target.symbol in offline:
                yield offline[target.symbol]
        self._seen = watched.seen
        for answer in self._asked(asked, {}, deadline):
            yield self._or_offline(answer, offline)

    def refine(self, requests: Sequence[RefineRequest], deadline: Deadline) -> Iterator[_Answer]:
        """Yield new tests in the place of those that failed, asked for with what became of them."""
        again = {each.target.symbol: each for each in requests}
        targets = [each.target for each in requests if not self._is_private(each.target)]
        yield from self._asked(targets, again, deadline)

    def _is_asked_for(self, target: Target, offline: Mapping[Symbol, _Answer]) -> bool:
        if self._is_private(target):
            return False
        easy = isinstance(offline.get(target.symbol), Candidate)
        return not (easy and self.desk.settings.only_for_hard)

    def _is_private(self, target: Target) -> bool:
        reason = self.desk.private(target) or private_reason(target)
        if reason:
            self._say(f"{target.symbol} was not sent: {reason}")
        return bool(reason)

    def _asked(
        self,
        targets: Sequence[Target],
        again: Mapping[Symbol, RefineRequest],
        deadline: Deadline,
    ) -> Iterator[_Answer]:
        if not targets:
            return
        background = Background()
        conversation = Conversation(self.desk, self._seen, deadline)
        try:
            running = {
                background.start(conversation.ask(batch, _by_name(batch, again))): batch
                for batch in _batches(targets, self.desk.settings.batch_size)
            }
            yield from self._read_in_time(running, deadline)
        finally:
            with suppress(TimeoutError):
                background.start(conversation.close()).result(_GRACE_SECONDS)
            background.close()

    def _read_in_time(
        self, running: Mapping["Future[Asked]", Sequence[Target]], deadline: Deadline
    ) -> Iterator[_Answer]:
        """Yield what comes in time; every call ends by itself then, unless the loop is held up."""
        left = dict(running)
        try:
            for done in as_completed(running, deadline.remaining + _GRACE_SECONDS):
                yield from self._read(done, left.pop(done))
        except TimeoutError:
            for batch in left.values():
                yield from (NoCandidate(each, _NO_ANSWER, out_of_time=True) for each in batch)

    def _read(self, done: "Future[Asked]", batch: Sequence[Target]) -> Iterator[_Answer]:
        asked = done.result()
        for note in asked.notes:
            self._say(note)
        if asked.reply is None:
            yield from (NoCandidate(each, asked.reason) for each in batch)
        else:
            yield from answers_of(asked.reply, batch, self.name, self.desk.tests_dir)

    def _or_offline(self, answer: _Answer, offline: Mapping[Symbol, _Answer]) -> _Answer:
        """Return the answer, or what was written offline where a model wrote nothing."""
        other = offline.get(answer.target.symbol)
        if isinstance(answer, Candidate) or self.desk.settings.fallback is Fallback.NONE:
            return answer
        if isinstance(other, Candidate):
            return replace(other, notes=(*other.notes, answer.reason))
        if isinstance(other, NoCandidate):
            reason = f"{answer.reason}; offline: {other.reason}"
            return replace(answer, reason=reason, not_importable=other.not_importable)
        return answer

    def _say(self, note: str) -> None:
        self._notes[note] = None


def _by_name(
    batch: Sequence[Target], again: Mapping[Symbol, RefineRequest]
) -> Mapping[str, RefineRequest]:
    return {each.symbol.qualname: again[each.symbol] for each in batch if each.symbol in again}


def _batches(targets: Sequence[Target], size: int) -> Iterator[list[Target]]:
    """Yield targets of one file together; one name stands for one of them in a reply."""
    files: dict[object, list[Target]] = {}
    for target in targets:
        files.setdefault(target.symbol.path, []).append(target)
    for group in files.values():
        batch: list[Target] = []
        for target in group:
            names = {each.symbol.qualname for each in batch}
            if len(batch) == size or target.symbol.qualname in names:
                yield batch
                batch = []
            batch.append(target)
        yield batch
