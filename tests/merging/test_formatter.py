import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sloptest_hook.merging.formatter import ProjectFormatter, find_formatter
from sloptest_hook.values.candidate import Candidate
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.settings import Formatter

OPEN = Deadline(at=60.0, clock=lambda: 0.0)
# A formatter that is not the project's black, but started and read like it.
UPPER = "#!/bin/sh\n[ \"$*\" = '-q -' ] || exit 3\nsed 's/assert f( 1 )/assert f(1)/'\n"
BROKEN = {
    "fails": "#!/bin/sh\nexit 123\n",
    "writes nonsense": "#!/bin/sh\necho 'def ('\n",
    "writes nothing": "#!/bin/sh\n",
    "changes the code": "#!/bin/sh\nsed 's/1/2/'\n",
    "is no program": "\0\0",
}


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """A project's ``bin`` directory with a python in it, which links out of it as in a venv."""
    binaries = tmp_path / "venv" / "bin"
    binaries.mkdir(parents=True)
    (binaries / "python").symlink_to(sys.executable)
    return binaries


def install(environment: Path, name: str, script: str) -> None:
    program = environment / name
    program.write_text(script)
    program.chmod(0o755)


def install_ruff(environment: Path) -> None:
    ruff = Path(sys.executable).parent / "ruff"
    (environment / "ruff").symlink_to(ruff if ruff.exists() else str(shutil.which("ruff")))


def formatter_of(
    tmp_path: Path, environment: Path, choice: Formatter = Formatter.AUTO
) -> ProjectFormatter:
    return find_formatter(choice, tmp_path, str(environment / "python"))


def configure(tmp_path: Path, text: str, name: str = "pyproject.toml") -> None:
    (tmp_path / name).write_text(text)


@pytest.mark.parametrize(
    ("name", "configuration", "program"),
    [
        pytest.param("pyproject.toml", "[tool.ruff]\n", "ruff", id="ruff"),
        pytest.param("pyproject.toml", "[tool.black]\n", "black", id="black"),
        pytest.param("ruff.toml", "", "ruff", id="ruff's own file"),
        pytest.param(".ruff.toml", "", "ruff", id="ruff's hidden file"),
        pytest.param(
            "pyproject.toml", "[tool.ruff.lint]\n[tool.black]\n", "black", id="ruff only lints"
        ),
        pytest.param(
            "pyproject.toml", "[tool.ruff.format]\n[tool.black]\n", "ruff", id="ruff formats"
        ),
    ],
)
def test_auto_takes_what_the_project_configures(
    name: str, configuration: str, program: str, tmp_path: Path, environment: Path
) -> None:
    install(environment, "ruff", UPPER)
    install(environment, "black", UPPER)
    configure(tmp_path, configuration, name)
    assert formatter_of(tmp_path, environment).argv[0] == str(environment / program)


@pytest.mark.parametrize("key", ["line-length", "line_length"])
def test_the_line_length_is_the_projects(key: str, tmp_path: Path, environment: Path) -> None:
    configure(tmp_path, f"[tool.black]\n{key} = 100\n")
    assert formatter_of(tmp_path, environment).line_length == 100


@pytest.mark.parametrize("text", ["", "[project]\n", "[tool]\nruff = 3\n[", "tool = 3\n"])
def test_auto_takes_nothing_where_nothing_is_configured(
    text: str, tmp_path: Path, environment: Path, make_candidate: Callable[..., Candidate]
) -> None:
    install(environment, "ruff", UPPER)
    configure(tmp_path, text)
    candidate = make_candidate("def test_a():\n    assert f( 1 )\n")
    formatter = formatter_of(tmp_path, environment)
    assert formatter.argv == ()
    assert formatter.format(candidate, OPEN) == candidate


def test_ruff_gives_the_code_the_projects_style(
    tmp_path: Path, environment: Path, make_candidate: Callable[..., Candidate]
) -> None:
    install_ruff(environment)
    configure(tmp_path, "[tool.ruff]\nline-length = 40\nformat.quote-style = 'single'\n")
    candidate = make_candidate(
        '@mark\ndef test_a():\n    assert total( [1, 2] ) == "aaaaaaaaaaaaaaaaaaaaaa"\n\n\n'
        "# why\nasync def test_b( ):\n    assert  1\n",
        "from shop.cart import   total, add, remove, clear",
    )
    formatter = formatter_of(tmp_path, environment)
    formatted = formatter.format(candidate, OPEN)
    assert formatter.line_length == 40
    assert formatted.imports == (
        "from shop.cart import (\n    total,\n    add,\n    remove,\n    clear,\n)",
    )
    first, second = formatted.tests
    assert first.code == (
        "@mark\ndef test_a():\n    assert (\n        total([1, 2])\n"
        "        == 'aaaaaaaaaaaaaaaaaaaaaa'\n    )\n"
    )
    assert second.code == "# why\nasync def test_b():\n    assert 1\n"
    assert [test.name for test in formatted.tests] == ["test_a", "test_b"]
    assert formatted.target == candidate.target


def test_formatting_leaves_nothing_in_the_project(
    tmp_path: Path, environment: Path, make_candidate: Callable[..., Candidate]
) -> None:
    install_ruff(environment)
    configure(tmp_path, "[tool.ruff]\n")
    before = sorted(tmp_path.iterdir())
    formatter_of(tmp_path, environment).format(make_candidate("def test_a( ): pass\n"), OPEN)
    assert sorted(tmp_path.iterdir()) == before


def test_black_is_started_as_black_wants_it(
    tmp_path: Path, environment: Path, make_candidate: Callable[..., Candidate]
) -> None:
    install(environment, "black", UPPER)
    formatter = formatter_of(tmp_path, environment, Formatter.BLACK)
    formatted = formatter.format(make_candidate("def test_a():\n    assert f( 1 )\n"), OPEN)
    assert formatted.tests[0].code == "def test_a():\n    assert f(1)\n"


@pytest.mark.parametrize("script", BROKEN.values(), ids=BROKEN.keys())
def test_a_formatter_that_goes_wrong_leaves_the_code_as_it_is(
    script: str, tmp_path: Path, environment: Path, make_candidate: Callable[..., Candidate]
) -> None:
    install(environment, "black", script)
    candidate = make_candidate("def test_a():\n    assert f(1)\n")
    formatter = formatter_of(tmp_path, environment, Formatter.BLACK)
    assert formatter.argv
    assert formatter.format(candidate, OPEN) == candidate


def test_a_formatter_that_is_not_installed_leaves_the_code_as_it_is(
    tmp_path: Path,
    environment: Path,
    make_candidate: Callable[..., Candidate],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    formatter = formatter_of(tmp_path, environment, Formatter.BLACK)
    candidate = make_candidate("def test_a():\n    assert f( 1 )\n")
    assert formatter.argv == ()
    assert formatter.format(candidate, OPEN) == candidate


def test_a_formatter_on_path_will_do(
    tmp_path: Path, environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    install(elsewhere, "black", UPPER)
    monkeypatch.setenv("PATH", str(elsewhere))
    found = formatter_of(tmp_path, environment, Formatter.BLACK)
    assert found.argv[0] == str(elsewhere / "black")


def test_none_formats_nothing(tmp_path: Path, environment: Path) -> None:
    install(environment, "black", UPPER)
    configure(tmp_path, "[tool.black]\nline-length = 100\n")
    assert formatter_of(tmp_path, environment, Formatter.NONE).argv == ()
