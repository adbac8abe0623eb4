from pathlib import PurePosixPath

import pytest

from sloptest_hook.merging.pytest_settings import PytestSettings, pytest_settings
from sloptest_hook.merging.suite import PYTHON_FILES

TESTS = PurePosixPath("tests")
TABLE = """\
[{}]
python_files = ["check_*.py", "spec_*.py"]
testpaths = ["spec"]
"""


def read(**files: str) -> PytestSettings:
    names = {"pytest_ini": "pytest.ini", "pyproject": "pyproject.toml"}
    names |= {"tox": "tox.ini", "setup": "setup.cfg"}
    return pytest_settings(
        {PurePosixPath(names[key]): text.encode() for key, text in files.items()}
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pytest_ini", "[pytest]\npython_files = check_*.py spec_*.py\ntestpaths = spec\n"),
        ("tox", "[pytest]\npython_files =\n    check_*.py\n    spec_*.py\ntestpaths = spec\n"),
        ("setup", "[tool:pytest]\npython_files = check_*.py spec_*.py\ntestpaths = spec\n"),
        (
            "pyproject",
            TABLE.format("tool.pytest.ini_options"),
        ),
        (
            "pyproject",
            TABLE.format("tool.pytest"),
        ),
    ],
)
def test_each_kind_of_file_is_read(name: str, text: str) -> None:
    settings = read(**{name: text})
    assert settings.python_files == ("check_*.py", "spec_*.py")
    assert settings.testpaths == (PurePosixPath("spec"),)


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({}, id="no file"),
        pytest.param({"pyproject": "[project]\nname = 'x'\n"}, id="no table"),
        pytest.param({"pyproject": "[tool.pytest\n"}, id="broken TOML"),
        pytest.param({"tox": "no section\n"}, id="broken ini"),
        pytest.param({"pytest_ini": ""}, id="empty"),
    ],
)
def test_without_settings_pytests_own_defaults_hold(files: dict[str, str]) -> None:
    assert read(**files) == PytestSettings(PYTHON_FILES, ())


def test_an_empty_pytest_ini_hides_pyproject() -> None:
    table = '[tool.pytest.ini_options]\ntestpaths = ["spec"]\n'
    assert read(pytest_ini="", pyproject=table).testpaths == ()


@pytest.mark.parametrize(
    ("testpaths", "directory"),
    [
        pytest.param((), "tests", id="none"),
        pytest.param(("tests",), "tests", id="the same"),
        pytest.param((".",), "tests", id="everything"),
        pytest.param(("src", "tests"), "tests", id="among others"),
        pytest.param(("spec", "more"), "spec", id="elsewhere"),
        pytest.param(("pkg/*/tests",), "tests", id="a glob tells nothing"),
    ],
)
def test_new_files_go_where_pytest_looks(testpaths: tuple[str, ...], directory: str) -> None:
    settings = PytestSettings(testpaths=tuple(map(PurePosixPath, testpaths)))
    assert settings.directory_for(TESTS) == PurePosixPath(directory)
