"""Every rule carries an example that it refuses and one that nothing refuses."""

import pytest

from sloptest_hook.guard.judge import RULES, violations
from sloptest_hook.guard.project import ProjectNames, Subject
from sloptest_hook.guard.verdicts import Rule, Verdict

SUBJECT = Subject(
    "total",
    "def total(prices):\n    result = 0\n    for price in prices:\n        result += price\n"
    "    return result\n",
)
PLAIN = ProjectNames(own=frozenset({"shop"}), used=frozenset({"psutil"}))
# The rules of these refuse what the others' examples leave out to be short.
_ON_WORTH = frozenset({"no-tests", "no-assert", "weak-assert-only", "target-not-used"})


def named(rule: Rule) -> str:
    return rule.rule_id


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_a_rule_refuses_its_example(rule: Rule) -> None:
    project = ProjectNames(PLAIN.own, PLAIN.used, (SUBJECT,))
    found = {each.rule_id: each for each in violations(rule.refused, project)}
    assert rule.rule_id in found
    assert found[rule.rule_id].verdict is rule.verdict
    assert rule.says in found[rule.rule_id].message


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_no_rule_refuses_the_accepted_example(rule: Rule) -> None:
    project = ProjectNames(PLAIN.own, PLAIN.used, (SUBJECT,)) if "total" in rule.accepted else PLAIN
    refused = {
        each.rule_id for each in violations(rule.accepted, project) if each.verdict != Verdict.NOTE
    }
    assert refused - _ON_WORTH == set()
    assert rule.rule_id not in refused


def test_every_rule_has_a_name_of_its_own() -> None:
    names = [rule.rule_id for rule in RULES]
    assert len(set(names)) == len(names)
