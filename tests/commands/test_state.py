"""``debug-state``, ``sync-state``, ``reset-state``."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path, PurePosixPath

import pytest

from sloptest_hook.cli import main
from sloptest_hook.git.last_run import LastFile, LastRun
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.store.history import History
from tests.conftest import Project, Repository
from tests.store.test_history import a_run

STAYS = {"ledger.db", "trusted.json", "placeholder.key", "lock", "cache.db.lock"}


@pytest.fixture
def room(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The room of a repository in which everything is kept that may be."""
    monkeypatch.chdir(repository.root)
    room = repository.root / ".git" / "sloptest"
    for name in (
        "report.json",
        "log.txt",
        "log.txt.1",
        "bug-7.txt",
        "written.json",
        "ledger.db",
        "trusted.json",
        "placeholder.key",
    ):
        repository.write(f".git/sloptest/{name}", "x")
    repository.write(".git/sloptest/snapshot/deep/a.py", "x" * 2000)
    repository.write(".git/sloptest/artifacts/r/prompt.txt", "x")
    History(StagedRepository.open(repository.root).common_dir).add(a_run())
    return room


def test_what_is_remembered_is_told_and_nothing_written(
    room: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {each: each.read_bytes() for each in room.rglob("*") if each.is_file()}

    assert main(["debug-state"]) == 0

    said = capsys.readouterr().out
    assert "0 versions of symbols, 0 of tests, 1 runs" in said
    assert "2.0 kB" in said
    assert {each: each.read_bytes() for each in room.rglob("*") if each.is_file()} == before


def test_an_empty_repository_remembers_nothing(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(repository.root)

    assert main(["debug-state"]) == 0
    assert main(["reset-state", "--yes"]) == 0

    assert capsys.readouterr().out.splitlines() == [
        "nothing is remembered in this repository",
        "sloptest: nothing to forget",
    ]
    assert not (repository.root / ".git" / "sloptest").exists()


def test_a_reset_leaves_money_approvals_and_the_key(
    room: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["reset-state", "--yes", "--json"]) == 0

    assert "cache.db" in json.loads(capsys.readouterr().out)["forgotten"]
    assert {each.name for each in room.iterdir()} <= STAYS
    assert (room / "ledger.db").exists()


def test_without_a_terminal_and_a_yes_nothing_is_forgotten(
    room: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Path(os.devnull).open() as nobody:
        monkeypatch.setattr(sys, "stdin", nobody)
        assert main(["reset-state"]) == 2

    assert "without a terminal say --yes" in capsys.readouterr().err
    assert (room / "report.json").exists()


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("\n", 1), ("no\n", 1)])
def test_on_a_terminal_it_asks(room: Path, answer: str, code: int) -> None:
    mine, its = pty.openpty()
    os.write(mine, answer.encode())
    done = subprocess.run(
        (sys.executable, "-m", "sloptest_hook", "reset-state"),
        stdin=its,
        capture_output=True,
        text=True,
        check=False,
    )
    os.close(mine)
    os.close(its)

    assert done.returncode == code, done.stderr
    assert "Forget all of this? [y/N]" in done.stdout
    assert (room / "report.json").exists() is bool(code)


def test_what_tests_execute_is_remembered_anew(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(project.root)
    last_run = LastRun(project.root / ".git/sloptest/last_run.json")
    last_run.remember("", [LastFile(PurePosixPath("tests/test_gone.py"), "0", "0", None)])

    assert main(["sync-state", "--json"]) == 0

    document = json.loads(capsys.readouterr().out)
    assert document["complete"] is True
    assert (document["tests_run"], document["symbols"], document["percent"]) == (1, 1, 100.0)
    assert document["versions_remembered"] >= 1
    assert document["written_files_gone"] == 1
    assert last_run.files() == ()
