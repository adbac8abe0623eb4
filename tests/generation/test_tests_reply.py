"""A reply becomes one answer a target: the right tests, or why there are none."""

import json
from typing import Any

import pytest

from sloptest_hook.generation.providers.schema_check import schema_fault
from sloptest_hook.generation.providers.seam import Reply
from sloptest_hook.generation.tests_reply import SCHEMA, answers_of, fault_of
from sloptest_hook.values.candidate import Candidate, NoCandidate
from sloptest_hook.values.usage import Usage
from tests.generation.test_engine import target_of

IMPORTS = ["from shop import f"]
GOOD = {
    "name": "test_f_is_one",
    "code": "def test_f_is_one():\n    assert f(1) == 1\n",
    "imports": IMPORTS,
    "covers": "f",
    "why": "so",
}


def answer(*tests: dict[str, Any], bugs: tuple[dict[str, Any], ...] = ()) -> Any:
    data: Any = {"tests": list(tests), "suspected_bugs": list(bugs)}
    assert schema_fault(data, SCHEMA) is None
    reply = Reply(json.dumps(data), data, Usage(), "m")
    (found,) = answers_of(reply, [target_of("f")], "anthropic")
    return found


def test_a_test_goes_to_the_target_that_it_covers() -> None:
    data: Any = {"tests": [GOOD, {**GOOD, "covers": "g"}], "suspected_bugs": []}
    reply = Reply("", data, Usage(), "m")
    found = list(answers_of(reply, [target_of("f"), target_of("g")], "anthropic"))
    assert [each.target.symbol.qualname for each in found] == ["f", "g"]
    assert all(isinstance(each, Candidate) and len(each.tests) == 1 for each in found)


def test_a_candidate_has_imports_tests_and_the_engines_name() -> None:
    found = answer(GOOD)
    assert isinstance(found, Candidate)
    assert (found.engine, found.imports) == ("anthropic", ("from shop import f",))
    assert [(each.name, each.code) for each in found.tests] == [("test_f_is_one", GOOD["code"])]


REFUSED = {
    "another module": ({"imports": ["from other import f"]}, "does not import shop"),
    "no syntax": ({"code": "def test_a(:"}, "does not parse"),
    "no test": ({"code": "x = 1"}, "it holds no test function"),
    "a statement at the top": ({"code": "print(1)\n" + str(GOOD["code"])}, "may stand at the top"),
    "an invisible character": ({"code": "def test_a():\n    '\u200b'\n"}, "fault of its text"),
    "a secret": (
        {"code": "def test_a():\n    assert f() == 'REDACTED_github_pat_0123abcd'\n"},
        "a secret that was taken out",
    ),
    "an import that is none": ({"imports": ["shop; import os", "x ="]}, "does not parse"),
}


@pytest.mark.parametrize(("change", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_is_wrong_with_one_test_is_said(change: dict[str, Any], reason: str) -> None:
    found = answer({**GOOD, **change})
    assert isinstance(found, NoCandidate)
    assert reason in found.reason
    beside = answer(GOOD, {**GOOD, "name": "test_b", **change})
    assert isinstance(beside, Candidate)
    assert [each.name for each in beside.tests] == ["test_f_is_one"]


def test_a_test_for_nobody_is_nobodys() -> None:
    found = answer({**GOOD, "covers": "elsewhere"})
    assert isinstance(found, NoCandidate)
    assert found.reason == "anthropic wrote no test for it"


def test_a_suspected_bug_is_told_with_and_without_tests() -> None:
    said = {"covers": "f", "expected": "one", "actual": "two", "why": "its name"}
    bug = {**said, "test": "", "imports": []}
    line = "a bug is suspected: expected one, but two (its name)"
    alone, beside = answer(bugs=(bug,)), answer(GOOD, bugs=(bug,))
    assert isinstance(alone, NoCandidate)
    assert alone.reason == line
    assert isinstance(beside, Candidate)
    assert beside.notes == (line,)


def test_a_suspected_bug_with_a_test_is_a_claim_for_a_run_to_settle() -> None:
    said = {"covers": "f", "expected": "one", "actual": "two", "why": "its name"}
    test = "def test_f_is_one():\n    assert f() == 1\n"
    found = answer(bugs=({**said, "test": test, "imports": IMPORTS},))
    assert isinstance(found, NoCandidate)
    (claim,) = found.claims
    assert (claim.test.code, claim.imports, claim.call) == (test, tuple(IMPORTS), "assert f() == 1")
    assert (claim.expected, claim.actual, claim.why) == ("one", "two", "its name")


FAULTS = {
    "no object": ([], "the reply is no object"),
    "a key is missing": ({"tests": []}, "the reply has no suspected_bugs"),
    "a key too many": (
        {"tests": [], "suspected_bugs": [], "x": 1},
        "the reply has 'x', which is none of its keys",
    ),
    "a test that is none": (
        {"tests": [1], "suspected_bugs": []},
        "the reply.tests[0] is no object",
    ),
    "an import that is no text": (
        {"tests": [{**GOOD, "imports": [1]}], "suspected_bugs": []},
        "the reply.tests[0].imports[0] is no string",
    ),
}


@pytest.mark.parametrize(("data", "fault"), FAULTS.values(), ids=FAULTS)
def test_a_reply_of_another_shape_is_told(data: Any, fault: str) -> None:
    assert schema_fault(data, SCHEMA) == fault


FILE = "from shop import f\n\n\ndef test_f_is_one():\n    assert f(1) == 1\n"


def of_files(text: str) -> Any:
    data: Any = json.loads(text)
    assert fault_of(data) is None
    (found,) = answers_of(Reply(text, data, Usage(), "m"), [target_of("f")], "anthropic")
    return found


def test_paths_and_contents_are_a_reply_too() -> None:
    found = of_files(json.dumps({"tests/test_shop.py": FILE}))
    assert isinstance(found, Candidate)
    assert [each.name for each in found.tests] == ["test_f_is_one"]


def test_a_path_that_a_reply_may_not_name_refuses_it_whole() -> None:
    found = of_files(json.dumps({"../conftest.py": FILE}))
    assert isinstance(found, NoCandidate)
    assert found.reason.startswith("reply: the path '../conftest.py' is not below tests/")


def test_what_is_neither_is_no_reply() -> None:
    assert fault_of({"file": FILE}) is not None
    assert fault_of({}) is not None
