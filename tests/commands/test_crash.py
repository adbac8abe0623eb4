"""A bug of ours: a file that can be sent to strangers, and one line."""

import stat
import tempfile
from pathlib import Path

import pytest

from sloptest_hook.commands.crash import report
from sloptest_hook.errors import ExitCode
from tests.conftest import Repository


def a_bug() -> Exception:
    password = "hunter2-of-the-user"
    nothing: dict[str, str] = {}
    try:
        nothing[f"{password} in /home/user/private"]
    except LookupError as error:
        return error
    raise AssertionError("nobody is there")


def test_the_file_names_places_and_no_value(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(repository.root)

    assert report(a_bug(), "coverage") is ExitCode.BUG

    said = capsys.readouterr().err
    (file,) = (repository.root / ".git" / "sloptest").iterdir()
    assert str(file) in said
    text = file.read_text()
    assert "KeyError" in text
    assert "test_crash.py:" in text
    assert "hunter2" not in text + said
    assert "/home" not in text
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_where_there_is_no_repository_it_is_a_file_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    assert report(a_bug(), "env") is ExitCode.BUG

    (file,) = tmp_path.iterdir()
    assert str(file) in capsys.readouterr().err
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize(("on_error", "code"), [("warn", ExitCode.OK), ("block", ExitCode.BUG)])
def test_a_hook_lets_the_commit_go_on_unless_it_was_told_otherwise(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, on_error: str, code: ExitCode
) -> None:
    monkeypatch.chdir(repository.root)
    monkeypatch.setenv("SLOPTEST_ON_ERROR", on_error)

    assert report(a_bug(), "hook") is code
