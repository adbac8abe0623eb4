"""Which cases are worth a test, and the notes that say why there are no more of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from . import foreign, looking
from .execute import Seen
from .explore import Explored, Goals
from .target import Target
from .unreached import unreached_notes

_LONGEST = 120
# As ``describe`` writes them: <function>, Name{key=...}, Name:repr.
_OBJECT = re.compile(r"returned (<|[\w.<>]+[:{])")


class Story(NamedTuple):
    """What became of the search: ``held`` are all cases that were true, ``cases`` those kept."""

    target: Target
    goals: Goals
    explored: Explored
    impossible: str | None
    held: Sequence[Mapping[str, object]]
    cases: Sequence[Mapping[str, object]]


def worth_keeping(cases: Sequence[dict[str, object]]) -> list[dict[str, object]]:
    """Return the cases without those that say nothing.

    An exception that nobody raised says nothing alone, nor does it that the result is None where
    no other call has another result.
    """
    silent = all(_says_none(case) or _is_accident(case) for case in cases)
    told = [case for case in cases if not (silent and _says_none(case))]
    return [] if all(_is_accident(case) for case in told) else told


def _says_none(case: Mapping[str, object]) -> bool:
    result = case["result"]
    return isinstance(result, Mapping) and result["expected"] == "None" and not case["after"]


def _is_accident(case: Mapping[str, object]) -> bool:
    """Whether a case shows an exception that nobody raised on purpose."""
    result = case["result"]
    raises = isinstance(result, Mapping) and result["relation"] == "raises"
    return raises and case["deliberate"] is not True


def notes_on(story: Story) -> list[str]:
    """Return the notes for a person, the cause before what follows from it."""
    explored, notes = story.explored, []
    if story.impossible and not story.cases:
        notes.append(story.impossible)
    if explored.refused and not story.cases:
        notes += [f"not run: {text}" for text in dict.fromkeys(looking.refusals())][:3]
    if notes and not explored.kept:
        return notes
    if explored.hung and not explored.kept:
        return [*notes, "no call came back in time"]
    notes += _on_lines(story)
    if explored.kept and not story.cases:
        notes.append(_why_not_kept(story))
    return notes or ([] if story.cases else [_no_call(explored.nonsense)])


def _on_lines(story: Story) -> list[str]:
    reached = {each for each in story.explored.reached if isinstance(each, int)}
    missing = story.goals.missing(set(story.explored.reached))
    lines = [each for each in missing if isinstance(each, int)]
    first = min(story.goals.body, default=0)
    if lines and reached <= {first} and story.explored.nonsense and not story.cases:
        return [_no_call(story.explored.nonsense)]
    return unreached_notes(story.target.node, lines, story.explored.pairs)


def _why_not_kept(story: Story) -> str:
    results = [seen for seen in story.explored.kept if seen.raised is None]
    failed = next((seen for seen in story.explored.kept if seen.raised is not None), None)
    if failed is not None and (not results or (story.held and all(map(_is_accident, story.held)))):
        return f"every call of it fails by accident: {_error(failed)}"
    if any(map(_has_no_source, results)):
        return "what it returns cannot be written down as source, nor can parts of it"
    if all(seen.behaviour == "returned None | []" for seen in results):
        return "its calls return nothing and change nothing that can be seen"
    return "nothing that a call shows was the same in every run"


def _has_no_source(seen: Seen) -> bool:
    """Whether the result is an object that only its type and attributes tell apart."""
    return _OBJECT.match(seen.behaviour) is not None


def _no_call(nonsense: Sequence[Seen]) -> str:
    failed = next((seen for seen in nonsense if seen.error is not None), None)
    if failed is None:
        return "no call of it could be made"
    return f"no call came through: {_error(failed)}"


def _error(seen: Seen) -> str:
    text = str(foreign.attempt("str(it)", {"it": seen.error}))
    return f"{type(seen.error).__name__}: {text}".splitlines()[0][:_LONGEST]
