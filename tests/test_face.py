"""Every command, in a fresh repository and where there is none: an answer, and its document."""

import gc
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import sloptest_hook
from sloptest_hook.cli import main
from sloptest_hook.commands.completion import commands_of
from sloptest_hook.commands.tree import parser
from sloptest_hook.report.json_report import to_json
from sloptest_hook.values.outcome import Decision, Outcome, Problem, SymbolStatus
from tests.conftest import Repository
from tests.report.test_console import generated, report
from tests.schema_check import faults

DOCUMENTS = json.loads(
    (Path(sloptest_hook.__file__).parent / "report" / "documents.schema.json").read_text()
)["definitions"]
READS_ONLY = ("status", "show", "cost", "env --config", "env --rules", "trust", "debug-state")
WRITES = ("hook", "generate", "undo", "init-config", "reset-state --yes", "install", "uninstall")
STARTS_PYTEST = ("coverage", "analyze", "env", "sync-state")  # or looks for one
NEEDS_NO_REPOSITORY = ("env --rules", "init-config --dry-run", "completion bash")
# It takes half a minute, and is what CI runs first of all.
ELSEWHERE = {"demo"}


@pytest.fixture(autouse=True)
def _collecting() -> Iterator[None]:
    yield
    gc.enable()


@pytest.fixture
def fresh(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> Repository:
    monkeypatch.chdir(repository.root)
    monkeypatch.setenv("SLOPTEST_PYTHON", sys.executable)  # which has pytest and coverage
    return repository


def content(root: Path) -> dict[str, bytes]:
    return {str(each): each.read_bytes() for each in root.rglob("*") if each.is_file()}


def test_every_command_is_run_here() -> None:
    run = {each.split()[0] for each in (*READS_ONLY, *WRITES, *STARTS_PYTEST, *NEEDS_NO_REPOSITORY)}

    assert {each.name for each in commands_of(parser())} <= run | ELSEWHERE


@pytest.mark.parametrize("words", [*READS_ONLY, *WRITES, *STARTS_PYTEST])
def test_in_a_fresh_repository_every_command_answers_with_its_document(
    fresh: Repository, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = content(fresh.root)
    assert main([*words.split(), "--json"]) == 0

    said = capsys.readouterr()
    name = words.removesuffix(" --yes")
    assert said.err == ""
    assert faults(json.loads(said.out), DOCUMENTS[name]) == []
    if words in READS_ONLY:
        assert main([*words.split(), "-v"]) == 0
        assert content(fresh.root) == before


@pytest.mark.parametrize("words", [*READS_ONLY, *WRITES, *STARTS_PYTEST, *NEEDS_NO_REPOSITORY])
def test_where_there_is_no_repository_it_says_so_and_leaves_nothing(
    words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    needs_none = words in NEEDS_NO_REPOSITORY or words == "hook"  # a commit is never held by it

    assert main(words.split()) == (0 if needs_none else 2)

    said = capsys.readouterr()
    assert ("is not in a git repository" in said.out + said.err) is (
        words not in NEEDS_NO_REPOSITORY
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", [each.name for each in commands_of(parser())])
def test_every_command_has_help_with_an_example(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")

    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])

    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert "Example:" in said
    assert "sloptest" in said


def test_a_report_with_everything_in_it_is_as_documented() -> None:
    outcome = Outcome(
        Decision.BLOCK,
        symbols=(
            generated("f", "tests/test_a.py::test_f"),
            *(report(f"g{number}", status) for number, status in enumerate(SymbolStatus)),
        ),
        problems=(Problem("p"),),
        notes=("n",),
        patch=b"x",
    )

    document = json.loads(to_json(outcome, run_id="r", exit_code=1, elapsed_s=1.5))

    assert faults(document, DOCUMENTS["hook"]) == []


def test_json_is_the_form_that_format_names(
    fresh: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["hook", "--format", "json"]) == 0

    assert json.loads(capsys.readouterr().out)["mode"] == "hook"
