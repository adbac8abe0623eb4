"""``sloptest show`` and ``sloptest status`` on the records of a run."""

import json
from pathlib import Path, PurePosixPath

import pytest

from sloptest_hook.cli import main
from sloptest_hook.commands.record import write_report
from sloptest_hook.errors import ExitCode
from sloptest_hook.git.last_run import LastFile, LastRun
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.git.written import digest
from sloptest_hook.values.outcome import Decision, Outcome, Problem, SymbolReport, SymbolStatus
from sloptest_hook.values.source import LineRange, Symbol, SymbolKind
from tests.conftest import Repository

TEST = "from shop import f\n\n\ndef test_f():\n    assert f() == 1\n"


def files_below(root: Path) -> dict[str, bytes]:
    return {str(each): each.read_bytes() for each in root.rglob("*") if each.is_file()}


@pytest.fixture
def after_a_run(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository with one symbol, for which the last run has written a test."""
    repository.commit({"shop.py": "def f():\n    return 1\n", "tests/test_shop.py": TEST})
    repo = StagedRepository.open(repository.root)
    symbol = Symbol(PurePosixPath("shop.py"), "f", SymbolKind.FUNCTION, LineRange(1, 2), "x")
    report = SymbolReport(
        symbol, SymbolStatus.GENERATED, "", ("tests/test_shop.py::test_f",), covered_lines=(2,)
    )
    write_report(Outcome(Decision.ALLOW, symbols=(report,)), ExitCode.OK, 1.0, repo)
    blob = repository.git("rev-parse", "HEAD:tests/test_shop.py")
    written = LastFile(PurePosixPath("tests/test_shop.py"), digest(TEST.encode()), blob, None)
    LastRun(repo.git_dir / "sloptest" / "last_run.json").remember("", [written])
    monkeypatch.chdir(repository.root)
    return repository


def shown(capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["show"]) == 0
    return capsys.readouterr().out


def test_the_test_is_shown_with_its_lines(
    after_a_run: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files_below(after_a_run.root)

    assert shown(capsys).splitlines() == [
        "tests/test_shop.py::test_f",
        "  for shop.py::f: together with its other tests executes line 2",
        "    def test_f():",
        "        assert f() == 1",
    ]
    assert main(["show", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["tests"][0]["fate"] == "as written"
    assert files_below(after_a_run.root) == before


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (TEST.replace("== 1", "== 1  # mine"), "(edited since)"),
        ("", "(gone)"),
        (None, "(gone)"),
    ],
)
def test_a_test_that_is_another_by_now_is_not_passed_off_as_written(
    after_a_run: Repository, capsys: pytest.CaptureFixture[str], now: str | None, said: str
) -> None:
    file = after_a_run.root / "tests/test_shop.py"
    file.unlink()
    if now is not None:
        file.write_text(now)

    assert f"tests/test_shop.py::test_f  {said}" in shown(capsys)


@pytest.mark.parametrize(
    "report",
    [
        "",
        "[]",
        '{"symbols": 3}',
        '{"symbols": [3, {"status": "generated", "path": "x", "qualname": 1, "tests": []}]}',
        '{"symbols": [{"status": "generated", "path": "/etc/x", "qualname": "f", "tests": []}]}',
        '{"symbols": [{"status": "generated", "path": "a.py", "qualname": "f", "tests": [3]}]}',
        '{"symbols": [{"status": "generated", "path": "a.py", "qualname": "f", "tests": ["/etc/passwd::f", "../x::f"]}]}',  # noqa: E501
    ],
)
def test_a_report_of_somebody_else_shows_nothing_of_the_machine(
    after_a_run: Repository, capsys: pytest.CaptureFixture[str], report: str
) -> None:
    (after_a_run.root / ".git/sloptest/report.json").write_text(report)

    assert "root:" not in shown(capsys)


def test_a_later_run_that_had_nothing_to_write_hides_nothing(
    after_a_run: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repo = StagedRepository.open(after_a_run.root)
    symbol = Symbol(PurePosixPath("shop.py"), "f", SymbolKind.FUNCTION, LineRange(1, 2), "x")
    covered = SymbolReport(symbol, SymbolStatus.COVERED, "", ("tests/test_shop.py::test_f",))
    write_report(Outcome(Decision.ALLOW, symbols=(covered,)), ExitCode.OK, 1.0, repo)

    first, why, *source = shown(capsys).splitlines()

    assert first == "tests/test_shop.py::test_f"
    assert why == "  for shop.py::f: which lines it executes is not on record"
    assert source == ["    def test_f():", "        assert f() == 1"]


def test_status_tells_of_the_run(
    after_a_run: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files_below(after_a_run.root)

    assert main(["status"]) == 0

    first, second = capsys.readouterr().out.splitlines()
    assert first.endswith("1.0 s  1 generated")
    assert second == "  generated  shop.py f: test_f"
    assert files_below(after_a_run.root) == before


def test_what_is_covered_already_makes_no_history(
    after_a_run: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repo = StagedRepository.open(after_a_run.root)
    write_report(Outcome(Decision.WARN, problems=(Problem("p"),)), ExitCode.OK, 1.0, repo)
    write_report(Outcome(Decision.ALLOW), ExitCode.OK, 1.0, repo)

    assert main(["status", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["runs"]) == 2
