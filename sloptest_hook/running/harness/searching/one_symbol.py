"""The story of one symbol: find it, explore, choose, sharpen, observe, prove."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from .. import guard
from .choosing import MOST_CASES, cover, pick_extras, shrunk
from .codes import compile_alone, swap
from .constants import constants_of
from .execute import Runner, Seen
from .explore import Explored, Explorer, Goals
from .isolate import in_fork
from .module_source import ModuleSource
from .observe import case_of, observe
from .operands import instrumented
from .proving import proved
from .recipes import Recipes
from .seeding import seed_trials
from .sharpen import sharpened
from .simplify import simpler_trials
from .standins import temporary_folder
from .state import ModuleState
from .syntax import body_lines
from .target import Target, Unreachable, find_target
from .trials import Drawing
from .unreached import unreached_notes
from .value import Value

_SHORT_NAME = 5
_SHARE_OF_EXPLORING = 0.6
_SHARE_OF_CHOOSING = 0.85


class Budget:
    """The seconds of one symbol; only an upper bound, the counts of trials end most searches."""

    def __init__(self, seconds: float) -> None:
        self._start = time.monotonic()
        self._seconds = seconds

    def spent(self, share: float) -> Callable[[], bool]:
        """Return a function that says whether this share of the time has passed."""
        end = self._start + share * self._seconds
        return lambda: time.monotonic() > end


def search_symbol(
    source: ModuleSource, request: Mapping[str, object], scratch: str
) -> dict[str, object]:
    """Return the JSON form of ``Observations`` for one ``SearchRequest``."""
    qualname = str(request["qualname"])
    lines = frozenset(_numbers(request.get("wanted_lines")))
    target = find_target(source, qualname, lines)
    if isinstance(target, Unreachable):
        return _answer(qualname, (), [target.reason])
    branches = frozenset(_pairs(request.get("wanted_branches")))
    goals = Goals(lines, branches, body_lines(target.node))
    seconds = request.get("seconds")
    budget = Budget(float(seconds) if isinstance(seconds, (int, float)) else 2.0)
    seeds = request.get("seeds")
    return _searched(target, goals, seeds if isinstance(seeds, list) else [], budget, scratch)


def _searched(
    target: Target,
    goals: Goals,
    seeds: Sequence[Mapping[str, object]],
    budget: Budget,
    scratch: str,
) -> dict[str, object]:
    constants = constants_of(target.source, target.node)
    runner = Runner(target, temporary_folder(scratch), ModuleState(target.source.root))
    trials = seed_trials(target, seeds)
    guard.enforce(True)  # recipes already run code of the project
    receivers = [trial.receiver for trial in trials if _is_expression(trial.receiver)]
    recipes = Recipes(target.source, constants)
    drawing = Drawing(target, recipes, [each for each in receivers if each is not None])
    with _instrumented(target, runner):
        explored = Explorer(runner, drawing, goals, budget.spent(_SHARE_OF_EXPLORING)).explore(
            trials
        )
        chosen = _chosen(runner, goals, explored, budget)
    chosen = sharpened(runner, chosen, explored.kept, budget.spent(_SHARE_OF_CHOOSING))
    guard.enforce(False)
    cases = list(_cases(runner, goals, chosen[:MOST_CASES], scratch))
    if all(_is_accident(case) for case in cases):
        cases = []
    notes = _notes(target, goals, explored, drawing, cases)
    return _answer(target.qualname, cases, notes, out_of_time=explored.out_of_time and not cases)


def _chosen(runner: Runner, goals: Goals, explored: Explored, budget: Budget) -> list[Seen]:
    late = budget.spent(_SHARE_OF_CHOOSING)

    def run(seen: Seen) -> list[Seen]:
        if late():
            return []
        return [runner.run(trial) for trial in simpler_trials(runner.target, seen.trial)]

    chosen = [shrunk(seen, goals, run) for seen in cover(explored.kept, goals)]
    more = [shrunk(seen, goals, run) for seen in pick_extras(chosen, explored.kept)]
    distinct = {seen.program.text: seen for seen in [*chosen, *more]}
    return list(distinct.values())


@contextmanager
def _instrumented(target: Target, runner: Runner) -> Iterator[None]:
    """Let the function report its comparisons, as long as the search explores."""
    code = None
    for function in target.functions:
        owner = target.owner.__name__ if target.owner else None
        code = compile_alone(instrumented(target.node), owner, function.__code__)
    if code is None:
        yield
        return
    function = target.functions[0]
    original = function.__code__
    names = runner.watch.names()
    function.__globals__.update(names)
    swap(function, code)
    try:
        yield
    finally:
        swap(function, original)
        for name in names:
            function.__globals__.pop(name, None)


def _cases(
    runner: Runner, goals: Goals, chosen: Sequence[Seen], scratch: str
) -> Iterator[dict[str, object]]:
    """Yield the cases that say something and hold in a fork of their own."""
    for seen in chosen:
        finished = in_fork(lambda seen=seen: _observation(runner, goals, seen), 4.0)  # type: ignore[misc]
        if isinstance(finished.answer, dict) and not _personal(finished.answer, runner, scratch):
            case = proved(finished.answer, scratch)
            if case is not None:
                yield case


def _observation(runner: Runner, goals: Goals, seen: Seen) -> dict[str, object] | None:
    guard.enforce(True)
    observed = observe(runner, seen.trial)
    if observed is None:
        return None
    return case_of(observed, seen.trial, goals.counted(seen.features))


def _personal(case: Mapping[str, object], runner: Runner, scratch: str) -> bool:
    """Whether the text of a case shows a place of this machine."""
    text = repr(case)
    places = (scratch, runner.target.source.root, os.path.expanduser("~"), os.uname().nodename)
    return any(len(place) > _SHORT_NAME and place in text for place in places)


def _is_accident(case: Mapping[str, object]) -> bool:
    """Whether a case shows an exception that nobody raised; alone that tells nothing."""
    result = case["result"]
    raises = isinstance(result, Mapping) and result["relation"] == "raises"
    return raises and case["deliberate"] is not True


def _is_expression(receiver: Value | None) -> bool:
    return receiver is not None and not receiver.source.isidentifier()


def _notes(
    target: Target,
    goals: Goals,
    explored: Explored,
    drawing: Drawing,
    cases: Sequence[Mapping[str, object]],
) -> list[str]:
    notes: list[str] = []
    if drawing.impossible and not cases:
        notes.append(drawing.impossible)
    if explored.refused and not cases:
        notes += [f"not run: {text}" for text in dict.fromkeys(guard.refusals())][:3]
    if notes and not explored.kept:
        return notes
    if explored.hung and not explored.kept:
        return [*notes, "no call came back in time"]
    missing = goals.missing(set(explored.reached))
    lines = [each for each in missing if isinstance(each, int)]
    notes += unreached_notes(target.node, lines, explored.pairs)
    if explored.kept and not cases:
        notes.append("nothing that a call shows was the same in every run")
    return notes or ([] if cases else [_why_nothing(explored)])


def _why_nothing(explored: Explored) -> str:
    for seen in explored.nonsense[:1]:
        if seen.error is not None:
            text = f"{type(seen.error).__name__}: {seen.error}".splitlines()[0][:120]
            return f"no arguments were found that make sense to it: {text}"
    return "no call of it could be made"


def _answer(
    qualname: str,
    cases: Sequence[Mapping[str, object]],
    notes: Sequence[str],
    *,
    out_of_time: bool = False,
) -> dict[str, object]:
    return {
        "qualname": qualname,
        "cases": list(cases),
        "notes": list(notes),
        "out_of_time": out_of_time,
    }


def _numbers(values: object) -> Iterator[int]:
    for each in values if isinstance(values, (list, tuple)) else ():
        yield int(each)


def _pairs(values: object) -> Iterator[tuple[int, int]]:
    for each in values if isinstance(values, (list, tuple)) else ():
        yield int(each[0]), int(each[1])
