"""Edge: the mutation task: pytest once, then every mutant in a fork, tests that execute it alone.

Messages, each with a ``kind``: ``confinement``, ``refused`` (it is too little, nothing was run),
``failing`` (a test that does not pass unmutated, or a file that cannot be collected), ``mutant``
(its ``index`` in the request, what became of it, and which test noticed it first), ``order`` (a
``node`` that its order decides), ``cold`` (how many needed a process of their own), ``problem``,
and ``end``.
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any

from . import compiled, confine, guard, import_path, rewritten
from .confining import limits
from .searching.isolate import in_fork
from .territory import Territory

_MEMORY_MB, _FILE_MB = 2048, 64
_FOR_THE_END = 0.2  # seconds

Reply = Any


def main(request: dict[str, Any], reply: Reply) -> None:
    """Try the mutants of the request.

    ``mutants``: ``file`` (an index of ``files``), ``start``, ``end``, ``after``, ``tests`` (indexes
    of ``nodes``); ``files``: path in the snapshot and text; ``seconds``: for all of it;
    ``workers``; ``both_orders``: unmutated tests run forwards and backwards; ``snapshot``,
    ``worktree``, ``scratch``, ``import_roots``, ``append_pythonpath``, ``pytest_args``,
    ``sandbox``, ``cpu_seconds``: as for a session of generated tests.
    """
    confine.die_with_parent()
    until = time.monotonic() + request["seconds"] - _FOR_THE_END
    if not hasattr(os, "fork"):
        reply({"kind": "problem", "message": "mutants need a system that can fork a process"})
        return
    snapshot, scratch = os.path.realpath(request["snapshot"]), os.path.realpath(request["scratch"])
    sys.dont_write_bytecode = True
    import_path.prepare(
        request["worktree"], snapshot, request["import_roots"], request["append_pythonpath"]
    )
    compiled.cover(snapshot)
    rewritten.fill_for(snapshot, scratch, request["nodes"], request["import_roots"])
    if not _is_confined(request, reply, snapshot, scratch):
        return
    _try(request, reply, (snapshot, scratch), until)
    reply({"kind": "end"})


def _is_confined(request: dict[str, Any], reply: Reply, snapshot: str, scratch: str) -> bool:
    """Give up rights, and say whether they were enough to run anything: mutated code is no safer.

    A path that is off by one character may be anybody's.
    """
    limits.limit(_MEMORY_MB, request["cpu_seconds"], _FILE_MB)
    trees = [request["snapshot"], os.path.expanduser("~"), os.path.dirname(__file__)]
    found = confine.confined(request, trees, forks=True)
    reply({"kind": "confinement", "level": found.level, "layers": found.layers})
    refusal = confine.refusal(found, request["sandbox"]["level"])
    if refusal:
        reply({"kind": "refused", "message": refusal})
        return False
    territory = Territory(scratch, snapshot, fakes_modes=found.fakes_modes)
    territory.read_only_from(found.readable)
    guard.install(territory, programs=request["sandbox"]["programs"])
    return True


def _try(request: dict[str, Any], reply: Reply, folders: tuple[str, str], until: float) -> None:
    from .mutation.cold import ColdRun
    from .mutation.session import Work

    def say(**message: object) -> None:
        reply(message)

    snapshot, scratch = folders
    texts, mutants = _texts_and_mutants(request, snapshot, say)
    work = Work(mutants, texts, say, scratch, until, request["workers"], request["both_orders"])

    def warm() -> dict[str, Any]:
        return _warm(work, snapshot, request["pytest_args"])

    done = in_fork(warm, max(0.1, until - time.monotonic()))
    if done.problem is not None or not isinstance(done.answer, dict):
        say(kind="problem", message=f"the tests {done.problem or 'said nothing'}")
        return
    left = done.answer
    say(kind="cold", number=len(left["cold"]))
    ColdRun(work, snapshot, request["pytest_args"], left["seconds"], left["ready_s"]).run(
        left["cold"]
    )


def _texts_and_mutants(request: dict[str, Any], snapshot: str, say: Any) -> Any:
    from .mutation.code_objects import ModuleText
    from .mutation.session import MutantText

    texts, places = {}, []
    for path, text in request["files"]:
        place = os.path.realpath(os.path.join(snapshot, path))
        places.append(place)
        try:
            texts[place] = ModuleText(text, place)
        except (SyntaxError, ValueError, RecursionError) as error:
            say(kind="failing", node=path, message=f"this Python cannot read it: {error}")
    mutants = [
        MutantText(
            places[each["file"]],
            each["start"],
            each["end"],
            each["after"],
            [request["nodes"][at] for at in each["tests"]] if places[each["file"]] in texts else [],
        )
        for each in request["mutants"]
    ]
    return texts, mutants


def _warm(work: Any, snapshot: str, extra: list[str]) -> dict[str, Any]:
    """Collect once and try all that can be swapped; returns what the rest needs."""
    import pytest

    from .mutation.session import WarmSession
    from .options import NeutralOptions, arguments

    session = WarmSession(work)
    tests = {test for mutant in work.mutants for test in mutant.tests}
    paths = sorted({test.partition("::")[0] for test in tests})
    present = [path for path in paths if os.path.exists(os.path.join(snapshot, path))]
    if present:
        words = arguments(snapshot, work.scratch, present, extra)
        session.begin()
        status = int(pytest.main(words, [NeutralOptions(), session]))
        if not session.ready_s:
            work.say(kind="problem", message=f"pytest did not start (exit status {status})")
    return {"cold": session.cold, "seconds": session.seconds, "ready_s": session.ready_s}
