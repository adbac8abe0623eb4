"""What a commit would get, as a patch: nothing is written."""

import json
from pathlib import Path

from sloptest_hook.commands.tree import parser
from tests.conftest import Project
from tests.test_commit import DISCOUNT

CART = (
    "def total(prices):\n    return sum(prices)\n\n\ndef count(prices):\n    return len(prices)\n"
)


def state_of(project: Project) -> dict[Path, bytes]:
    """Return every byte of the working tree and of git's own files: index, refs, configuration.

    Reading the staged tree leaves objects behind that nothing points to, as git itself does.
    """
    git = project.root / ".git"
    files = (path for path in project.root.rglob("*") if path.is_file())
    unseen = {git / "sloptest", git / "objects"}
    return {path: path.read_bytes() for path in files if not unseen & {*path.parents}}


def test_a_dry_run_prints_a_patch_and_changes_nothing(project: Project) -> None:
    project.stage("shop/pricing.py", DISCOUNT)
    project.stage("shop/cart.py", CART)
    before = state_of(project)
    done = project.hook("--dry-run")

    assert state_of(project) == before
    assert done.returncode == 0
    assert done.stdout.startswith("--- a/tests/test_cart.py\n+++ b/tests/test_cart.py\n@@ ")
    assert "--- /dev/null\n+++ b/tests/test_pricing.py\n@@ -0,0 +1," in done.stdout
    assert "would be written for 2 symbols; nothing was changed" in done.stderr
    report = project.report()
    assert report["mode"] == "dry-run"
    assert report["files_staged"] == []
    assert report["patch"] == done.stdout

    project.write("../tests.patch", done.stdout)
    project.git("apply", "--index", "../tests.patch")
    again = project.hook("--dry-run", "--json")
    assert json.loads(again.stdout)["patch"] == ""
    assert project.statuses() == {"count": "covered", "discount": "covered"}


def test_the_flag_has_two_names() -> None:
    assert parser().parse_args(["hook", "--dry-run"]).dry_run
    assert parser().parse_args(["hook", "--merge-dry-run"]).dry_run
    assert not parser().parse_args(["hook"]).dry_run
