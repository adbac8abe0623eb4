"""The story of one symbol: find it, explore, choose, sharpen, observe, prove."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from . import looking
from .budget import Budget
from .choosing import MOST_CASES, cover, extras, most_cases, pick_extras, shrunk
from .codes import compile_alone, swap
from .constants import constants_of
from .execute import Runner, Seen
from .explore import Explored, Explorer, Goals
from .hunting import Hunt
from .isolate import in_last_fork
from .literals import refuse_places
from .module_source import ModuleSource
from .observe import case_of, observe
from .operands import instrumented
from .proving import proved
from .reasons import Story, notes_on, worth_keeping
from .recipes import Recipes
from .seeding import known_instances, seed_trials
from .sharpen import sharpened
from .simplify import simpler_trials
from .standins import temporary_folder
from .state import ModuleState
from .syntax import body_lines, is_straight
from .target import Target, Unreachable, find_targets
from .trials import Drawing

_SHORT_NAME = 5
_MOST_OTHERS = 6
_SHARE_OF_CHOOSING = 0.85


def search_symbol(
    source: ModuleSource, request: Mapping[str, object], scratch: str
) -> dict[str, object]:
    """Return the JSON form of ``Observations`` for one ``SearchRequest``."""
    qualname = str(request["qualname"])
    lines = frozenset(_numbers(request.get("wanted_lines")))
    targets = find_targets(source, qualname, lines)
    if isinstance(targets, Unreachable):
        return _answer(qualname, (), [targets.reason])
    seconds = request.get("seconds")
    share = (float(seconds) if isinstance(seconds, (int, float)) else 2.0) / len(targets)
    branches = frozenset(_pairs(request.get("wanted_branches")))
    answers = [
        _searched(each, _goals(each, lines, branches), request, Budget(share), scratch)
        for each in targets
    ]
    return answers[0] if len(answers) == 1 else _together(qualname, answers)


def _goals(target: Target, lines: frozenset[int], branches: frozenset[tuple[int, int]]) -> Goals:
    inside = range(target.span.first, target.span.last + 1)
    return Goals(
        frozenset(each for each in lines if each in inside),
        frozenset(each for each in branches if each[0] in inside),
        body_lines(target.node),
    )


def _together(qualname: str, answers: Sequence[Mapping[str, object]]) -> dict[str, object]:
    """Return the answers on a property's functions as one, no longer than one may be."""
    most = max(1, MOST_CASES // len(answers))
    cases = [case for each in answers for case in _mappings(each["cases"])[:most]]
    notes = [str(note) for each in answers for note in _list(each["notes"])]
    late = any(each["out_of_time"] for each in answers)
    return _answer(qualname, cases, notes, out_of_time=late and not cases)


def _list(values: object) -> list[object]:
    return values if isinstance(values, list) else []


def _searched(
    target: Target,
    goals: Goals,
    request: Mapping[str, object],
    budget: Budget,
    scratch: str,
) -> dict[str, object]:
    refuse_places(_places(target, scratch))
    seeds, kin = _mappings(request.get("seeds")), _mappings(request.get("kin"))
    constants = constants_of(target.source, target.node)
    runner = Runner(target, temporary_folder(scratch), ModuleState(target.source.root))
    trials = seed_trials(target, seeds)
    looking.enforce(True)  # recipes already run code of the project
    recipes = Recipes(target.source, constants, known_instances([*seeds, *kin]))
    drawing = Drawing(target, recipes, trials)
    with _instrumented(target, runner):
        explored = Explorer(runner, drawing, goals, budget).explore(trials)
        chosen = _chosen(runner, goals, explored, budget)
    hunt = Hunt(runner, explored.kept, drawing.words)
    late = budget.spent(_SHARE_OF_CHOOSING)
    chosen = sharpened(runner, chosen, hunt, explored.kept, late)
    looking.enforce(False)
    failures: list[str] = []
    held = list(_cases(runner, goals, chosen[: most_cases(len(chosen))], scratch, failures))
    if not held:  # what the best calls show cannot be printed; others may do
        others = extras(explored.kept, chosen, _MOST_OTHERS)
        held = list(_cases(runner, goals, others, scratch, failures))
    cases = worth_keeping(held)
    notes = [
        *failures[:1],
        *notes_on(Story(target, goals, explored, drawing.impossible, held, cases)),
    ]
    return {
        **_answer(target.qualname, cases, notes, out_of_time=explored.out_of_time and not cases),
        "untestable": bool(explored.refused) and not explored.kept and not cases,
    }


def _chosen(runner: Runner, goals: Goals, explored: Explored, budget: Budget) -> list[Seen]:
    late = budget.spent(_SHARE_OF_CHOOSING)

    def run(seen: Seen) -> list[Seen]:
        if late():
            return []
        return [runner.run(trial) for trial in simpler_trials(runner.target, seen.trial)]

    chosen = [shrunk(seen, goals, run) for seen in cover(explored.kept, goals)]
    fewest = 1 if is_straight(runner.target.node) else 2  # a twin shows nothing more
    more = [shrunk(seen, goals, run) for seen in pick_extras(chosen, explored.kept, fewest)]
    needed = [_without_needless_settings(runner, seen) for seen in [*chosen, *more]]
    distinct = {seen.program.text: seen for seen in needed}
    return list(distinct.values())


def _without_needless_settings(runner: Runner, seen: Seen) -> Seen:
    """Leave out what settles answers to questions that this call does not ask."""
    kept = tuple(s for s in seen.trial.settings if not s.lines or s.lines & seen.features)
    if kept == seen.trial.settings:
        return seen
    again = runner.run(seen.trial._replace(settings=kept))
    return again if again.behaviour == seen.behaviour else seen


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
    runner: Runner, goals: Goals, chosen: Sequence[Seen], scratch: str, failures: list[str]
) -> Iterator[dict[str, object]]:
    """Yield the cases that say something and hold in a fork of their own.

    What fails on our side is added to ``failures``.
    """
    for seen in chosen:
        finished = in_last_fork(lambda seen=seen: _observation(runner, goals, seen), 4.0)  # type: ignore[misc]
        if finished.failed:
            failures.append(f"the search {finished.problem}")
        if isinstance(finished.answer, dict) and not _personal(finished.answer, runner, scratch):
            case = proved(finished.answer, scratch)
            if case is not None:
                yield case


def _observation(runner: Runner, goals: Goals, seen: Seen) -> dict[str, object] | None:
    looking.enforce(True)
    observed = observe(runner, seen.trial)
    if observed is None:
        return None
    return case_of(observed, seen.trial, goals.counted(seen.features))


def _personal(case: Mapping[str, object], runner: Runner, scratch: str) -> bool:
    """Whether the text of a case shows a place of this machine."""
    text = repr(case)
    return any(place in text for place in _places(runner.target, scratch))


def _places(target: Target, scratch: str) -> list[str]:
    """Return what nobody else's machine has: directories, the home, the name of the machine."""
    places = (scratch, target.source.root, os.path.expanduser("~"), os.uname().nodename)
    return [place for place in places if len(place) > _SHORT_NAME]


def _mappings(values: object) -> list[Mapping[str, object]]:
    return [each for each in _list(values) if isinstance(each, dict)]


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
