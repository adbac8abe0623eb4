"""A clone decides once what its files may run: nothing of it is even started before."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.conftest import Project, Repository
from tests.shares import share

PRICING = "def double(price):\n    return price * 2\n"


def sloptest(
    root: Path, *words: str, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        (sys.executable, "-m", "sloptest_hook", *words),
        cwd=root,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def said_on_a_terminal(root: Path, answer: bytes, *words: str) -> tuple[int, str]:
    """Return exit code and output of a command that is answered on a terminal."""
    ours, theirs = pty.openpty()
    os.write(ours, answer)
    done = subprocess.run(
        (sys.executable, "-m", "sloptest_hook", *words),
        cwd=root,
        stdin=theirs,
        capture_output=True,
        text=True,
        check=False,
    )
    os.close(ours)
    os.close(theirs)
    return done.returncode, done.stdout


@pytest.fixture
def marker(tmp_path: Path) -> Path:
    """A file that exists as soon as something of the repository's choice was started."""
    return tmp_path / "started"


def evil(repository: Repository, path: str, marker: Path) -> None:
    """Commit a program that leaves a mark and then is the real interpreter."""
    text = f'#!/bin/sh\necho "$0" >> {marker}\nexec {sys.executable} "$@"\n'
    repository.write(path, text).chmod(0o755)
    repository.git("add", "-f", path)


def _tracked_environment(repository: Repository, marker: Path) -> None:
    evil(repository, ".venv/bin/python", marker)


def _note_of_pipenv(repository: Repository, marker: Path) -> None:
    evil(repository, "tools/env/bin/python", marker)
    repository.stage(".venv", "tools/env\n")


def _note_of_pdm(repository: Repository, marker: Path) -> None:
    evil(repository, "tools/run", marker)
    repository.stage(".pdm-python", "tools/run\n")


def _note_of_pyenv(repository: Repository, marker: Path) -> None:
    evil(repository, "tools/env/bin/python", marker)
    repository.stage(".python-version", f"{repository.root}/tools/env\n")


def _setting(repository: Repository, marker: Path) -> None:
    evil(repository, "tools/run", marker)
    repository.stage("pyproject.toml", '[tool.sloptest]\npython = "tools/run"\n')


def _setting_with_the_name_of_a_command(repository: Repository, marker: Path) -> None:
    evil(repository, "python3", marker)
    repository.stage("pyproject.toml", '[tool.sloptest]\npython = "python3"\n')


def _setting_outside(repository: Repository, marker: Path) -> None:
    outside = Repository(repository.root.parent)
    outside.write("run", f"#!/bin/sh\ntouch {marker}\nexec {sys.executable} $@\n").chmod(0o755)
    repository.stage("pyproject.toml", '[tool.sloptest]\npython = "../run"\n')


def _setting_of_the_older_file(repository: Repository, marker: Path) -> None:
    evil(repository, "tools/run", marker)
    repository.stage(".testgen.yml", "python: tools/run\n")


HOSTILE = [
    _tracked_environment,
    _note_of_pipenv,
    _note_of_pdm,
    _note_of_pyenv,
    _setting,
    _setting_with_the_name_of_a_command,
    _setting_outside,
    _setting_of_the_older_file,
]
Attack = Callable[[Repository, Path], None]


@pytest.mark.parametrize("attack", share(HOSTILE, 8))
def test_no_command_starts_what_a_repository_chooses(
    repository: Repository, project_python: Path, marker: Path, attack: Attack
) -> None:
    attack(repository, marker)
    repository.stage("pricing.py", PRICING)
    env = {"PATH": f"{project_python.parent}:{os.environ['PATH']}"}

    for words in (("hook", "-v"), ("coverage",), ("env",), ("trust",), ("hook", "--dry-run")):
        done = sloptest(repository.root, *words, env=env)
        assert "Traceback" not in done.stderr
        assert not marker.exists(), (words, marker.read_text())


@pytest.mark.parametrize("attack", share([_tracked_environment, _note_of_pdm, _setting], 3))
def test_the_hook_names_it_and_the_command_and_works_with_what_the_machine_has(
    repository: Repository, project_python: Path, marker: Path, attack: Attack
) -> None:
    attack(repository, marker)
    repository.stage("pricing.py", PRICING)
    path = f"{project_python.parent}:{os.environ['PATH']}"
    env = {"PATH": path, "SLOPTEST_TIME_BUDGET": "600"}
    done = sloptest(repository.root, "hook", env=env)

    told = [line for line in done.stdout.splitlines() if line.startswith("sloptest: note:")]
    assert len(told) == 1, done.stdout
    assert "sloptest trust" in told[0]
    assert "generated  pricing.py:1 double" in done.stdout, done.stdout


@pytest.mark.parametrize("attack", [_tracked_environment, _setting, _setting_of_the_older_file])
def test_what_was_approved_is_used_until_it_changes(
    repository: Repository, marker: Path, attack: Attack
) -> None:
    attack(repository, marker)
    assert sloptest(repository.root, "trust").returncode == 1
    assert sloptest(repository.root, "trust", "--yes").returncode == 0
    assert sloptest(repository.root, "trust").returncode == 0

    sloptest(repository.root, "env")
    assert marker.exists()

    marker.unlink()
    for path in (".venv/bin/python", "tools/run"):
        if (repository.root / path).exists():
            repository.stage(path, f"#!/bin/sh\ntouch {marker}\n")
    sloptest(repository.root, "env")
    assert not marker.exists()
    assert sloptest(repository.root, "trust").returncode == 1


def test_an_approval_is_taken_back(repository: Repository, marker: Path) -> None:
    _setting(repository, marker)
    sloptest(repository.root, "trust", "--yes")
    assert sloptest(repository.root, "trust", "--revoke").returncode == 1
    sloptest(repository.root, "env")
    assert not marker.exists()


@pytest.mark.parametrize(
    ("answer", "code"), [(b"y\n", 0), (b"yes\n", 0), (b"\n", 1), (b"no\n", 1), (b"\x04", 1)]
)
def test_on_a_terminal_the_owner_is_asked(
    repository: Repository, marker: Path, answer: bytes, code: int
) -> None:
    _setting(repository, marker)
    done, said = said_on_a_terminal(repository.root, answer, "trust")
    assert done == code
    assert 'python = "tools/run"  is tracked by git' in said
    assert sloptest(repository.root, "trust").returncode == code


def test_a_clone_starts_without_approvals_and_worktrees_share_them(
    repository: Repository, marker: Path, tmp_path: Path
) -> None:
    _setting(repository, marker)
    repository.git("commit", "-q", "-m", "x")
    sloptest(repository.root, "trust", "--yes")
    repository.git("worktree", "add", "-q", "../beside")
    repository.git("clone", "-q", ".", "../cloned")

    assert sloptest(tmp_path / "beside", "trust").returncode == 0
    assert sloptest(tmp_path / "cloned", "trust").returncode == 1


def test_where_nothing_is_demanded_nothing_is_asked_and_nothing_kept(
    repository: Repository,
) -> None:
    repository.stage("pyproject.toml", '[tool.sloptest]\npolicy = "block"\npython = "python3"\n')
    done = sloptest(repository.root, "trust")
    assert (done.returncode, done.stdout) == (
        0,
        "sloptest: nothing in this repository's configuration needs your approval\n",
    )
    assert not (repository.root / ".git/sloptest").exists()


def test_json_lists_what_is_demanded(repository: Repository, marker: Path) -> None:
    _setting(repository, marker)
    done = sloptest(repository.root, "trust", "--json")
    (demand,) = json.loads(done.stdout)["demands"]
    assert (done.returncode, demand["key"], demand["approved"]) == (1, "python", False)


def test_env_says_whether_the_configuration_is_trusted(project: Project) -> None:
    def line() -> str:
        said = sloptest(project.root, "env").stdout.splitlines()
        return next(each for each in said if each.startswith("configuration"))

    assert f'trusted: python = "{project.python}"' in line()
    sloptest(project.root, "trust", "--revoke")
    assert f'not trusted: python = "{project.python}"; look' in line()


def test_variables_of_the_repository_wait_for_approval(project: Project) -> None:
    text = (project.root / "pyproject.toml").read_text()
    project.stage("pyproject.toml", f"{text}[tool.sloptest.coverage]\nenv = {{ A = '1' }}\n")
    project.stage("shop/cart.py", "import os\n\n\ndef total(prices):\n    return os.environ['A']\n")
    done = project.hook()
    assert '`coverage.env = [["A", "1"]]` of pyproject.toml sets variables' in done.stdout


def test_a_directory_that_leads_out_of_the_repository_waits_for_approval(
    repository: Repository,
) -> None:
    (repository.root / "more").symlink_to("..")
    text = "[tool.sloptest.coverage]\nappend-pythonpath = ['more']\n"
    repository.stage("pyproject.toml", text)
    done = sloptest(repository.root, "trust")
    assert 'coverage.append-pythonpath = ["more"]  leads to' in done.stdout
    assert done.returncode == 1
