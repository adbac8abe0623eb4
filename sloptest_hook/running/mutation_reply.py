"""Reads what a mutation session replied: messages in, MutationRun out."""

from collections.abc import Iterable, Mapping

from sloptest_hook.running.outcome import FORGED, confinement_of
from sloptest_hook.running.process import HarnessReply
from sloptest_hook.values.mutation import MutantStatus, MutationRequest, MutationRun

Status = tuple[MutantStatus, str]


def mutation_run(request: MutationRequest, reply: HarnessReply) -> MutationRun:
    """Return a status for each trial; what was said before a crash or a time-out counts."""
    statuses: list[Status] = [(MutantStatus.UNTRIED, "")] * len(request.trials)
    if not reply.forged:
        for message in _of_kind(reply, "mutant"):
            at, status = message.get("index"), _status(message)
            if isinstance(at, int) and 0 <= at < len(statuses) and status is not None:
                statuses[at] = status
    cold = [each.get("number") for each in _of_kind(reply, "cold")]
    return MutationRun(
        statuses=tuple(statuses),
        failing=tuple(
            (str(each.get("node")), str(each.get("message"))) for each in _of_kind(reply, "failing")
        ),
        order_dependent=tuple(str(each.get("node")) for each in _of_kind(reply, "order")),
        problem=_problem(reply, statuses),
        confinement=confinement_of(reply),
        cold=sum(each for each in cold if isinstance(each, int)),
        seconds=reply.seconds,
    )


def _status(message: Mapping[str, object]) -> Status | None:
    try:
        return MutantStatus(str(message.get("status"))), str(message.get("by") or "")
    except ValueError:
        return None


def _problem(reply: HarnessReply, statuses: Iterable[Status]) -> str:
    if reply.forged:
        return FORGED
    said = [*_of_kind(reply, "refused"), *_of_kind(reply, "problem")]
    if said:
        return str(said[0].get("message"))
    if any(_of_kind(reply, "end")):
        late = any(status is MutantStatus.UNTRIED for status, _ in statuses)
        return "" if not (late and reply.timed_out) else "the time was up before all were tried"
    if reply.timed_out:
        return "the time was up before all were tried"
    last = (reply.output.strip().splitlines() or ["it said nothing"])[-1][:200]
    why = reply.excess or f"ended early with exit status {reply.exit_status}: {last}"
    return f"the mutation session {why}"


def _of_kind(reply: HarnessReply, kind: str) -> Iterable[Mapping[str, object]]:
    return [each for each in reply.messages if each.get("kind") == kind]
