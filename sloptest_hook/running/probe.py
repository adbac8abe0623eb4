"""Edge: runs the offline search in the project's interpreter, once to find, once to confirm."""

import math
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path, PurePosixPath

from sloptest_hook.running.private_files import sandbox_part
from sloptest_hook.running.process import (
    HarnessPlace,
    HarnessReply,
    kept_beside,
    open_harness,
)
from sloptest_hook.running.variables import bare_environment
from sloptest_hook.running.watch import Most
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.observed import (
    Argument,
    Check,
    Observations,
    ObservedCase,
    Relation,
    SearchRequest,
    SeedCall,
)
from sloptest_hook.values.pytest_run import ProjectPython
from sloptest_hook.values.settings import SandboxSettings

_CONFIRM_SHARE = 0.25
_CONFIRM_LEAST = 1.0
_MOST_KIN = 20

# Two worlds that differ in all that a result must not depend on.
_SEARCH_WORLD = {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C.UTF-8"}
_CONFIRM_WORLD = {
    "PYTHONHASHSEED": "4321",
    "TZ": "Asia/Tokyo",
    "LC_ALL": "C",
    "USER": "someone",
    "LOGNAME": "someone",
}
# The order of two texts in a set is the same under two seeds every second time. Under these, those
# above and those of the later runs no two of 24 everyday words keep theirs, in Python 3.9 and 3.12.
_MORE_SEEDS = ("14", "28", "36")


@dataclass(frozen=True, slots=True)
class SearchProbe:
    """The search in a snapshot: what it finds is run again in a second process that differs."""

    python: ProjectPython
    snapshot: Path
    worktree: Path
    scratch_parent: Path
    import_roots: Sequence[PurePosixPath]
    sandbox: SandboxSettings = field(default_factory=SandboxSettings)

    def search(
        self, requests: Sequence[SearchRequest], deadline: Deadline
    ) -> Iterator[Observations]:
        """Yield one answer for each request, in order.

        A symbol the time did not reach has ``out_of_time`` set. Raises RunnerError when the
        project's interpreter cannot be started.
        """
        if not requests:
            return
        reserve = max(_CONFIRM_LEAST, _CONFIRM_SHARE * deadline.remaining)
        kin = _seeds_of_classes(requests)
        bodies = [
            {**asdict(each), "kin": [asdict(seed) for seed in kin.get(_class_of(each), ())]}
            for each in requests
        ]
        replies = self._run_apart("search", bodies, _SEARCH_WORLD, deadline.earlier(reserve))
        found = [_observations(*pair) for pair in zip(requests, replies, strict=True)]
        yield from self._confirmed(requests, found, deadline)

    def _confirmed(
        self,
        requests: Sequence[SearchRequest],
        found: Sequence[Observations],
        deadline: Deadline,
    ) -> Sequence[Observations]:
        """Return what is true in other processes too, those with sets in use in several."""
        found = self._again(requests, found, [True] * len(found), _CONFIRM_WORLD, deadline)
        for seed in _MORE_SEEDS:
            doubtful = [any(case.unordered for case in each.cases) for each in found]
            world = {**_CONFIRM_WORLD, "PYTHONHASHSEED": seed}
            found = self._again(requests, found, doubtful, world, deadline)
        return found

    def _again(
        self,
        requests: Sequence[SearchRequest],
        found: Sequence[Observations],
        doubtful: Sequence[bool],
        world: Mapping[str, str],
        deadline: Deadline,
    ) -> Sequence[Observations]:
        """Return what holds in one more process, of all that is in doubt."""
        asked = [place for place, each in enumerate(found) if each.cases and doubtful[place]]
        bodies = [
            {
                "module": requests[place].module,
                "path": requests[place].path,
                "qualname": requests[place].qualname,
                "cases": [asdict(case) for case in found[place].cases],
            }
            for place in asked
        ]
        replies = self._run_apart("confirm", bodies, world, deadline) if bodies else []
        answers = dict(zip(asked, replies, strict=True))
        return [
            _kept(each, _observations(requests[place], answers[place]))
            if place in answers
            else each
            for place, each in enumerate(found)
        ]

    def _run_apart(
        self,
        mode: str,
        bodies: Sequence[Mapping[str, object]],
        world: Mapping[str, str],
        deadline: Deadline,
    ) -> list[HarnessReply]:
        """Run the requests in a process for each processor, and return the reply on each of them.

        An interrupt ends all of the processes before it goes on.
        """
        count = min(os.cpu_count() or 1, len(bodies))
        stopped = threading.Event()
        stoppable = Deadline(
            deadline.at, lambda: math.inf if stopped.is_set() else deadline.clock()
        )
        with ThreadPoolExecutor(count) as pool:
            parts = [
                pool.submit(self._run, mode, bodies[part::count], world, stoppable)
                for part in range(count)
            ]
            try:
                replies = [part.result() for part in parts]
            finally:
                stopped.set()
        return [replies[place % count] for place in range(len(bodies))]

    def _run(
        self,
        mode: str,
        requests: Sequence[Mapping[str, object]],
        world: Mapping[str, str],
        deadline: Deadline,
    ) -> HarnessReply:
        room = Path(tempfile.mkdtemp(prefix=f"{mode}-", dir=self.scratch_parent))
        try:
            # Beside what may be written to: a home that is writable here would be the user's later.
            scratch, home = room / "scratch", room / "home"
            scratch.mkdir()
            home.mkdir()
            body = {
                "mode": mode,
                "snapshot": str(self.snapshot),
                "worktree": str(self.worktree),
                "scratch": str(scratch),
                "import_roots": [str(self.snapshot / root) for root in self.import_roots],
                "requests": list(requests),
            }
            cwd = self.snapshot if mode == "search" else home
            env = {**bare_environment(), **world, "HOME": str(home), "TMPDIR": str(scratch)}
            kept = kept_beside(self.snapshot)
            place = HarnessPlace("search", cwd, scratch, env, most=Most(), kept=kept)
            with open_harness(self.python.executable, place) as harness:
                sandbox = sandbox_part(self.sandbox, self.snapshot, self.worktree)
                more = {"sandbox": sandbox, "seconds": deadline.remaining}
                return harness.ask({**body, **more}, deadline)
        finally:
            shutil.rmtree(room, ignore_errors=True)


def _class_of(request: SearchRequest) -> tuple[str, str]:
    return request.module, request.qualname.rpartition(".")[0]


def _seeds_of_classes(
    requests: Sequence[SearchRequest],
) -> dict[tuple[str, str], tuple[SeedCall, ...]]:
    """Return the calls of all symbols of each class: they show how its instances are made."""
    found: dict[tuple[str, str], dict[SeedCall, None]] = {}
    for request in requests:
        if "." in request.qualname:
            found.setdefault(_class_of(request), {}).update(dict.fromkeys(request.seeds))
    return {owner: tuple(seeds)[:_MOST_KIN] for owner, seeds in found.items()}


def _observations(request: SearchRequest, reply: HarnessReply) -> Observations:
    """Return the answer to one request, or why there is none."""
    problem, untestable = "", False
    for message in reply.messages:
        if message.get("kind") == "refused":
            return Observations(request.qualname, notes=(str(message["message"]),), refused=True)
        if message.get("module") != request.module:
            continue
        if message.get("qualname") == request.qualname:
            return _read(message)
        problem = str(message.get("problem") or problem)
        untestable = untestable or message.get("untestable") is True
    if problem:
        return Observations(request.qualname, notes=(problem,), untestable=untestable)
    if reply.timed_out:
        note = "the time was up before it was searched"
        return Observations(request.qualname, notes=(note,), out_of_time=True)
    last = (reply.output.strip().splitlines() or ["no output"])[-1]
    note = f"the search ended with exit status {reply.exit_status}: {last}"
    return Observations(request.qualname, notes=(note,))


def _kept(found: Observations, confirmed: Observations) -> Observations:
    """Return what was found, as far as the second process confirmed it."""
    if confirmed.out_of_time:
        note = "the time was up before its cases were run a second time"
        return replace(found, cases=(), notes=(*found.notes, note), out_of_time=True)
    notes = found.notes
    if not confirmed.cases:
        why = confirmed.notes or ("its results differ from run to run",)
        notes = (*notes, *why)
    return replace(found, cases=confirmed.cases, notes=notes)


def _read(message: Mapping[str, object]) -> Observations:
    return Observations(
        qualname=str(message["qualname"]),
        cases=tuple(_case(each) for each in _mappings(message.get("cases"))),
        notes=_texts(message.get("notes")),
        untestable=message.get("untestable") is True,
        out_of_time=message.get("out_of_time") is True,
    )


def _case(case: Mapping[str, object]) -> ObservedCase:
    result = case.get("result")
    return ObservedCase(
        call=str(case["call"]),
        arguments=tuple(
            Argument(str(each["name"]), str(each["source"]), each["keyword"] is True)
            for each in _mappings(case["arguments"])
        ),
        result=_check(result) if isinstance(result, Mapping) else None,
        after=tuple(_check(each) for each in _mappings(case["after"])),
        arrange=_texts(case["arrange"]),
        imports=_texts(case["imports"]),
        fixtures=_texts(case["fixtures"]),
        is_property=case["is_property"] is True,
        is_async=case["is_async"] is True,
        drain=case["drain"] is True,
        lines=tuple(each for each in _items(case["lines"]) if isinstance(each, int)),
        branches=tuple(_branch(each) for each in _items(case["branches"])),
        origin=str(case["origin"]),
        unordered=case.get("unordered") is True,
    )


def _check(check: Mapping[str, object]) -> Check:
    message = check.get("message")
    return Check(
        str(check["actual"]),
        Relation(str(check["relation"])),
        str(check["expected"]),
        None if message is None else str(message),
    )


def _branch(pair: object) -> tuple[int, int]:
    first, last = _items(pair)
    return int(str(first)), int(str(last))


def _items(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []


def _mappings(value: object) -> list[Mapping[str, object]]:
    return [each for each in _items(value) if isinstance(each, Mapping)]


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(each) for each in _items(value))
