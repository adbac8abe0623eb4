"""A range of commits: reported on, judged by the policy, never written to."""

import subprocess

import pytest

from tests.conftest import Project
from tests.test_commit import DISCOUNT
from tests.test_pre_commit import CONFIG, PRE_COMMIT


def look(project: Project, first: str, last: str = "HEAD") -> subprocess.CompletedProcess[str]:
    """Have real pre-commit look at a range."""
    words = (*PRE_COMMIT, "run", "sloptest", "--from-ref", first, "--to-ref", last)
    return subprocess.run(words, cwd=project.root, capture_output=True, text=True, check=False)


@pytest.fixture
def history(project: Project) -> Project:
    """Three commits past ``first``: an untested function, a tested one, and a change of neither."""
    project.commit({".pre-commit-config.yaml": CONFIG})
    project.git("tag", "first")
    project.commit({"shop/pricing.py": DISCOUNT}, "untested")
    project.commit(
        {
            "shop/tax.py": "def tax(n):\n    return n // 5\n",
            "tests/test_tax.py": (
                "from shop.tax import tax\n\n\ndef test_tax():\n    assert tax(10) == 2\n"
            ),
        },
        "tested",
    )
    project.git("tag", "last")
    project.commit({"shop/pricing.py": "", "notes.txt": "later\n"}, "gone again")
    return project


def test_new_symbols_of_the_range_are_measured_on_its_last_tree(history: Project) -> None:
    history.write("shop/tax.py", "unstaged = work\n")
    before = history.git("status", "--porcelain")
    done = look(history, "first", "last")

    assert done.returncode == 0, done.stdout + done.stderr
    assert history.statuses() == {"discount": "uncovered", "tax": "covered"}
    assert history.report()["mode"] == "range"
    assert "a range of commits is looked at and not written to" in done.stdout
    assert "the range passes, with this warning" in done.stdout
    assert history.git("status", "--porcelain") == before
    assert (history.root / "shop/tax.py").read_text() == "unstaged = work\n"


def test_a_range_may_be_typed_and_told_to_github(history: Project) -> None:
    done = history.hook("--from-ref", "last~1", "--to-ref", "last", "--format=github")
    assert "::" not in done.stdout, done.stdout
    assert history.statuses() == {"tax": "covered"}

    done = history.hook("--from-ref", "first", "--to-ref", "last~1", "--format=github")

    first, *more = done.stdout.splitlines()
    assert first.startswith("::warning file=shop/pricing.py,line=2,endLine=")
    assert "the range passes, with this warning" in more[-1]
    assert history.hook("--to-ref", "last").returncode == 2


@pytest.mark.parametrize(("first", "code"), [("first", 1), ("last~1", 0)])
def test_the_policy_decides_on_the_range(history: Project, first: str, code: int) -> None:
    done = history.hook(
        env={
            "PRE_COMMIT_FROM_REF": first,
            "PRE_COMMIT_TO_REF": "last",
            "SLOPTEST_POLICY": "block",
        }
    )

    assert done.returncode == code, done.stdout + done.stderr
    assert ("the range does not pass" in done.stdout) is bool(code)


def test_a_range_begins_where_the_branches_part(history: Project) -> None:
    history.git("switch", "-q", "-c", "other", "first")
    history.commit({"shop/other.py": "def other():\n    return 1\n"}, "elsewhere")
    history.hook(env={"PRE_COMMIT_FROM_REF": "other", "PRE_COMMIT_TO_REF": "last"})

    assert history.statuses() == {"discount": "uncovered", "tax": "covered"}


def test_a_range_is_looked_at_in_the_middle_of_a_merge(history: Project) -> None:
    (history.root / ".git" / "MERGE_HEAD").write_text(history.git("rev-parse", "first") + "\n")
    history.hook(env={"PRE_COMMIT_FROM_REF": "first", "PRE_COMMIT_TO_REF": "last"})

    assert history.statuses() == {"discount": "uncovered", "tax": "covered"}


@pytest.mark.parametrize("name", ["nowhere", "--help", "0" * 40])
def test_an_unknown_commit_is_named(history: Project, name: str) -> None:
    done = history.hook(env={"PRE_COMMIT_FROM_REF": name})

    assert done.returncode == 0
    assert f"{name!r} is no commit of this repository" in done.stdout
    assert "Traceback" not in done.stderr
