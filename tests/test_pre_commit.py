"""The hook under real pre-commit: a local entry, and the manifest of this repository."""

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Project, passes_under_pytest
from tests.test_commit import DISCOUNT

CONFIG = f"""\
repos:
- repo: local
  hooks:
  - id: sloptest
    name: sloptest
    language: system
    entry: {shlex.quote(sys.executable)} -m sloptest_hook hook
    types: [python]
    require_serial: true
    verbose: true
"""
PRE_COMMIT = (sys.executable, "-m", "pre_commit")
MANIFEST_OWNER = Path(__file__).parent.parent


@pytest.fixture
def under_pre_commit(project: Project) -> Project:
    project.commit({".pre-commit-config.yaml": CONFIG})
    (project.root / ".git" / "hooks" / "pre-commit").unlink()
    subprocess.run((*PRE_COMMIT, "install"), cwd=project.root, check=True, capture_output=True)
    return project


def test_tests_are_in_the_same_commit(under_pre_commit: Project, tmp_path: Path) -> None:
    project = under_pre_commit
    project.stage("shop/pricing.py", DISCOUNT)
    done = project.git_result("commit", "-m", "pricing")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "generated" in done.stdout + done.stderr, "verbose: true shows what was done"
    assert project.files_of_commit() == ["shop/pricing.py", "tests/test_pricing.py"]
    project.git("clone", "-q", str(project.root), str(tmp_path / "clone"))
    passes_under_pytest(project.python, tmp_path / "clone")


@pytest.mark.slow
def test_unstaged_work_is_neither_read_nor_lost(under_pre_commit: Project) -> None:
    project = under_pre_commit
    project.stage("shop/pricing.py", DISCOUNT)
    project.write("shop/pricing.py", DISCOUNT + "\nUNSTAGED = 1\n")
    project.write("shop/cart.py", "work in progress\n")
    project.write("tests/test_notes.py", "untracked\n")
    done = project.git_result("commit", "-m", "pricing")

    assert done.returncode == 0, done.stdout + done.stderr
    assert project.files_of_commit() == ["shop/pricing.py", "tests/test_pricing.py"]
    assert (project.root / "shop/pricing.py").read_text() == DISCOUNT + "\nUNSTAGED = 1\n"
    assert (project.root / "shop/cart.py").read_text() == "work in progress\n"
    assert (project.root / "tests/test_notes.py").read_text() == "untracked\n"


@pytest.mark.slow
def test_a_test_file_with_unstaged_changes_is_not_touched(under_pre_commit: Project) -> None:
    project = under_pre_commit
    mine = project.committed("tests/test_cart.py") + "\n# not finished\n"
    project.stage("shop/cart.py", "def total(prices):\n    return sum(prices)\n\n" + DISCOUNT)
    project.write("tests/test_cart.py", mine)
    done = project.git_result("commit", "-m", "discount")

    assert done.returncode == 0, done.stdout + done.stderr
    assert (project.root / "tests/test_cart.py").read_text() == mine
    assert "tests/test_cart.py" not in project.files_of_commit()
    assert project.statuses()["discount"] == "generated"


def test_skip_skips(under_pre_commit: Project) -> None:
    project = under_pre_commit
    project.stage("shop/pricing.py", DISCOUNT)
    project.git("commit", "-q", "-m", "pricing", env={"SKIP": "sloptest"})
    assert project.files_of_commit() == ["shop/pricing.py"]


def test_all_files_backfills_the_repository(under_pre_commit: Project) -> None:
    project = under_pre_commit
    project.commit({"shop/pricing.py": DISCOUNT})
    done = subprocess.run(
        (*PRE_COMMIT, "run", "sloptest", "--all-files"),
        cwd=project.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert project.git("diff", "--cached", "--name-only") == "tests/test_pricing.py", done.stdout
    assert project.statuses() == {"discount": "generated", "total": "covered"}


def test_the_manifest_works_from_a_repository(project: Project, tmp_path: Path) -> None:
    """``pre-commit try-repo`` builds the hook's environment from this very source."""
    source = tmp_path / "sloptest-hook"
    shutil.copytree(
        MANIFEST_OWNER,
        source,
        ignore=shutil.ignore_patterns(".git", ".venv", "*cache*", "tests", "__pycache__"),
    )
    subprocess.run(("git", "init", "-q", "-b", "main", str(source)), check=True)
    subprocess.run(("git", "-C", str(source), "add", "-A"), check=True)
    subprocess.run(("git", "-C", str(source), "commit", "-q", "-m", "source"), check=True)

    project.stage("shop/pricing.py", DISCOUNT)
    done = subprocess.run(
        (*PRE_COMMIT, "try-repo", str(source), "sloptest", "--verbose"),
        cwd=project.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert project.statuses() == {"discount": "generated"}
    assert "tests/test_pricing.py" in project.git("diff", "--cached", "--name-only")
