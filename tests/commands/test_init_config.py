import json
from pathlib import Path

import pytest
import tomli
import yaml

from sloptest_hook.cli import main
from sloptest_hook.config.files import load_settings
from sloptest_hook.values.settings import Settings
from tests.conftest import Repository


@pytest.fixture
def here(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(repository.root)
    return repository.root


@pytest.mark.parametrize(
    "before",
    [
        None,
        b"",
        b"[project]\nname = 'x'\n",
        b"[project]\r\nname = 'x' # \xc3\xa9\r\n",
        b"[tool.ruff]\nline-length = 79",
        b"\xef\xbb\xbf[tool]\n",
    ],
    ids=["no file", "empty", "project", "Windows", "no last line end", "byte order mark"],
)
def test_the_table_is_added_and_no_other_byte_touched(here: Path, before: bytes | None) -> None:
    file = here / "pyproject.toml"
    if before is not None:
        file.write_bytes(before)

    assert main(["init-config"]) == 0

    after = file.read_bytes()
    assert after.startswith(before or b"")
    assert load_settings(here, {}).settings == Settings()
    assert (b"\r\n" in after) is (b"\r\n" in (before or b""))
    assert after.count(b"\r\n") in (0, after.count(b"\n"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[tool.sloptest]\n", "has a [tool.sloptest] table already"),
        ("tool.sloptest.policy = 'warn'\n", "has a [tool.sloptest] table already"),
        ("tool = { ruff = {} }\n", "in a way that nothing can be added to"),
        ("[project\n", "is not valid TOML"),
        ("x = '''\n", "is not valid TOML"),
    ],
)
def test_what_cannot_be_added_to_is_left_as_it_is(
    here: Path, text: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "pyproject.toml").write_text(text)

    assert main(["init-config", "--pre-commit"]) == 2

    assert said in capsys.readouterr().err
    assert (here / "pyproject.toml").read_text() == text
    assert not (here / ".pre-commit-config.yaml").exists()


def test_a_link_is_not_written_through(
    here: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outside = tmp_path / "outside.toml"
    outside.write_text("")
    (here / "pyproject.toml").symlink_to(outside)

    assert main(["init-config"]) == 2

    assert outside.read_text() == ""
    assert "Traceback" not in capsys.readouterr().err


def test_the_older_file_is_written_once(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init-config", "--format", "testgen-yml"]) == 0
    assert load_settings(here, {}).settings == Settings()
    assert main(["init-config", "--format", "testgen-yml"]) == 2
    assert ".testgen.yml is there already" in capsys.readouterr().err


def test_the_entry_of_pre_commit_is_printed_or_added(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init-config"]) == 0
    entry = capsys.readouterr().out.partition(".pre-commit-config.yaml:\n\n")[2]
    (here / "pyproject.toml").unlink()

    assert main(["init-config", "--pre-commit", "--json"]) == 0

    document = json.loads(capsys.readouterr().out)
    assert document["written"] == ["pyproject.toml", ".pre-commit-config.yaml"]
    added = yaml.safe_load((here / ".pre-commit-config.yaml").read_text())
    assert added == {"repos": yaml.safe_load(entry)}


def test_a_dry_run_prints_the_table_and_needs_no_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    assert main(["init-config", "--dry-run"]) == 0

    assert tomli.loads(capsys.readouterr().out)["tool"]["sloptest"]["policy"] == "warn"
    assert list(tmp_path.iterdir()) == []
