"""A broken world: one clear line each, nothing of the user's changed, nothing left behind."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Project, approve
from tests.shares import share
from tests.test_commit import DISCOUNT

Breaker = Callable[[Project], None]


def _syntax_error(project: Project) -> None:
    project.stage("shop/broken.py", "def half(:\n    return 1\n")


def _not_utf8(project: Project) -> None:
    project.stage("shop/broken.py", b"def name():\n    return '\xe9t\xe9'\n")


def _huge(project: Project) -> None:
    project.stage("shop/broken.py", "def one():\n    return 1\n" + "# filler\n" * 600_000)


def _no_interpreter(project: Project) -> None:
    project.configure(python="no/such/python")
    project.stage("shop/broken.py", DISCOUNT)


def _import_fails(project: Project) -> None:
    project.stage("shop/broken.py", "import no_such_module\n\n\ndef one():\n    return 1\n")


def _import_exits(project: Project) -> None:
    project.stage("shop/broken.py", "import sys\n\nsys.exit(3)\n\n\ndef one():\n    return 1\n")


def _import_hangs(project: Project) -> None:
    project.configure(time_budget=10)
    project.stage("shop/broken.py", "while True:\n    pass\n\n\ndef one():\n    return 1\n")


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        pytest.param(_syntax_error, ["shop/broken.py:1", "does not parse"], id="syntax error"),
        pytest.param(_not_utf8, ["shop/broken.py", "utf-8"], id="not UTF-8"),
        pytest.param(_huge, ["shop/broken.py", "too large"], id="5 MB"),
        pytest.param(_no_interpreter, ["no/such/python", "python"], id="no interpreter"),
        pytest.param(_import_fails, ["shop.broken", "no_such_module"], id="import fails"),
        pytest.param(_import_exits, ["shop.broken", "exit"], id="import calls sys.exit"),
        pytest.param(_import_hangs, ["shop.broken"], id="import hangs"),
    ],
)
@pytest.mark.parametrize("on_error", share(["warn", "block"], 2))
def test_a_broken_file_is_named_and_the_commit_follows_the_settings(
    project: Project, broken: Breaker, words: list[str], on_error: str
) -> None:
    broken(project)
    staged = project.git("ls-files", "-s")
    tree = _files(project.root)

    env = {"SLOPTEST_ON_ERROR": on_error, "SLOPTEST_POLICY": on_error}
    done = project.hook(env=env)

    said = (done.stdout + done.stderr).lower()
    assert [word for word in words if word.lower() not in said] == [], said
    assert "traceback" not in said
    assert done.returncode == (1 if on_error == "block" else 0)
    assert project.git("ls-files", "-s") == staged
    assert _files(project.root) == tree


def test_tests_that_do_not_collect_are_named_and_left_alone(project: Project) -> None:
    broken = "from shop.cart import nothing_of_that_name\n"
    project.stage("tests/test_cart.py", broken)
    project.stage("shop/cart.py", "def total(prices):\n    return sum(list(prices))\n")
    done = project.hook(env={"SLOPTEST_POLICY": "block"})

    assert done.returncode == 0, "what the broken tests cover is not known: no reason to block"
    assert "tests/test_cart.py: pytest cannot collect it" in done.stdout
    assert "nothing_of_that_name" in done.stdout
    assert project.staged_text("tests/test_cart.py") == broken


@pytest.mark.slow
def test_tests_go_beside_a_file_that_does_not_parse_and_a_note_says_so(project: Project) -> None:
    broken = "from shop.cart import total\n\n\ndef test_total(:\n"
    project.stage("tests/test_cart.py", broken)
    project.stage("shop/cart.py", "def total(prices):\n    return sum(list(prices))\n")
    done = project.hook()

    assert project.staged_text("tests/test_cart.py") == broken
    assert "def test_total" in project.staged_text("tests/test_cart_generated.py")
    assert "note: tests/test_cart.py " in done.stdout
    assert "; the new tests are in tests/test_cart_generated.py instead" in done.stdout


@pytest.mark.parametrize("name", ["link.py", "module.py"])
def test_what_is_no_regular_file_is_left_alone(project: Project, name: str) -> None:
    if name == "link.py":
        (project.root / name).symlink_to("shop/cart.py")
        project.git("add", name)
    else:
        other = project.root.parent / "other"
        subprocess.run(("git", "init", "-q", str(other)), check=True)
        commit = ("git", "-C", str(other), "commit", "-q", "--allow-empty", "-m", "x")
        subprocess.run(commit, check=True)
        project.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other), name)
    done = project.hook()

    assert done.returncode == 0, done.stderr
    assert name in done.stdout or done.stdout == ""


def test_the_first_commit_of_a_repository_gets_tests_too(project: Project, tmp_path: Path) -> None:
    root = tmp_path / "fresh"
    root.mkdir()
    fresh = Project(root, project.python)
    fresh.git("init", "-q", "-b", "main")
    fresh.stage("pyproject.toml", f'[tool.sloptest]\npython = "{project.python}"\n')
    fresh.stage("pricing.py", DISCOUNT)
    approve(root)
    done = fresh.hook()

    assert done.returncode == 0, done.stderr
    assert fresh.git("diff", "--cached", "--name-only").split() == [
        "pricing.py",
        "pyproject.toml",
        "tests/test_pricing.py",
    ]


@pytest.mark.parametrize("kind", ["bare repository", "not in a git repository"])
@pytest.mark.parametrize(("on_error", "code"), [("warn", 0), ("block", 1)])
def test_without_a_working_tree_one_line_says_so(
    tmp_path: Path, kind: str, on_error: str, code: int
) -> None:
    if kind == "bare repository":
        subprocess.run(("git", "init", "-q", "--bare", str(tmp_path)), check=True)
    done = subprocess.run(
        (sys.executable, "-m", "sloptest_hook", "hook"),
        cwd=tmp_path,
        env={**os.environ, "SLOPTEST_ON_ERROR": on_error},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code
    assert kind in done.stdout
    assert "Traceback" not in done.stderr


def test_a_wrong_configuration_stops_the_commit_before_any_work(project: Project) -> None:
    project.commit({"pyproject.toml": '[tool.sloptest]\npolicy = "blok"\n'})
    done = project.hook()
    assert done.returncode == 2
    assert "blok" in done.stderr
    assert "block" in done.stderr


def test_a_git_dir_that_cannot_be_written_costs_no_commit(project: Project) -> None:
    room = project.root / ".git" / "sloptest"
    shutil.rmtree(room, ignore_errors=True)
    room.write_text("a file where the directory should be")
    project.stage("shop/pricing.py", DISCOUNT)
    done = project.hook()

    assert done.returncode == 0
    assert "sloptest: problem" in done.stdout
    assert ".git/sloptest" in done.stdout
    assert project.git("diff", "--cached", "--name-only") == "shop/pricing.py"


def test_missing_pytest_is_said_with_the_command_that_installs_it(
    project: Project, tmp_path: Path
) -> None:
    subprocess.run((sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "e")), check=True)
    bare = tmp_path / "e" / "bin" / "python"
    project.commit({"pyproject.toml": f'[tool.sloptest]\npython = "{bare}"\n'})
    approve(project.root)
    project.stage("shop/pricing.py", DISCOUNT)
    done = project.hook(env={"SLOPTEST_POLICY": "block"})

    assert done.returncode == 0, "an estimate never blocks"
    assert f"{bare} -m pip install pytest" in done.stdout
    assert project.report()["symbols"][0]["status"] == "uncovered"


def test_a_pytest_that_does_not_start_is_one_problem_and_no_test_is_blamed(
    project: Project,
) -> None:
    project.stage("pytest.ini", "[pytest]\naddopts = --no-such-option\n")
    project.stage("shop/pricing.py", DISCOUNT)
    done = project.hook()

    assert "--no-such-option" in done.stdout
    assert "does not start in this project" in done.stdout
    assert len([line for line in done.stdout.splitlines() if "problem" in line]) == 1
    assert project.statuses() == {"discount": "uncovered"}


def _files(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".git" not in path.parts
    }
