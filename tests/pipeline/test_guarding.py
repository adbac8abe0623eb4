"""What becomes of a candidate of which the guard says something."""

from pathlib import PurePosixPath

from sloptest_hook.guard.verdicts import Verdict
from sloptest_hook.merging.pytest_settings import pytest_settings
from sloptest_hook.pipeline.guarding import Judged, judge_candidates
from sloptest_hook.pipeline.tree import StagedTree
from sloptest_hook.values.candidate import Candidate, SupportCode, WrittenTest
from tests.pipeline.conftest import SOURCE, target

GOOD = WrittenTest("test_good", "def test_good():\n    assert total([1]) == 1\n")
IDLE = WrittenTest("test_idle", "def test_idle():\n    total([1])\n")
EVIL = WrittenTest("test_evil", "def test_evil():\n    assert total(eval('[1]')) == 1\n")


def judged(
    *tests: WrittenTest,
    imports: tuple[str, ...] = (),
    support: tuple[SupportCode, ...] = (),
    sources: dict[PurePosixPath, str] | None = None,
    confinement: str = "partial",
) -> Judged:
    tree = StagedTree(frozenset({SOURCE}), {}, sources or {}, pytest_settings({}))
    given = Candidate(
        target(), "llm", ("from shop.cart import total", *imports), tests, support=support
    )
    return judge_candidates([given], tree, confinement)


def kept(result: Judged) -> list[str]:
    return [test.name for candidate in result.candidates for test in candidate.tests]


def test_a_good_candidate_stays_as_it_is() -> None:
    assert judged(GOOD).dropped == ()
    assert kept(judged(GOOD)) == ["test_good"]


def test_a_denied_line_drops_the_whole_candidate() -> None:
    result = judged(GOOD, EVIL)
    assert kept(result) == []
    assert [each.name for each in result.dropped] == ["test_good", "test_evil"]
    assert all("refused by rule dynamic-code" in each.reason for each in result.dropped)
    assert result.unfit == ()


def test_what_can_be_fixed_drops_the_test_in_which_it_stands() -> None:
    result = judged(GOOD, IDLE)
    assert kept(result) == ["test_good"]
    assert [each.reason for each in result.dropped] == [
        "refused by rule no-assert: it asserts nothing: test_idle"
    ]


def test_what_can_be_fixed_is_kept_for_a_second_attempt() -> None:
    (unfit,) = judged(GOOD, IDLE).unfit
    assert unfit.test == IDLE
    assert [(each.rule_id, each.verdict) for each in unfit.violations] == [
        ("no-assert", Verdict.FIX)
    ]


def test_what_tests_share_speaks_against_all_of_them() -> None:
    shared = SupportCode("it", "def it():\n    import time\n    time.sleep(9)\n")
    result = judged(GOOD, support=(shared,))
    assert kept(result) == []
    assert "refused by rule sleeps" in result.dropped[0].reason


def test_some_tests_run_under_strong_confinement_only() -> None:
    reloads = WrittenTest(
        "test_reload",
        "def test_reload():\n    importlib.reload(shop)\n    assert total([1]) == 1\n",
    )
    imports = ("import importlib", "import shop")
    assert kept(judged(reloads, imports=imports)) == []
    assert kept(judged(reloads, imports=imports, confinement="strong")) == ["test_reload"]


def test_a_test_may_import_what_the_project_imports() -> None:
    imports = ("import attrs",)
    assert kept(judged(GOOD, imports=imports)) == []
    sources = {SOURCE: "import os\nimport attrs.validators\n"}
    assert kept(judged(GOOD, imports=imports, sources=sources)) == ["test_good"]
