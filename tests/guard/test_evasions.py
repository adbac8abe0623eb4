"""Code written by somebody who has read the rules: what they refuse, and what gets past them.

The guard is no boundary. ``evasions.jsonl`` says of each attempt whether it is refused; what is
``past`` is for confinement to stop, and ``note`` says why no rule does.
"""

import json
from pathlib import Path

import pytest

from sloptest_hook.guard.judge import violations
from sloptest_hook.guard.project import ProjectNames, Subject
from sloptest_hook.guard.verdicts import Verdict

LINES = Path(__file__).with_name("evasions.jsonl").read_text(encoding="utf-8").splitlines()
ATTEMPTS = [json.loads(line) for line in LINES]
PROJECT = ProjectNames(frozenset({"shop"}), subjects=(Subject("to_cents"),))


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda attempt: attempt["id"])
def test_an_attempt_ends_as_it_is_marked(attempt: dict[str, str]) -> None:
    found = {each.verdict for each in violations(attempt["source"], PROJECT)}
    refused = not found.isdisjoint((Verdict.DENY, Verdict.FIX))
    assert attempt["guard"] == ("refused" if refused else "past")


def test_every_attempt_has_a_name_and_says_why_when_it_gets_past() -> None:
    assert len({attempt["id"] for attempt in ATTEMPTS}) == len(ATTEMPTS)
    assert all(attempt["note"] for attempt in ATTEMPTS if attempt["guard"] == "past")
