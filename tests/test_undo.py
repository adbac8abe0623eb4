"""``sloptest undo`` as a developer meets it after a commit."""

import json
import subprocess
import sys

from tests.conftest import Project
from tests.test_commit import DISCOUNT


def undo(project: Project, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        (sys.executable, "-m", "sloptest_hook", "undo", *words),
        cwd=project.root,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_tests_of_a_commit_are_taken_out_of_it(project: Project) -> None:
    project.stage("shop/pricing.py", DISCOUNT)
    project.git("commit", "-q", "-m", "pricing")
    done = undo(project)
    project.git("commit", "-q", "--amend", "--no-edit", "--no-verify")

    assert (done.returncode, done.stdout) == (0, "sloptest: removed tests/test_pricing.py\n")
    assert project.files_of_commit() == ["shop/pricing.py"]
    assert project.git("status", "--porcelain") == ""


def test_an_edited_test_is_left_and_the_shell_sees_it(project: Project) -> None:
    project.stage("shop/pricing.py", DISCOUNT)
    project.git("commit", "-q", "-m", "pricing")
    mine = project.committed("tests/test_pricing.py") + "# mine\n"
    project.write("tests/test_pricing.py", mine)
    done = undo(project, "--json")

    assert done.returncode == 1
    assert json.loads(done.stdout)["left"] == [
        {"path": "tests/test_pricing.py", "reason": "was edited since"}
    ]
    assert (project.root / "tests/test_pricing.py").read_text() == mine


def test_without_a_run_there_is_nothing_to_take_out(project: Project) -> None:
    done = undo(project)

    assert done.returncode == 0
    assert done.stdout == (
        "sloptest: the last run has written nothing that is still to be taken out\n"
    )
