"""``sloptest generate``: the work of the hook by hand, on the working tree."""

import json
import subprocess
import sys

import pytest

from tests.conftest import Project
from tests.test_commit import DISCOUNT

CART = (
    "def total(prices):\n    return sum(prices)\n\n\ndef count(prices):\n    return len(prices)\n"
)


def generate(project: Project, *words: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        (sys.executable, "-m", "sloptest_hook", "generate", *words),
        cwd=project.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def test_what_is_new_in_the_working_tree_gets_tests_that_nobody_stages(project: Project) -> None:
    project.write("shop/pricing.py", DISCOUNT)  # never added
    project.write("shop/cart.py", CART)
    index = project.git("ls-files", "-s")

    said = generate(project).stdout

    assert "2 symbols; done" in said
    assert project.git("ls-files", "-s") == index
    assert "def test_discount" in (project.root / "tests" / "test_pricing.py").read_text()
    assert "def test_count" in (project.root / "tests" / "test_cart.py").read_text()
    assert project.report()["mode"] == "by-hand"
    assert "nothing to" not in generate(project).stdout
    assert project.statuses() == {"count": "covered", "discount": "covered"}


@pytest.mark.slow
def test_named_files_get_tests_for_all_that_is_in_them_and_nothing_else_does(
    project: Project,
) -> None:
    project.commit({"shop/pricing.py": DISCOUNT, "shop/cart.py": CART})
    project.write("shop/cart.py", CART + "\n\ndef last(prices):\n    return prices[-1]\n")

    generate(project, "shop/pricing.py")

    assert project.statuses() == {"discount": "generated"}
    assert project.git("status", "--short").splitlines() == [
        " M shop/cart.py",
        "?? tests/test_pricing.py",
    ]


@pytest.mark.slow
def test_a_test_file_that_is_being_edited_keeps_every_byte_of_the_edit(project: Project) -> None:
    project.stage("shop/cart.py", CART)
    tests = project.root / "tests" / "test_cart.py"
    edited = tests.read_text() + "\n\ndef test_mine():\n    assert total([1]) == 1  # not staged\n"
    tests.write_text(edited)

    generate(project, "shop/cart.py")

    lines = iter(tests.read_text().splitlines())
    assert all(line in lines for line in edited.splitlines())
    assert "def test_count" in tests.read_text()
    assert "test_mine" not in project.git("show", ":tests/test_cart.py")


@pytest.mark.slow
def test_with_stage_the_tests_are_in_the_index_and_nothing_else_is(project: Project) -> None:
    project.write("shop/pricing.py", DISCOUNT)

    generate(project, "--stage")

    assert project.git("diff", "--cached", "--name-only") == "tests/test_pricing.py"
    assert project.report()["files_staged"] == ["tests/test_pricing.py"]


def test_a_dry_run_prints_a_patch_and_writes_nothing(project: Project) -> None:
    project.write("shop/pricing.py", DISCOUNT)

    patch = generate(project, "--dry-run").stdout

    assert patch.startswith("--- /dev/null\n+++ b/tests/test_pricing.py\n")
    assert project.git("status", "--short") == "?? shop/pricing.py"


@pytest.mark.slow
def test_in_the_middle_of_a_merge_it_works_as_ever(project: Project) -> None:
    project.git("checkout", "-q", "-b", "topic")
    project.commit({"shop/pricing.py": DISCOUNT})
    project.git("checkout", "-q", "-")
    project.git("merge", "-q", "--no-ff", "--no-commit", "topic")

    assert "1 symbol; done" in generate(project, "shop/pricing.py").stdout


def test_a_file_that_is_not_there_is_wrong_usage(project: Project) -> None:
    done = subprocess.run(
        (sys.executable, "-m", "sloptest_hook", "generate", "--json", "nowhere.py"),
        cwd=project.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "nowhere.py: there is no such file" in done.stderr


def test_policy_stops_commits_and_not_people(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLOPTEST_POLICY", "block")
    project.write(
        "shop/odd.py", "import socket\n\n\ndef odd(host):\n    socket.create_connection(host)\n"
    )

    document = json.loads(generate(project, "--json").stdout)

    assert document["decision"] == "block"
    assert document["exit_code"] == 0
