"""``sloptest env --rules``: what is refused, without a repository."""

import json

import pytest

from sloptest_hook.cli import main
from sloptest_hook.guard.judge import RULES


def test_every_rule_is_listed_with_its_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["env", "--rules"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(RULES)
    assert [line.split()[:2] for line in lines] == [[r.rule_id, r.verdict] for r in RULES]


def test_the_rules_are_there_for_programs_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["env", "--rules", "--json"]) == 0
    rules = json.loads(capsys.readouterr().out)["rules"]
    assert [rule["id"] for rule in rules] == [rule.rule_id for rule in RULES]
    assert {rule["verdict"] for rule in rules} == {"deny", "fix", "strong-sandbox", "note"}
