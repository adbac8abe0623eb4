"""Reads what a pytest session replied: messages in, PytestRun out."""

import signal
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath

from sloptest_hook.running.process import HarnessReply
from sloptest_hook.values.confinement import Confinement
from sloptest_hook.values.coverage import FileCoverage
from sloptest_hook.values.pytest_run import NodeOutcome, NodeResult, PytestRun

Message = Mapping[str, object]

# pytest.ExitCode: interrupted, internal error, usage error. The others are about the tests.
_NOT_RUN = {2: "was interrupted", 3: "failed", 4: "could not start"}
_LONGEST_LINE = 300
FORGED = "something in the run wrote results of its own, so that none of them is believed"


def pytest_run(reply: HarnessReply) -> PytestRun:
    """Return the run; what was said before a crash or a time-out counts."""
    ended = any(each.get("kind") == "end" for each in reply.messages)
    results = () if reply.forged else tuple(map(_result, _of_kind(reply, "result")))
    problem = _problem(reply) if ended else _sudden_end(reply)
    refused = next((str(each["message"]) for each in _of_kind(reply, "refused")), "")
    return PytestRun(
        results=results,
        coverage=_coverage_of_files(reply),
        collection_errors=tuple(map(_collection_error, _of_kind(reply, "collection_error"))),
        problem=refused or problem,
        started=not refused and (not ended or problem is None or bool(results)),
        confinement=confinement_of(reply),
        refused=refused,
        timed_out=reply.timed_out and not ended,
        stopped_early=_stopped(reply, "settled"),
        out_of_time=_stopped(reply, "time"),
        process_tests=tuple(
            str(node) for each in _of_kind(reply, "processes") for node in _sequence(each["nodes"])
        ),
        seconds=reply.seconds,
    )


def confinement_of(reply: HarnessReply) -> Confinement:
    """Return what the harness said of its own confinement; empty when it said nothing."""
    found = (confinement_in(each) for each in _of_kind(reply, "confinement"))
    return next(found, Confinement())


def confinement_in(message: Message) -> Confinement:
    """Return what one message says in ``level`` and ``layers``."""
    layers = message["layers"]
    said = layers.items() if isinstance(layers, dict) else ()
    return Confinement(str(message["level"]), tuple((str(k), str(v)) for k, v in said))


def _of_kind(reply: HarnessReply, kind: str) -> Iterable[Message]:
    return (each for each in reply.messages if each.get("kind") == kind)


def _result(message: Message) -> NodeResult:
    outcome = NodeOutcome(str(message["outcome"]))
    seconds = message.get("seconds")
    return NodeResult(
        str(message["node"]),
        outcome,
        str(message["message"]),
        float(seconds) if isinstance(seconds, (int, float)) else 0.0,
        str(message.get("detail", "")),
    )


def _stopped(reply: HarnessReply, why: str) -> bool:
    return any(each.get("why") == why for each in _of_kind(reply, "stopped"))


def _collection_error(message: Message) -> tuple[str, str]:
    return str(message["path"]), str(message["message"])


def _coverage_of_files(reply: HarnessReply) -> tuple[FileCoverage, ...]:
    nodes = [str(name) for each in _of_kind(reply, "nodes") for name in _sequence(each["names"])]
    return tuple(_coverage(message, nodes) for message in _of_kind(reply, "coverage"))


def _coverage(message: Message, nodes: Sequence[str]) -> FileCoverage:
    sets = _sets(message, nodes)
    lines = message["lines"]
    return FileCoverage(
        PurePosixPath(str(message["path"])),
        frozenset(_numbers(message["executable"])),
        frozenset(_numbers(message["missing"])),
        frozenset(_pairs(message["executed_branches"])),
        frozenset(_pairs(message["missing_branches"])),
        {int(line): sets[at] for line, at in lines.items()} if isinstance(lines, dict) else {},
        dict(_branch_tests(message, sets)),
    )


def _numbers(found: object) -> Iterable[int]:
    return (each for each in _sequence(found) if isinstance(each, int))


def _pairs(found: object) -> Iterable[tuple[int, int]]:
    for pair in _sequence(found):
        start, end = _numbers(pair)
        yield start, end


def _sets(message: Message, nodes: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the sets of node ids that lines and branches refer to; alike ones share a tuple."""
    return [
        tuple(sorted(name for first, last in _pairs(ranges) for name in nodes[first : last + 1]))
        for ranges in _sequence(message["sets"])
    ]


def _branch_tests(
    message: Message, sets: Sequence[tuple[str, ...]]
) -> Iterable[tuple[tuple[int, int], tuple[str, ...]]]:
    for each in _sequence(message.get("branches")):
        start, end, at = _numbers(each)
        yield (start, end), sets[at]


def _sequence(found: object) -> Sequence[object]:
    return found if isinstance(found, list) else ()


def _problem(reply: HarnessReply) -> str | None:
    """Say why a session that came to its end ran no tests, or None when it ran them."""
    if reply.forged:
        return FORGED
    said = [str(each["message"]) for each in _of_kind(reply, "problem")]
    if said:
        return said[0]
    ends = [each.get("status") for each in _of_kind(reply, "end")]
    what = [text for status, text in _NOT_RUN.items() if status in ends]
    return f"pytest {what[0]}: {_telling_line(reply.output)}" if what else None


def _sudden_end(reply: HarnessReply) -> str:
    """Say how a session ended that did not come to its end, and what it was at."""
    if reply.forged:
        return FORGED
    if reply.timed_out:
        return f"pytest ran out of time after {reply.seconds:.1f} s {_at_work(reply)}"
    if reply.exit_status is None:
        return f"pytest {reply.excess or 'was ended'} {_at_work(reply)}"
    if reply.exit_status < 0:
        return f"pytest was killed by {_signal_name(-reply.exit_status)} {_at_work(reply)}"
    where, line = _at_work(reply), _telling_line(reply.output)
    return f"pytest ended early with exit status {reply.exit_status} {where}: {line}"


def _at_work(reply: HarnessReply) -> str:
    """Name the node that ran, or the file that was imported, when everything stopped."""
    for message in reversed(reply.messages):
        match message.get("kind"):
            case "running":
                return f"in {message['node']}"
            case "collecting":
                return f"while importing {message['node']}"
            case "result":
                return f"after {message['node']}"
            case _:
                continue
    return "before the first test"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _telling_line(output: str) -> str:
    """Return the line of pytest's output that says most about a failure to run."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    marked = [line[1:].strip() for line in lines if line.startswith("E ")]
    spoken = [line for line in lines if "error" in line.lower()]
    return (marked or spoken or lines or ["it said nothing"])[-1][:_LONGEST_LINE]
