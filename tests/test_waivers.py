"""Symbols that get no tests because somebody said so, with a reason, perhaps for a time."""

import json
from pathlib import PurePosixPath

import pytest
import tomli

from sloptest_hook.cli import main
from sloptest_hook.config.schema import with_table
from sloptest_hook.errors import ConfigError
from sloptest_hook.pipeline.changes import symbols_in_question
from sloptest_hook.pipeline.hook import _remarked
from sloptest_hook.planning import Screened, Waived, screen
from sloptest_hook.values.outcome import Decision, Outcome, SymbolReport, SymbolStatus
from sloptest_hook.values.settings import Settings, Waiver
from sloptest_hook.values.source import (
    ChangeKind,
    LineRange,
    StagedChange,
    StagedDiff,
    Symbol,
    SymbolKind,
)
from tests.conftest import Repository

TODAY = "2026-06-15"


def symbol(qualname: str = "f", path: str = "pkg/legacy/a.py") -> Symbol:
    return Symbol(PurePosixPath(path), qualname, SymbolKind.FUNCTION, LineRange(1, 4), "x")


def screened(waiver: Waiver, qualname: str = "f") -> Screened:
    return screen([symbol(qualname)], Settings(waive=(waiver,)), waived=Waived(today=TODAY))


@pytest.mark.parametrize(
    ("pattern", "qualname", "is_waived"),
    [
        ("pkg/legacy/*", "f", True),
        ("pkg/legacy", "f", True),
        ("legacy", "f", True),
        ("pkg/*", "f", True),
        ("other/*", "f", False),
        ("pkg/legacy/a.py::f", "f", True),
        ("pkg/legacy/a.py::f", "fg", False),
        ("pkg/legacy/a.py::C", "C.m", True),
        ("pkg/legacy/a.py::C.m", "C.n", False),
        ("::*.__repr__", "C.__repr__", True),
        ("::to_*", "to_json", True),
        ("other/*::f", "f", False),
    ],
)
def test_a_glob_waives_paths_or_names(pattern: str, qualname: str, is_waived: object) -> None:
    found = screened(Waiver(pattern, "gone soon"), qualname)

    assert [each.reason for each in found.skipped] == (
        [f"waived by '{pattern}': gone soon"] if is_waived else []
    )
    assert len(found.kept) == (not is_waived)


@pytest.mark.parametrize("until", [TODAY, "2026-06-16", "2027-01-01"])
def test_a_waiver_holds_until_its_last_day(until: str) -> None:
    (skipped,) = screened(Waiver("legacy", "gone soon", until)).skipped

    assert skipped.reason == f"waived until {until} by 'legacy': gone soon"


def test_one_that_has_ended_is_named_and_the_symbol_in_question_again() -> None:
    found = screened(Waiver("legacy", "gone soon", "2026-06-14"))

    assert found.skipped == ()
    assert found.remarks == {symbol(): "the waiver 'legacy' of it ended on 2026-06-14"}


def test_a_reason_for_ever_counts_beside_one_that_has_ended() -> None:
    waivers = (Waiver("legacy", "a", "2026-01-01"), Waiver("pkg", "b"))

    found = screen([symbol()], Settings(waive=waivers), waived=Waived(today=TODAY))

    assert [each.reason for each in found.skipped] == ["waived by 'pkg': b"]
    assert found.remarks == {}


def test_a_comment_waives_with_its_reason_and_not_without() -> None:
    given = screen([symbol()], Settings(), waived=Waived({symbol(): "it prints"}))
    none = screen([symbol()], Settings(), waived=Waived({symbol(): ""}))

    assert [each.reason for each in given.skipped] == ["waived by a comment: it prints"]
    assert none.kept == (symbol(),)
    assert "only with a reason" in none.remarks[symbol()]


def test_the_staged_text_is_read_for_comments() -> None:
    text = "def f():  # sloptest: no test - it prints\n    return 1\n"
    change = StagedChange(PurePosixPath("a.py"), ChangeKind.ADDED, "0", text)

    question = symbols_in_question(StagedDiff((change,)), Settings(), TODAY)

    assert question.symbols == ()
    assert [each.reason for each in question.skipped] == ["waived by a comment: it prints"]


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (SymbolStatus.UNCOVERED, "never ran; its waiver ended"),
        (SymbolStatus.DEFERRED, "never ran; its waiver ended"),
        (SymbolStatus.GENERATED, "never ran"),
        (SymbolStatus.COVERED, "never ran"),
    ],
)
def test_why_a_waiver_does_not_count_is_said_where_somebody_is_needed(
    status: SymbolStatus, reason: str
) -> None:
    outcome = Outcome(Decision.WARN, symbols=(SymbolReport(symbol(), status, "never ran"),))

    assert _remarked(outcome, {symbol(): "its waiver ended"}).symbols[0].reason == reason


@pytest.mark.parametrize(
    ("value", "waiver"),
    [
        ("why", Waiver("a/*", "why")),
        ({"reason": " why "}, Waiver("a/*", "why")),
        ({"reason": "why", "until": "2027-01-31"}, Waiver("a/*", "why", "2027-01-31")),
    ],
)
def test_a_waiver_is_a_glob_with_a_reason(value: object, waiver: Waiver) -> None:
    assert with_table(Settings(), {"waive": {"a/*": value}}, "x").waive == (waiver,)


def test_a_date_of_toml_is_a_day() -> None:
    table = tomli.loads('waive = { "a/*" = { reason = "why", until = 2027-01-31 } }')

    assert with_table(Settings(), table, "x").waive[0].until == "2027-01-31"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"a/*": ""}, "wanted a reason for 'a/*'"),
        ({"a/*": {}}, "wanted a reason for 'a/*'"),
        ({"a/*": {"until": "2027-01-31"}}, "wanted a reason for 'a/*'"),
        ({"a/*": {"reason": "why", "until": "soon"}}, "wanted a day such as"),
        ({"a/*": {"reason": "why", "until": "2027-02-31"}}, "wanted a day such as"),
        ({"a/*": {"reason": "why", "til": "2027-01-31"}}, "wanted a table of globs"),
        ({"a/*": 3}, "wanted a table of globs"),
        (["a/*"], "wanted a table of globs"),
    ],
)
def test_what_waives_nothing_is_refused(value: object, said: str) -> None:
    with pytest.raises(ConfigError, match="x: waive = ") as error:
        with_table(Settings(), {"waive": value}, "x")

    assert said in str(error.value)


@pytest.mark.parametrize(
    ("until", "status", "reason"),
    [
        ("2999-01-01", "skipped", "waived until 2999-01-01 by 'old'"),
        ("2020-01-01", "uncovered", "the waiver 'old' of it ended on 2020-01-01"),
    ],
)
def test_a_commit_asks_the_calendar(
    repository: Repository,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    until: str,
    status: str,
    reason: str,
) -> None:
    table = f'[tool.sloptest.waive]\nold = {{ reason = "why", until = {until} }}\n'
    repository.stage("pyproject.toml", table)
    repository.stage("old/a.py", "def f():\n    return 1\n")
    monkeypatch.chdir(repository.root)
    monkeypatch.setenv("SLOPTEST_PYTHON", "/nowhere/python")  # nothing is measured, and soon

    assert main(["hook", "--json"]) == 0

    (report,) = json.loads(capsys.readouterr().out)["symbols"]
    assert report["status"] == status
    assert reason in report["reason"]
