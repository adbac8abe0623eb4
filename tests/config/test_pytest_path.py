from pathlib import Path

import pytest

from sloptest_hook.config.files import load_settings
from sloptest_hook.config.pytest_path import with_pytest_path
from sloptest_hook.errors import ConfigError
from sloptest_hook.values.settings import RunnerMode, RunnerSettings, Settings


def asked(path: str) -> Settings:
    return Settings(runner=RunnerSettings(mode=RunnerMode.PYTEST_PATH, pytest_path=path))


def test_the_python_beside_the_program_is_the_projects(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").touch()
    (tmp_path / "bin" / "pytest").write_text("#!/bin/sh\n'''exec' /somewhere/python\n")

    assert with_pytest_path(asked("bin/pytest"), tmp_path).python == str(tmp_path / "bin/python")


def test_else_the_one_that_its_first_line_names(tmp_path: Path) -> None:
    (tmp_path / "pytest").write_text("#!/opt/venv/bin/python3.12\nimport pytest\n")

    assert with_pytest_path(asked("pytest"), tmp_path).python == "/opt/venv/bin/python3.12"


@pytest.mark.parametrize(
    ("path", "content", "said"),
    [
        ("pytest", b"#!/bin/sh\n", "set `python` to that"),
        ("pytest", b"\x7fELF\xff", "set `python` to that"),
        ("pytest", b"", "set `python` to that"),
        ("", None, "runner-mode = 'pytest-path' names no program"),
    ],
)
def test_a_program_that_does_not_say_so_is_refused(
    tmp_path: Path, path: str, content: bytes | None, said: str
) -> None:
    if content is not None:
        (tmp_path / path).write_bytes(content)

    with pytest.raises(ConfigError, match=said):
        with_pytest_path(asked(path), tmp_path)


def test_one_that_is_gone_is_no_wrong_key(tmp_path: Path) -> None:
    found = with_pytest_path(asked(".venv/bin/pytest"), tmp_path)

    assert found.python == str(tmp_path / ".venv/bin/python")  # which nobody will find


def test_a_directory_is_no_program(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="Is a directory; name a program"):
        with_pytest_path(asked("."), tmp_path)


def test_where_no_program_is_named_nothing_changes(tmp_path: Path) -> None:
    assert with_pytest_path(Settings(), tmp_path) == Settings()


def test_a_file_of_the_repository_names_none_without_approval(tmp_path: Path) -> None:
    table = "[tool.sloptest.coverage]\nrunner-mode = 'pytest-path'\npytest-path = 'evil'\n"
    (tmp_path / "pyproject.toml").write_text(table)

    loaded = load_settings(tmp_path, {})

    assert loaded.settings == Settings()
    assert "coverage.pytest-path" in loaded.notes[0]
